/** An operator has reset a case's workflow: the run that goes on knows nothing of it, so this writes it down beside. */
import type { ResetInput } from '../contract/index.js';
import { records } from '../stages/proxies.js';

export async function recordReset(input: ResetInput): Promise<void> {
  await records.recordReset(input);
}
