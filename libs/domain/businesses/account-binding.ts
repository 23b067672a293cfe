/**
 * 账号绑定 (G: business.md, "Account binding"): one role account of the platform is tied to a certificate. The platform's own administrator
 * decides, so nobody of the office reviews it; whoever knows the account's password at the platform has proven to be its holder.
 */
import { defineBusiness } from './definition.js';

export const accountBinding = defineBusiness({
  slug: 'account-binding',
  zh: '账号绑定',
  en: 'Account binding',
  numberPrefix: 'BD',
  about: 'certificate',
  ways: {
    online: {
      materials: [],
      proof: 'platform-password',
      stages: ['platform-approval'],
      ends: { zh: '平台审核通过后，功能及数据权限即时开通', en: 'functions and data rights open at once when the platform approves' },
    },
  },
  agreements: [],
  fees: () => [],
  issues: null,
  causes: [],
  // D: after that it stands as overdue. It is not closed: only the platform knows what it has opened.
  deadlineDays: { 'platform-approval': 10 },
});
