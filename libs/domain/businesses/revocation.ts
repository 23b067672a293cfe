/** 证书吊销 (G: business.md, "Change, reissue, revocation"). D: by telephone it is a suspension of a day, made final by the stamped form. */
import { defineBusiness } from './definition.js';

export const revocation = defineBusiness({
  slug: 'revocation',
  zh: '证书吊销',
  en: 'Revocation',
  numberPrefix: 'DX',
  about: 'certificate',
  ways: {
    window: {
      materials: ['application-form', 'agent-id'],
      proof: 'in-person',
      stages: ['review', 'correction'],
      ends: { zh: '工作人员吊销，OCSP 即时生效，列入下一期吊销列表', en: 'revoked by staff: at once in OCSP, and on the next list' },
    },
    telephone: {
      materials: ['application-form', 'agent-id'],
      proof: 'call-back',
      stages: ['suspension', 'review', 'correction'],
      ends: {
        zh: '24 小时内交来盖章申请表：吊销或解除冻结；未交来的，自动解除冻结',
        en: 'revoked or lifted by the stamped form within 24 hours; without it, lifted',
      },
    },
  },
  agreements: [],
  fees: () => [],
  issues: null,
  causes: ['lost', 'unused'],
  deadlineDays: { suspension: 1, review: 1, correction: 30 },
});
