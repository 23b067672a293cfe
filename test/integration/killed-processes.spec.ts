/** Real processes, killed by SIGKILL in the middle of their work: a worker while it signs and while it writes a token, the API between insert and start. */
import { Application } from '#persistence';
import { caseWorkflowId } from '#workflows/contract';
import { Person } from '../../apps/launcher/src/demo/person.js';
import { casesOf, type Cases } from '../world/cases.js';
import { openGate } from '../world/gate.js';
import { issuedFor, issuedOnce } from '../world/issued.js';
import { openLine } from '../world/line.js';
import { openOffice, type Office } from '../world/office.js';
import { startApi, startWorker, type OwnProcess } from '../world/own-process.js';

describe('processes killed in the middle', () => {
  let office: Office;
  let cases: Cases;
  const leave: (() => Promise<unknown>)[] = [];
  const keep = <P extends OwnProcess>(process: P): P => {
    leave.push(() => process.kill());
    return process;
  };
  beforeAll(async () => {
    office = await openOffice({ workers: false });
    await office.startWorkers(['business', 'documents']);
    cases = casesOf(office);
  }, 120_000);
  afterAll(async () => {
    for (const each of leave.reverse()) await each();
    await office.close();
  }, 60_000);

  it('a worker dies while it keeps a signature and while it marks a written token: the next one finishes both cases, once', async () => {
    const gate = await openGate(office);
    leave.push(gate.open);
    const first = keep(await startWorker('pki,station', office.environment));
    const [signing, writing] = [
      await cases.awaitingPayment({ name: '成都签名中断医药有限公司' }),
      await cases.awaitingPayment({ name: '成都写盘中断医药有限公司' }),
    ];
    await gate.holdAt(`UPDATE ON token FOR EACH ROW WHEN (NEW.state = 'written')`);
    await cases.transfer(writing);
    await gate.somebodyWaits(1);
    await gate.holdAt(`UPDATE ON certificate FOR EACH ROW WHEN (NEW.kind = 'encryption')`);
    await cases.transfer(signing);
    await gate.somebodyWaits(2);

    await first.kill();
    await gate.open();
    // As it was left: one of two signed; a token full in the drawer that no row calls written.
    expect(await issuedFor(office, signing)).toMatchObject({ certificates: ['1 encryption prepared', '1 signing valid'], seals: 0 });
    expect(await issuedFor(office, writing)).toMatchObject({ tokens: ['1 keyed'], everyTokenHoldsItsKeysAndSeal: true });

    keep(await startWorker('pki,station', office.environment));
    for (const one of [signing, writing]) {
      await cases.reach(one, 'dispatch');
      const { serials, ...issued } = await issuedFor(office, one);
      expect(issued).toEqual(issuedOnce());
      expect(serials).toEqual({ given: 4, different: 4 });
    }
  }, 120_000);

  it('the API dies between insert and start: the sweep starts the case, exactly once, and the same key answers the same case', async () => {
    const line = await openLine(office.settings.temporal.address);
    leave.push(line.close);
    line.cut('silent');
    const api = keep(await startApi({ ...office.environment, TEMPORAL_ADDRESS: line.address }));
    const ready = await cases.prepare({ name: '成都断电医药有限公司' }, new Person(api.url));
    const request = { json: {}, headers: { 'Idempotency-Key': ready.key } };
    const lost = ready.agent.attempt('POST', ready.submission, request).catch((error: unknown) => error);
    const { id, number } = await office.until(
      () => office.data.manager.findOneBy(Application, { agentPhone: ready.phone }),
      'the application’s row',
    );
    await api.kill();
    expect(await lost).toMatchObject({ message: 'fetch failed' });
    expect(await runsOf(office, id)).toBe(0);

    office.clock.forward(11_000);
    expect(await office.sweep()).toBe(1);
    await office.sweep();
    await cases.reach({ ...ready, id, number }, 'review');
    expect(await office.sweep()).toBe(0);
    expect(await runsOf(office, id)).toBe(1);

    // The agent, whose answer was lost, comes again; a minute later, since codes are not sent faster.
    office.clock.forward(60_000);
    const agent = await ready.at(office.api);
    expect(await agent.attempt('POST', ready.submission, request)).toMatchObject({ status: 202, body: { id, number } });
    expect(await office.data.manager.countBy(Application, { agentPhone: ready.phone })).toBe(1);
    expect(await runsOf(office, id)).toBe(1);
  }, 120_000);
});

/** Workflow executions under the case's id, whether they run or have ended. */
async function runsOf(office: Office, applicationId: string): Promise<number> {
  const { executions } = await office.engine.client.workflowService.listWorkflowExecutions({
    namespace: office.settings.temporal.namespace,
    query: `WorkflowId = '${caseWorkflowId(applicationId)}'`,
  });
  return executions.length;
}
