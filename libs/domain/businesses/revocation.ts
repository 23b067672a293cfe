/** 证书吊销 (G: business.md, "Change, reissue, revocation"). D: by telephone it is a suspension of a day, made final by the stamped form. */
import { defineBusiness } from './definition.js';

export const revocation = defineBusiness({
  slug: 'revocation',
  zh: '证书吊销',
  en: 'Revocation',
  numberPrefix: 'DX',
  about: 'certificate',
  ways: {
    window: { materials: ['application-form', 'agent-id'], proof: 'in-person', stages: ['review', 'correction'] },
    telephone: { materials: ['application-form', 'agent-id'], proof: 'call-back', stages: ['suspension', 'review', 'correction'] },
  },
  agreements: [],
  fees: () => [],
  issues: null,
  causes: ['lost', 'unused'],
  deadlineDays: { suspension: 1, review: 1, correction: 30 },
  ends: { zh: '工作人员吊销，OCSP 即时生效，列入下一期吊销列表', en: 'revoked by staff: at once in OCSP, and on the next list' },
});
