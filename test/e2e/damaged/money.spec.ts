/** Damaged requests to all by which finance is told something: statements, what credits are, refunds, invoices and its own cases. */
import { randomUUID } from 'node:crypto';
import { shanghaiDay } from '#domain';
import { BankCredit, BankStatement, CreditExplanation, FinanceCase } from '#persistence';
import { In } from 'typeorm';
import { bankTransfer, casesOf, type Cases } from '../../world/cases.js';
import { nextDay } from '../../world/desk.js';
import { invoicesOf } from '../../world/invoices.js';
import { openOffice, type Office } from '../../world/office.js';
import { refundsOf } from '../../world/refunds.js';
import { severally } from './aims-of-cases.js';
import { callersOf, tellDamaged, type Aims, type Target } from './telling.js';

const FEE = 25_000;
/** Above what one person of finance explains alone. */
const FOR_TWO = 100_001;
const OTHER_TAX_NUMBER = '91510100MA6200029R';

tellDamaged('money', openMoney);

async function openMoney(): Promise<Target> {
  const office = await openOffice();
  nextDay(office, '10:00:00');
  const cases = casesOf(office);
  const invoices = await invoiceAims(office, cases);
  const yesterday = shanghaiDay(new Date(office.clock.now().getTime() - 86_400_000));
  const unfinished = { state: In(['received', 'recording', 'deciding']) };
  return {
    office,
    callers: await callersOf(office, invoices.agent),
    places: {
      id: [invoices.id, randomUUID()],
      invoiceId: [invoices.issued, randomUUID()],
      day: [yesterday, '2026-03-06'],
      index: ['1'],
      sha256: ['0'.repeat(64)],
    },
    aims: {
      ...statementAims(office),
      ...(await explanationAims(office, cases)),
      ...(await refundAims(office, cases, invoices.reference)),
      ...invoices.aims,
      ...(await financeCaseAims(office)),
    },
    settled: () =>
      office.until(async () => {
        const open = await office.data.manager.countBy(BankStatement, unfinished);
        const undecided = await office.data.manager.countBy(BankCredit, { state: 'recorded' });
        return open + undecided === 0 ? true : null;
      }, 'every statement that was taken to be done or refused'),
  };
}

/** In the bank's own form, of other credits each time. */
function statementAims(office: Office): Aims {
  let told = 0;
  const line = (amountFen: number) => {
    const reference = `STM-${String((told += 1)).padStart(8, '0')}`;
    return `${reference},${office.clock.now().toISOString()},CNY,${amountFen},绵阳无关贸易有限公司,6222 0000,corporate,货款`;
  };
  const header = 'reference,booked_at,currency,amount_fen,payer_name,payer_account,payer_account_type,remittance';
  return {
    'POST /api/v1/credits/statements': () => ({ body: Buffer.from([header, line(1_000), line(2_000), '#TOTAL,2,3000', ''].join('\n')) }),
    'POST /api/v1/credits/statements/{day}': () => ({ body: {} }),
  };
}

async function explanationAims(office: Office, cases: Cases): Promise<Aims> {
  const stranger = async (amountFen: number) =>
    (await cases.decided(await bankTransfer(office, { amountFen, payerName: '绵阳无关贸易有限公司' }))).id;
  const small = await severally(() => stranger(1_000));
  const large = await severally(() => stranger(FOR_TWO));
  const body = { kind: 'other', noteCode: 'other-income', note: '见来函' };
  const finance = await office.staff('finance');
  for (const id of large) await finance.post(`/api/v1/credits/${id}/explanations`, body, finance.key());
  const waiting = await office.data.manager.findBy(CreditExplanation, { creditId: In(large) });
  const order = await cases.order(await cases.awaitingPayment({ name: '成都分摊医药有限公司' }));
  const split = { kind: 'split', shares: [{ order: order.reference, amountFen: 600 }], rest: 'refund', note: '代付' };
  let asked = 0;
  return {
    'POST /api/v1/credits/{id}/explanations': () => ({ body: (asked += 1) % 2 === 0 ? body : split, places: { id: small } }),
    'POST /api/v1/credit-explanations/{id}/decision': () => ({
      body: { outcome: 'approved' },
      places: { id: waiting.map(({ id }) => id) },
    }),
  };
}

/** Surpluses that are owed back, and an order of which something may be given back. */
async function refundAims(office: Office, cases: Cases, reference: string): Promise<Aims> {
  const refunds = refundsOf(office, cases);
  const due = await severally(async () => {
    const filed = await cases.awaitingPayment({ name: '成都多付医药有限公司' });
    await cases.pay(filed, { amountFen: FEE + 100 });
    return (await refunds.due({ orderId: (await cases.order(filed)).id })).id;
  }, 3);
  return {
    'POST /api/v1/refunds/{id}/payee': () => ({ body: { name: '成都多付医药有限公司', account: '6222 0001' }, places: { id: due } }),
    'POST /api/v1/refunds/{id}/decision': () => ({ body: { outcome: 'approved' }, places: { id: due } }),
    'POST /api/v1/refunds': () => ({ body: { order: reference, amountFen: 100, cause: 'complaint' } }),
  };
}

/** A case whose invoice is made, and one whose invoice the service has refused. */
async function invoiceAims(office: Office, cases: Cases) {
  const invoices = invoicesOf(office, cases);
  const filed = await invoices.completed('成都开票医药有限公司');
  const [issued] = await invoices.rows(filed);
  const other = await cases.awaitingPayment({ name: '成都拒票医药有限公司' });
  await invoices.setUnknown(other.form.organisation.uscc, true);
  await cases.pay(other);
  const refused = await office.until(async () => {
    const [invoice] = await invoices.rows(other);
    return invoice?.state === 'refused' ? invoice : null;
  }, 'the refusal of an invoice');
  const aims: Aims = {
    'POST /api/v1/invoices/{invoiceId}/retry': () => ({ body: {}, places: { invoiceId: [refused.id] } }),
    'POST /api/v1/applications/{id}/invoices/{invoiceId}/link': () => ({ body: {}, places: { id: [filed.id] } }),
    'POST /api/v1/applications/{id}/invoices/{invoiceId}/link-message': () => ({ body: {}, places: { id: [filed.id] } }),
    'POST /api/v1/applications/{id}/invoice-corrections': () => ({
      body: { title: '成都更名医药有限公司', taxNumber: OTHER_TAX_NUMBER },
      places: { id: [filed.id] },
    }),
  };
  return { aims, agent: filed.agent, id: filed.id, issued: issued?.id ?? '', reference: (await cases.order(filed)).reference };
}

async function financeCaseAims(office: Office): Promise<Aims> {
  const id = await severally(async () => {
    const row = { id: randomUUID(), kind: 'credit-reversed', amountFen: 1, openedAt: office.clock.now() } as const;
    await office.data.manager.insert(FinanceCase, { ...row, onceKey: `damaged/${row.id}` });
    return row.id;
  });
  return { 'POST /api/v1/finance-cases/{id}/closure': () => ({ body: { note: '已与银行核实' }, places: { id } }) };
}
