/** 证书解锁: a forgotten or locked PIN, through customer service. Rules: business.md, "Unlock". */
import type { Outcome } from '#domain';
import type { CaseInput } from '../contract/index.js';
import { runCase } from '../stages/index.js';

export async function unlock(input: CaseInput): Promise<Outcome> {
  return runCase(input, async (stage) => {
    await stage.approveUnlock(); // the registered phone was called back; a second person says yes
    await stage.unlockToken(); // one code, one token, one hour
    await stage.finish();
    await stage.tellUnlocked(); // to the registered phone, so that nobody is unlocked without knowing
    return 'unlocked';
  });
}
