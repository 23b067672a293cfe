/** The encryption key comes back from escrow: two persons approve, neither of whom has had the case in hand. */
import { condition } from '@temporalio/workflow';
import { approveKeyRecovery as approveUpdate } from '../contract/index.js';
import type { Case } from './case.js';
import { records } from './proxies.js';
import { onUpdate, refuseUnless } from './updates.js';

const PERSONS = 2;

export async function approveKeyRecovery(current: Case): Promise<void> {
  const { applicationId } = current;
  const until = current.deadline('key-recovery');
  const persons = new Set<string>();
  let approvals = 0;
  onUpdate(
    approveUpdate,
    async ({ by }) => {
      persons.add(by);
      const counted = await records.approveKeyRecovery({ applicationId, by });
      // Two at once are counted one after the other, and may be told in the other order.
      approvals = Math.max(approvals, counted.approvals);
      return counted;
    },
    ({ by }) => {
      refuseUnless(current.stage === 'key-recovery' && approvals < PERSONS, 'STAGE_REFUSES');
      refuseUnless(!current.hands.has(by), 'FOUR_EYES');
      refuseUnless(!persons.has(by), 'ALREADY_DECIDED');
    },
  );
  await records.openKeyRecovery({ applicationId, until: until.toISOString() });
  current.enter('key-recovery', 'supervisor', until);
  await condition(() => approvals >= PERSONS);
}
