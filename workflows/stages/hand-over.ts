/** At the window: the token is handed over and signed for, and a receipt is printed. */
import { condition } from '@temporalio/workflow';
import { signHandOver } from '../contract/index.js';
import type { Case } from './case.js';
import { documents, outside, records } from './proxies.js';
import { onUpdate, refuseUnless } from './updates.js';

export async function handOver(current: Case): Promise<void> {
  const { applicationId } = current;
  const until = current.deadline('hand-over');
  let signed = false;
  onUpdate(
    signHandOver,
    async ({ by }) => {
      await records.signHandOver({ applicationId, by });
      signed = true;
    },
    () => refuseUnless(current.stage === 'hand-over' && !signed, 'STAGE_REFUSES'),
  );
  await records.openHandOver({ applicationId, until: until.toISOString() });
  current.enter('hand-over', 'clerk', until);
  await current.attempt(() => documents.printReceipt({ applicationId }));
  await condition(() => signed);
  await current.attempt(() => outside.sendSms({ applicationId, template: 'handed-over', onceKey: 'handed-over' }));
}
