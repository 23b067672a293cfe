/**
 * Each system of the outside world is away for an hour, and the last thing it did before it went was done without an answer. The engine's
 * time is skipped, everything else is real: gateways, HTTP, sandbox, database. No case is lost, and nothing is done twice.
 */
import { Application } from '#persistence';
import { casesOf, type Cases, type FiledCase } from '../world/cases.js';
import { openOffice, type Office } from '../world/office.js';

const MINUTES = 60_000;
const HOUR = 60 * MINUTES;
/** After an hour of failures the engine looks again every two minutes. */
const RETRY = 3 * MINUTES;
const DAY = '2026-03-06';

describe('the outside world is away for an hour', () => {
  let office: Office;
  let cases: Cases;
  beforeAll(async () => {
    office = await openOffice({ engine: 'time-skipping' });
    cases = casesOf(office);
  }, 120_000);
  afterAll(() => office.close(), 60_000);

  type System = 'sms' | 'bank' | 'platform' | 'invoice' | 'courier';
  /** The next request is done and not answered, and all after it fail, until the system is back. */
  const goAway = async (system: System) => {
    await office.fault(system, 'lost-answer', { count: 1, delayMs: 0 });
    await office.fault(system, 'error');
  };
  /** The time passes for an hour; then the system is back, and the next try comes. */
  const comeBack = async (system: System) => {
    await office.skip(HOUR);
    await office.clearFaults(system);
    await office.skip(RETRY);
  };
  const outside = async <T>(path: string): Promise<T[]> => (await (await fetch(`${office.sandbox.base}${path}`)).json()) as T[];
  const timeline = (filed: FiledCase, action: string) =>
    office.data.query<{ n: number }[]>(`SELECT count(*)::int AS n FROM audit_entry WHERE subject = $1 AND action = $2`, [
      `application/${filed.id}`,
      action,
    ]);

  it('SMS: the case waits, and then the phone shows each message once', async () => {
    const filed = await cases.awaitingPayment({ name: '成都短信医药有限公司' });
    await cases.received(filed, 'review-approved');
    await goAway('sms');
    await cases.pay(filed);
    await office.skip(HOUR / 2);
    expect(await cases.row(filed)).toMatchObject({ stage: 'payment', parkedReason: null });
    await comeBack('sms');
    await cases.reach(filed, 'dispatch');
    await cases.received(filed, 'invoice');
    expect((await cases.messages(filed)).map(({ template }) => template).sort()).toEqual([
      'completed',
      'invoice',
      'payment-confirmed',
      'review-approved',
    ]);
    expect(await timeline(filed, 'sms.sent')).toEqual([{ n: 4 }]);
  }, 60_000);

  it('invoice service: the certificates are not held up, and one invoice is made', async () => {
    const filed = await cases.awaitingPayment({ name: '成都发票医药有限公司' });
    await goAway('invoice');
    await cases.pay(filed);
    await cases.reach(filed, 'dispatch');
    await comeBack('invoice');
    await cases.received(filed, 'invoice');
    const invoices = await outside<{ title: string; amountFen: number }>('/invoice/invoices');
    expect(invoices.filter(({ title }) => title === '成都发票医药有限公司')).toMatchObject([{ amountFen: 25_000 }]);
    expect(await timeline(filed, 'invoice.ordered')).toEqual([{ n: 1 }]);
  }, 60_000);

  it('bank: the statement is fetched when it answers again, and the credit in it pays once', async () => {
    const filed = await cases.awaitingPayment({ name: '成都对账医药有限公司' });
    const reference = await cases.transfer(filed, { push: false });
    await goAway('bank');
    const day = `${reference.slice(0, 4)}-${reference.slice(4, 6)}-${reference.slice(6, 8)}`;
    const importing = (await cases.desk('finance')).post<{ added: number }>(`/api/v1/credits/statements/${day}`);
    await office.skip(4 * MINUTES);
    await office.clearFaults('bank');
    await office.skip(RETRY);
    expect(await importing).toMatchObject({ added: 1 });
    await cases.reach(filed, 'dispatch');
    expect(await cases.order(filed)).toMatchObject({ receivedFen: 25_000, status: 'paid' });
  }, 60_000);

  describe('on a Friday', () => {
    let filed: FiledCase;
    const item = async () => {
      const [found] = await office.data.query<{ state: string; day: string; times_carried: number }[]>(
        'SELECT state, day::text, times_carried FROM dispatch_item WHERE application_id = $1',
        [filed.id],
      );
      return found;
    };

    it('platform: the binding is made once, and the letter stays on its Friday', async () => {
      filed = await cases.awaitingPayment({ name: '成都绑定医药有限公司' });
      await cases.pay(filed);
      await cases.reach(filed, 'dispatch');
      await cases.certify(filed);
      await office.data.manager.update(Application, {}, { version: () => 'version' });
    }, 60_000);
  });
});
