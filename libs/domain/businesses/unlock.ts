/** 证书解锁 (G: business.md, "Unlock"): only through customer service. D: a call-back, a second person, a code that is good once. */
import { defineBusiness } from './definition.js';

export const unlock = defineBusiness({
  slug: 'unlock',
  zh: '证书解锁',
  en: 'Unlocking of a token',
  numberPrefix: 'JS',
  about: 'certificate',
  ways: {
    telephone: {
      materials: [],
      proof: 'call-back',
      stages: ['approval', 'unlocking'],
      ends: { zh: '持有人在证书助手中输入解锁码，设置新口令', en: 'the holder types the code in the assistant and sets a new PIN' },
    },
  },
  agreements: [],
  fees: () => [],
  issues: null,
  causes: [],
  // A call-back of yesterday proves nothing today; a code lives for one hour.
  deadlineDays: { approval: 1, unlocking: 1 / 24 },
});
