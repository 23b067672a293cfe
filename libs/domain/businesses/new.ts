/** 证书新办 (G: business.md, "New, online", "New, window" and the table "What is applied for"). */
import { defineBusiness } from './definition.js';

export const newCertificate = defineBusiness({
  slug: 'new',
  zh: '证书新办',
  en: 'New certificate',
  numberPrefix: 'XB',
  about: 'organisation',
  ways: {
    online: {
      materials: ['application-form', 'licence', 'agent-id'],
      proof: 'corporate-transfer',
      stages: ['phone-verification', 'review', 'correction', 'payment', 'issuance', 'dispatch'],
      ends: { zh: '周五绑定并寄出', en: 'bound and mailed on a Friday' },
    },
    window: {
      materials: ['application-form', 'licence', 'agent-id'],
      proof: 'in-person',
      stages: ['window-payment', 'review', 'correction', 'issuance', 'dispatch'],
      ends: { zh: '周五绑定并寄出', en: 'bound and mailed on a Friday' },
    },
  },
  agreements: ['subscriber-agreement', 'personal-data'],
  fees: ({ count, years }) => [
    { code: 'opening', quantity: count },
    { code: 'annual-service', quantity: count * years },
  ],
  issues: { validity: 'from-issue', token: 'new', encryptionKey: 'new' },
  causes: [],
  deadlineDays: { 'phone-verification': 7, 'window-payment': 1, review: 3, correction: 30, payment: 30, issuance: 1 },
});
