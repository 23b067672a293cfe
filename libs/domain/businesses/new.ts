/** 证书新办 (G: business.md, "New, online" and the table "What is applied for"). */
import { defineBusiness } from './definition.js';

export const newCertificate = defineBusiness({
  slug: 'new',
  zh: '证书新办',
  en: 'New certificate',
  numberPrefix: 'XB',
  channels: ['online'],
  materials: { online: ['application-form', 'licence', 'agent-id'] },
  agreements: ['subscriber-agreement', 'personal-data'],
  fees: ({ count, years }) => [
    { code: 'opening', quantity: count },
    { code: 'annual-service', quantity: count * years },
  ],
  proof: 'corporate-transfer',
  stages: ['phone-verification', 'review', 'correction', 'payment', 'issuance', 'dispatch'],
  deadlineDays: { 'phone-verification': 7, review: 3, correction: 30, payment: 30, issuance: 1 },
});
