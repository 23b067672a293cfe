/** 账号绑定: one role account and the platform's decision on it. Rules: business.md, "Account binding". */
import type { Outcome } from '#domain';
import type { CaseInput } from '../contract/index.js';
import { runCase } from '../stages/index.js';

export async function accountBinding(input: CaseInput): Promise<Outcome> {
  return runCase(input, async (stage) => {
    // The password was checked when it was given, and the case never knows it.
    if ((await stage.platformApproval()) === 'refused') return 'binding-refused';
    await stage.finish(); // functions and data rights are open
    return 'bound';
  });
}
