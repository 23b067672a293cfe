/** The worker dies around every write that makes an invoice, or makes one due: there is one of each, and its agent is told once. */
import { killedWorkers, type Death } from '../world/killed-worker.js';
import { casesOf, type Cases } from '../world/cases.js';
import { invoicesOf, type Invoices } from '../world/invoices.js';
import { openOffice, type Office } from '../world/office.js';
import { refundsOf, type Refunds } from '../world/refunds.js';

const FEE = 25_000;

describe('the worker dies', () => {
  let office: Office;
  let cases: Cases;
  let invoices: Invoices;
  let refunds: Refunds;
  const deaths = killedWorkers();
  beforeAll(async () => {
    office = await openOffice({ activities: { business: (real) => deaths.queue(real) } });
    deaths.watch(office.data);
    cases = casesOf(office);
    invoices = invoicesOf(office, cases);
    refunds = refundsOf(office, cases);
    await office.addStaff('second-finance', ['finance'], '13900000077');
  }, 120_000);
  afterAll(() => office.close(), 60_000);

  /** The queue's step is about no case: its deaths are planned under no name. */
  const QUEUE = '';
  let count = 0;

  it.each<[activity: string, write: number, when: Death['when']]>([
    ['issueDueInvoices', 0, 'before'],
    ['issueDueInvoices', 0, 'after'],
    ['issueDueInvoices', 1, 'before'],
    ['issueDueInvoices', 1, 'after'],
    ['noteInvoicesTold', 0, 'before'],
    ['noteInvoicesTold', 0, 'after'],
    ['orderInvoice', 0, 'before'],
    ['orderInvoice', 0, 'after'],
  ])(
    'in %s, at write %d, %s it: one invoice, one message',
    async (activity, write, when) => {
      const name = `成都断第${(count += 1)}医药有限公司`;
      const filed = await cases.awaitingPayment({ name });
      const about = activity === 'orderInvoice' ? filed.id : QUEUE;
      const before = deaths.happened(about);
      deaths.plan(about, { activity, write, when });
      await cases.pay(filed);
      await cases.received(filed, 'invoice');
      await office.until(async () => (deaths.happened(about) === before + 1 ? true : null), 'the death');
      await office.until(async () => ((await invoices.rows(filed))[0]?.toldAt ? true : null), 'the note that it was told');
      expect(await invoices.titled(name)).toMatchObject([{ colour: 'blue', amountFen: FEE }]);
      expect(await invoices.rows(filed)).toMatchObject([{ state: 'issued' }]);
      expect(await invoices.told(filed)).toEqual(['invoice']);
    },
    60_000,
  );

  it.each(['before', 'after'] as const)(
    'as a refund is settled, %s the commit: one red invoice, one message',
    async (when) => {
      const name = `成都退时断${when === 'before' ? '前' : '后'}医药有限公司`;
      const filed = await invoices.completed(name);
      const { reference } = await cases.order(filed);
      const finance = await cases.desk('finance');
      const proposal = { order: reference, amountFen: FEE, cause: 'complaint' };
      const { refundIds } = await finance.post<{ refundIds: string[] }>('/api/v1/refunds', proposal, finance.key());
      const refund = await refunds.due({ id: refundIds[0] ?? '' });
      deaths.plan(refund.id, { activity: 'settleRefund', write: 0, when });
      await refunds.decide(refund, 'second-finance');
      await cases.received(filed, 'invoice-reversed');
      expect(deaths.happened(refund.id)).toBe(1);
      expect((await invoices.titled(name)).map(({ colour, amountFen }) => [colour, amountFen])).toEqual([
        ['blue', FEE],
        ['red', -FEE],
      ]);
      expect(await invoices.told(filed)).toEqual(['invoice', 'invoice-reversed']);
    },
    60_000,
  );
});
