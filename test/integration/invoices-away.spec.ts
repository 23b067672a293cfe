/**
 * The invoice service is away for a day, having made one invoice without saying so. Cases complete meanwhile; when it is back, each has one
 * invoice, in the order in which they were completed, and each agent one message. The engine's time is skipped; everything else is real.
 */
import { hours } from '#domain';
import { INVOICE_QUEUE } from '#workflows/contract';
import { casesOf, type Cases, type FiledCase } from '../world/cases.js';
import { invoicesOf } from '../world/invoices.js';
import { openOffice, type Office } from '../world/office.js';

describe('the invoice service is away for a day', () => {
  let office: Office;
  let cases: Cases;
  beforeAll(async () => {
    office = await openOffice({ engine: 'time-skipping' });
    cases = casesOf(office);
  }, 120_000);
  afterAll(() => office.close(), 60_000);

  it('queued, in order, told to nobody twice', async () => {
    const invoices = invoicesOf(office, cases);
    const names = ['甲', '乙', '丙', '丁'].map((each) => `成都${each}停开医药有限公司`);
    const filed: FiledCase[] = [];
    for (const name of names) filed.push(await cases.awaitingPayment({ name }));
    await office.fault('invoice', 'lost-answer', { count: 1, delayMs: 0 });
    await office.fault('invoice', 'error');
    // Completed in another order than they were filed.
    const completed = [2, 0, 3, 1].map((index) => filed[index] as FiledCase);
    for (const each of completed) {
      await cases.pay(each);
      await cases.reach(each, 'dispatch');
      await office.skip(hours(5));
    }
    await office.skip(hours(4));
    const finance = await cases.desk('finance');
    const queue = await finance.get<{ applicationId: string; tries: number }[]>('/api/v1/invoices?state=queued');
    expect(queue.map(({ applicationId }) => applicationId)).toEqual(completed.map(({ id }) => id));
    expect(queue[0]?.tries).toBeGreaterThan(600);
    expect(queue.slice(1).map(({ tries }) => tries)).toEqual([0, 0, 0]);

    await office.clearFaults('invoice');
    const empty = async () => (await finance.get<unknown[]>('/api/v1/invoices?state=queued')).length === 0;
    for (let step = 0; step < 20 && !(await empty()); step += 1) await office.skip(10_000);
    for (const each of filed) await cases.received(each, 'invoice');
    const numbers = await Promise.all(completed.map(async (each) => (await invoices.rows(each))[0]?.invoiceNumber ?? ''));
    expect(numbers).toEqual([...numbers].sort());
    for (const [index, each] of filed.entries()) {
      expect(await invoices.titled(names[index] ?? '')).toHaveLength(1);
      expect(await invoices.told(each)).toEqual(['invoice']);
    }
    await office.skip(hours(2));
    for (const each of filed) expect(await invoices.told(each)).toEqual(['invoice']);
    expect((await office.engine.client.workflow.getHandle(INVOICE_QUEUE).describe()).status.name).toBe('COMPLETED');
  }, 300_000);
});
