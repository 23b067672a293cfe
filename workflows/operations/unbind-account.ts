/** 解绑: what a case has bound is taken back at the platform, at its holder's wish; nobody has to approve that. */
import type { UnbindingInput } from '../contract/index.js';
import { outside } from '../stages/proxies.js';

export async function unbindAccount({ applicationId, by }: UnbindingInput): Promise<void> {
  await outside.unbindAccount({ applicationId, by });
  await outside.sendSms({ applicationId, template: 'account-unbound', onceKey: 'account-unbound' });
}
