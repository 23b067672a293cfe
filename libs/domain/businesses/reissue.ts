/** 证书补办 (G: business.md, "Change, reissue, revocation"): a new token for one that is lost or damaged, the same end of validity. */
import { defineBusiness } from './definition.js';

export const reissue = defineBusiness({
  slug: 'reissue',
  zh: '证书补办',
  en: 'Reissue on a new token',
  numberPrefix: 'BB',
  about: 'certificate',
  ways: {
    window: {
      materials: ['application-form', 'agent-id'],
      proof: 'in-person',
      stages: ['window-payment', 'review', 'correction', 'key-recovery', 'issuance', 'hand-over'],
      ends: { zh: '窗口领取', en: 'handed over at the window' },
    },
  },
  agreements: ['subscriber-agreement', 'personal-data'],
  fees: () => [{ code: 'reissue', quantity: 1 }],
  issues: { validity: 'unchanged', token: 'new', encryptionKey: 'recovered' },
  causes: ['lost', 'damaged'],
  deadlineDays: { 'window-payment': 1, review: 3, correction: 30, 'key-recovery': 1, issuance: 1, 'hand-over': 1 },
});
