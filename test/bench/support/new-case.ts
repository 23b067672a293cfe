/** A new certificate from submission to the courier, and the bare workflows beside it. */
import { randomUUID } from 'node:crypto';
import { queues } from '#workflows/contract';
import type { Client, WorkflowHandle } from '@temporalio/client';
import { Application } from '#persistence';
import type { Office } from '../../world/office.js';
import { inParallel, type Prepared } from './drive.js';
import { watcher } from './watcher.js';

export async function runCases(office: Office, prepared: Prepared[], atOnce: number): Promise<void> {
  const reviewer = await office.staff('reviewer');
  const dispatcher = await office.staff('dispatcher');
  const watch = watcher(office, atOnce === 1 ? 20 : 100);
  const ids = await inParallel(prepared, atOnce, async ({ draftId, person, name }) => {
    const { id } = await person.post<{ id: string }>(`/api/v1/drafts/${draftId}/submission`, {}, person.key());
    await watch.reached(id, 'review');
    await reviewer.post(`/api/v1/reviews/${id}/claim`);
    await reviewer.post(`/api/v1/reviews/${id}/decision`, { outcome: 'approved' }, reviewer.key());
    await watch.reached(id, 'payment');
    const order = await person.get<{ amountFen: number; reference: string }>(`/api/v1/applications/${id}/order`);
    await office.sandbox.transfer({ payerName: name, amountFen: order.amountFen, remittance: order.reference });
    await watch.reached(id, 'dispatch');
    return id;
  });
  const { dispatchDay } = await office.data.manager.findOneByOrFail(Application, { id: ids[0] ?? '' });
  await dispatcher.post(`/api/v1/dispatches/${dispatchDay}`);
  await office.until(
    async () =>
      (
        await dispatcher.attempt('POST', `/api/v1/dispatches/${dispatchDay}/hand-over`, {
          json: {},
          headers: { 'Idempotency-Key': dispatcher.key() },
        })
      ).status === 200
        ? true
        : null,
    'the hand-over',
  );
  await Promise.all(ids.map((id) => watch.reached(id, 'closed')));
  watch.stop();
}

export async function runBare(client: Client, count: number, atOnce: number): Promise<void> {
  const run = randomUUID();
  const taskQueue = queues.business;
  const start = (type: string, workflowId: string, args: unknown[]) => client.workflow.start(type, { taskQueue, workflowId, args });
  const decide = (handle: WorkflowHandle) => handle.executeUpdate('decide', { args: [{ decisionId: randomUUID() }] });
  const caseIds = Array.from({ length: count }, (_, index) => `bare/${run}/${index}`);
  const cases = await inParallel(caseIds, atOnce, async (caseId) => {
    const handle = await start('bareCase', caseId, []);
    await decide(handle);
    const credit = await start('bareCredit', `${caseId}/credit`, [{ caseId }]);
    await credit.result();
    return handle;
  });
  const batch = await start('bareBatch', `bare/${run}/batch`, [{ caseIds }]);
  await decide(batch);
  await Promise.all([batch.result(), ...cases.map((handle) => handle.result())]);
}
