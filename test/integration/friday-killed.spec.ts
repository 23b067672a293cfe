/** 周五寄送, when the worker that runs the batch is killed in the middle of it: as a power cut would, while the platform answers slowly. */
import { DispatchItem } from '#persistence';
import { casesOf, type Cases, type FiledCase } from '../world/cases.js';
import { openOffice, type Office } from '../world/office.js';
import { startWorker, type OwnProcess } from '../world/own-process.js';

describe('a batch whose worker is killed', () => {
  let office: Office;
  let cases: Cases;
  let worker: OwnProcess;
  beforeAll(async () => {
    office = await openOffice({ workers: false });
    await office.startWorkers(['documents', 'pki', 'station']);
    worker = await startWorker('business', office.environment);
    cases = casesOf(office);
  }, 180_000);
  afterAll(async () => {
    await worker.kill();
    await office.close();
  }, 60_000);

  const item = (filed: FiledCase) => office.data.manager.findOneByOrFail(DispatchItem, { applicationId: filed.id });
  const outside = async <T>(path: string) => (await (await fetch(`${office.sandbox.base}${path}`)).json()) as T[];

  it('resumes where it was: every letter is bound, packed and handed over once', async () => {
    const letters: FiledCase[] = [];
    for (const name of ['成都断电甲医药有限公司', '成都断电乙医药有限公司', '成都断电丙医药有限公司']) {
      const filed = await cases.awaitingPayment({ name });
      await cases.certify(filed);
      await cases.pay(filed);
      await cases.reach(filed, 'dispatch');
      letters.push(filed);
    }
    const { dispatchDay: day } = await cases.row(letters[0] as FiledCase);
    const dispatcher = await cases.desk('dispatcher');
    const headers = { 'Content-Type': 'application/json' };
    for (const conditions of [
      { system: 'platform', latencyMs: 1000 },
      // So that a letter stays where it is between its binding and its waybill.
      { system: 'courier', errorShare: 1 },
    ])
      await fetch(`${office.sandbox.base}/conditions`, { method: 'PUT', headers, body: JSON.stringify(conditions) });
    await dispatcher.post(`/api/v1/dispatches/${day}`);
    // Each account has been asked for; no answer has come.
    const asked = async () =>
      ((await outside<{ system: string; met: { requests: number } }>('/conditions')).find(({ system }) => system === 'platform')?.met
        .requests ?? 0) >= letters.length;
    await office.until(async () => ((await asked()) ? true : null), 'the platform to be asked');
    await worker.kill();
    // What was asked of the platform before is answered to nobody who knows the batch.
    const bound = async () => ((await Promise.all(letters.map(item))).some(({ state }) => state === 'bound') ? true : null);
    await office.until(bound, 'a binding without a batch');
    expect((await Promise.all(letters.map(item))).map(({ state }) => state)).not.toContain('packed');
    for (const system of ['platform', 'courier']) await fetch(`${office.sandbox.base}/conditions/${system}`, { method: 'DELETE' });
    worker = await startWorker('business', office.environment);

    const packed = async () => ((await Promise.all(letters.map(item))).every(({ state }) => state === 'packed') ? true : null);
    await office.until(packed, 'all to be packed');
    const handedOver = await office.until(async () => {
      const headers = { 'Idempotency-Key': dispatcher.key() };
      const { status, body } = await dispatcher.attempt('POST', `/api/v1/dispatches/${day}/hand-over`, { json: {}, headers });
      return status === 200 ? (body as { handedOver: number }).handedOver : null;
    }, 'the hand-over');
    expect(handedOver).toBe(3);
    for (const filed of letters) expect(await cases.reach(filed, 'closed')).toMatchObject({ outcome: 'dispatched' });
    expect([(await outside('/platform/bindings')).length, (await outside('/courier/waybills')).length]).toEqual([3, 3]);
    for (const filed of letters) expect(await cases.received(filed, 'dispatched')).toHaveLength(1);
  }, 180_000);
});
