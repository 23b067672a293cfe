/** 证书变更 (G: business.md, "Change, reissue, revocation"): another name or code, the same end of validity. */
import { defineBusiness } from './definition.js';

export const change = defineBusiness({
  slug: 'change',
  zh: '证书变更',
  en: 'Change of name or code',
  numberPrefix: 'BG',
  about: 'certificate',
  ways: {
    window: {
      materials: ['application-form', 'licence', 'agent-id'],
      proof: 'in-person',
      stages: ['fee-confirmation', 'window-payment', 'review', 'correction', 'issuance', 'hand-over'],
      ends: { zh: '窗口领取', en: 'handed over at the window' },
    },
  },
  agreements: ['subscriber-agreement', 'personal-data'],
  fees: () => [{ code: 'change', quantity: 1 }],
  issues: { validity: 'unchanged', token: 'same', encryptionKey: 'new' },
  causes: [],
  deadlineDays: { 'fee-confirmation': 1, 'window-payment': 1, review: 3, correction: 30, issuance: 1, 'hand-over': 1 },
});
