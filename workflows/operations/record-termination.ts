/** A case whose workflow was terminated can write nothing any more: this does it in its place. */
import { records } from '../stages/proxies.js';

export async function recordTermination({ applicationId }: { applicationId: string }): Promise<void> {
  await records.closeCase({ applicationId, outcome: 'terminated' });
}
