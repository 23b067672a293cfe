/** 证书更新 (G: business.md, "Renewal online, valid" and "expired", and the table "What is applied for"): two businesses, since all but their name differs. */
import { defineBusiness } from './definition.js';

const shared = {
  about: 'certificate',
  agreements: ['subscriber-agreement', 'personal-data'],
  fees: ({ years }: { years: number }) => [{ code: 'annual-service', quantity: years } as const],
  causes: [],
  deadlineDays: {
    'phone-verification': 7,
    'window-payment': 1,
    review: 3,
    correction: 30,
    payment: 30,
    installation: 90,
    issuance: 1,
    'hand-over': 1,
  },
} as const;

const MATERIALS = ['application-form', 'licence', 'agent-id'] as const;
const WINDOW = {
  materials: MATERIALS,
  proof: 'in-person',
  stages: ['window-payment', 'review', 'correction', 'issuance', 'hand-over'],
  ends: { zh: '在窗口写入证书介质后领取', en: 'written to the token and handed over at the window' },
} as const;

export const renewalWhileValid = defineBusiness({
  ...shared,
  slug: 'renewal-valid',
  zh: '证书更新（有效期内）',
  en: 'Renewal of a valid certificate',
  numberPrefix: 'GX',
  ways: {
    online: {
      materials: MATERIALS,
      proof: 'current-key',
      stages: ['phone-verification', 'review', 'correction', 'payment', 'installation'],
      ends: { zh: '由证书助手安装', en: 'installed by the assistant' },
    },
    window: WINDOW,
  },
  issues: { validity: 'added', token: 'same', encryptionKey: 'new' },
});

export const renewalAfterExpiry = defineBusiness({
  ...shared,
  slug: 'renewal-expired',
  zh: '证书更新（已过期）',
  en: 'Renewal of an expired certificate',
  numberPrefix: 'GQ',
  ways: {
    online: {
      materials: MATERIALS,
      proof: 'corporate-transfer',
      stages: ['phone-verification', 'review', 'correction', 'payment', 'installation'],
      ends: { zh: '由证书助手安装', en: 'installed by the assistant' },
    },
    window: WINDOW,
  },
  issues: { validity: 'from-issue', token: 'same', encryptionKey: 'new' },
});
