/** 电子发票 as its agent, its holder and finance meet it. Rules: business.md, "Money"; decision 0041. */
import { randomUUID } from 'node:crypto';
import { jest } from '@jest/globals';
import { days } from '#domain';
import { AuditEntry, StaffAccount } from '#persistence';
import { logIn } from '../../apps/launcher/src/demo/story.js';
import { casesOf, type Cases, type FiledCase } from '../world/cases.js';
import { invoicesOf, type InvoiceSeen, type Invoices } from '../world/invoices.js';
import { openOffice, type Office } from '../world/office.js';
import { refundsOf, type Refunds } from '../world/refunds.js';
import { expectRefusal, expectUntouched, invalid, notFound } from './refusal.js';

jest.setTimeout(60_000);

const FEE = 25_000;
const OTHER = '91510100MA6200029R';
/** Of Shanghai: what is open is reconciled by the day on which it came to be. */
const DAY = '2026-03-04';

describe('the invoice of a case', () => {
  let office: Office;
  let cases: Cases;
  let invoices: Invoices;
  let refunds: Refunds;
  beforeAll(async () => {
    office = await openOffice({ at: `${DAY}T10:00:00+08:00` });
    cases = casesOf(office);
    invoices = invoicesOf(office, cases);
    refunds = refundsOf(office, cases);
    await office.addStaff('second-finance', ['finance'], '13900000077');
  }, 120_000);
  afterAll(() => office.close(), 60_000);

  const short = (list: InvoiceSeen[]) => list.map(({ colour, state, amountFen }) => [colour.code, state.code, amountFen]);
  const correct = (filed: FiledCase, json: object, key: string = randomUUID()) =>
    filed.agent.attempt('POST', `/api/v1/applications/${filed.id}/invoice-corrections`, { json, headers: { 'Idempotency-Key': key } });
  /** Logged out by the time that has passed. */
  const again = (filed: FiledCase) => logIn(filed.agent, office.sandbox, filed.phone);

  describe('corrected', () => {
    it('by its agent: red over the old one, blue with the new data, told once, on the timeline', async () => {
      const filed = await invoices.completed('成都原名医药有限公司');
      const old = await invoices.linkIn(filed, 'invoice');
      const key = randomUUID();
      const asked = [await correct(filed, { title: '成都更名医药有限公司', taxNumber: OTHER }, key), await correct(filed, { title: '成都更名医药有限公司', taxNumber: OTHER }, key)]; // prettier-ignore
      expect(asked.map(({ status }) => status)).toEqual([202, 202]);
      expect(asked[1]?.body).toEqual(asked[0]?.body);
      const link = await invoices.linkIn(filed, 'invoice-replaced');
      const { invoices: list, invoiceLink } = await invoices.seen(filed);
      expect(short(list)).toEqual([
        ['blue', 'issued', FEE],
        ['red', 'issued', -FEE],
        ['blue', 'issued', FEE],
      ]);
      expect(list[1]?.reverses).toBe(list[0]?.id);
      expect(list[2]).toMatchObject({ title: '成都更名医药有限公司', taxNumber: OTHER, occasion: { code: 'correction' } });
      expect(invoiceLink).toBe(link);
      const [first] = await invoices.titled('成都原名医药有限公司');
      expect(await invoices.titled('成都原名医药有限公司')).toMatchObject([
        { colour: 'blue', amountFen: FEE },
        { colour: 'red', amountFen: -FEE, reverses: first?.invoiceNumber, reason: 'correction' },
      ]);
      expect(await invoices.titled('成都更名医药有限公司')).toMatchObject([{ colour: 'blue', taxNumber: OTHER }]);
      // Who still has the old link is told that it holds no longer.
      expect((await invoices.open(old)).body.toString()).toContain('已被红冲');
      expect((await invoices.open(link)).body.toString()).not.toContain('已被红冲');
      expect(await invoices.told(filed)).toEqual(['invoice', 'invoice-replaced']);
      const timeline = await filed.agent.get<{ action: string }[]>(`/api/v1/applications/${filed.id}/timeline`);
      expect(timeline.map(({ action }) => action).filter((action) => action.startsWith('invoice.'))).toEqual([
        ...['invoice.ordered', 'invoice.correction-asked', 'invoice.reversed', 'invoice.ordered'],
      ]);

      await invoices.settled(filed);
      const soon = await correct(filed, { title: '成都再改医药有限公司', taxNumber: OTHER });
      expectRefusal(soon, { status: 409, code: 'INVOICE_CORRECTION_TOO_SOON' });
      const finance = await cases.desk('finance');
      const byFinance = await finance.attempt('POST', `/api/v1/applications/${filed.id}/invoice-corrections`, {
        json: { title: '成都再改医药有限公司', taxNumber: OTHER },
        headers: { 'Idempotency-Key': finance.key() },
      });
      expect(byFinance.status).toBe(202);
      await cases.received(filed, 'invoice-replaced', 2);
      expect((await invoices.seen(filed)).invoices).toHaveLength(5);
    });

    it('what is wrong is named by its field, and nothing is sent or written', async () => {
      const filed = await invoices.completed('成都拒改医药有限公司');
      const right = { title: '成都拒改医药科技有限公司', taxNumber: OTHER };
      const refused = (json: object, fields: Record<string, string>) =>
        expectUntouched(office, () => correct(filed, json), invalid(fields));
      await refused({ ...right, taxNumber: '91510100MA6200029P' }, { taxNumber: 'USCC_CHECK_DIGIT' });
      await refused({ ...right, taxNumber: '510100620002900' }, { taxNumber: 'USCC_INVALID' });
      await refused({ ...right, title: '' }, { title: 'FIELD_REQUIRED' });
      await refused({ ...right, title: '个人' }, { title: 'INVOICE_TITLE' });
      await refused({ ...right, title: '成都\u0000有限公司' }, { title: 'TEXT_CONTROL_CHARACTER' });
      await refused({ ...right, title: '<script>有限公司' }, { title: 'INVOICE_TITLE_CHARACTER' });
      await refused({ ...right, title: '字'.repeat(101) }, { title: 'FIELD_TOO_LONG' });
      await refused({ title: 7 }, { title: 'FIELD_TYPE', taxNumber: 'FIELD_REQUIRED' });
      await refused({ ...right, phone: '1' }, { phone: 'FIELD_UNKNOWN' });
      const { uscc, certificateName } = filed.form.organisation;
      await refused({ title: certificateName, taxNumber: uscc }, { title: 'INVOICE_UNCHANGED' });
      const without = () => filed.agent.attempt('POST', `/api/v1/applications/${filed.id}/invoice-corrections`, { json: right });
      await expectUntouched(office, without, { status: 400, code: 'IDEMPOTENCY_KEY_MISSING' });
      expect(await invoices.titled(right.title)).toEqual([]);
    });

    it('the key of another correction is refused, and so is a case of somebody else or without an invoice', async () => {
      const filed = await invoices.completed('成都同钥医药有限公司');
      const key = randomUUID();
      expect((await correct(filed, { title: '成都同钥医药科技有限公司', taxNumber: OTHER }, key)).status).toBe(202);
      expectRefusal(await correct(filed, { title: '成都同钥贸易有限公司', taxNumber: OTHER }, key), {
        status: 409,
        code: 'IDEMPOTENCY_KEY_REUSED',
      });
      const open = await cases.awaitingPayment({ name: '成都未票医药有限公司' });
      await cases.received(open, 'review-approved');
      await expectUntouched(office, () => correct(open, { title: '成都未票医药科技有限公司', taxNumber: OTHER }), {
        status: 409,
        code: 'INVOICE_NONE',
      });
      await expectUntouched(
        office,
        () => correct({ ...filed, agent: open.agent }, { title: '成都未票医药有限公司', taxNumber: OTHER }),
        notFound,
      );
    });
  });

  describe('given back', () => {
    const propose = async (filed: FiledCase, amountFen: unknown, key: string = randomUUID(), why: object = { cause: 'complaint' }) => {
      const { reference } = await cases.order(filed);
      const finance = await cases.desk('finance');
      const json = { order: reference, amountFen, ...why };
      return finance.attempt('POST', '/api/v1/refunds', { json, headers: { 'Idempotency-Key': key } });
    };
    const givenBack = async (filed: FiledCase, amountFen: number) => {
      const { body } = await propose(filed, amountFen);
      const refund = await refunds.due({ id: (body as { refundIds: string[] }).refundIds[0] ?? '' });
      expect((await refunds.decide(refund, 'second-finance')).status).toBe(204);
      await refunds.reach(refund, 'paid');
      return refund;
    };
    const differences = async (filed: FiledCase) => {
      const { reference } = await cases.order(filed);
      const finance = await cases.desk('finance');
      const report = await finance.get<{ differences: { kind: string; reference: string }[] }>(`/api/v1/reconciliations/${DAY}`);
      return report.differences.filter((each) => each.reference === reference).map(({ kind }) => kind);
    };

    it('the whole: one red invoice over the blue one, told once; the ledger and the reconciliation agree', async () => {
      const filed = await invoices.completed('成都全退医药有限公司');
      const { id: orderId } = await cases.order(filed);
      await givenBack(filed, FEE);
      await invoices.linkIn(filed, 'invoice-reversed');
      const { invoices: list, invoiceLink } = await invoices.seen(filed);
      expect(short(list)).toEqual([
        ['blue', 'issued', FEE],
        ['red', 'issued', -FEE],
      ]);
      expect(invoiceLink).toBe(await invoices.linkIn(filed, 'invoice-reversed'));
      const [blue, red] = await invoices.titled('成都全退医药有限公司');
      expect(red).toMatchObject({ colour: 'red', reverses: blue?.invoiceNumber, reason: 'refund', amountFen: -FEE });
      expect(await refunds.ledger(orderId)).toEqual({ refunded: FEE });
      expect(await invoices.told(filed)).toEqual(['invoice', 'invoice-reversed']);
      expect(await differences(filed)).toEqual([]);
      expectRefusal(await correct(filed, { title: '成都全退医药科技有限公司', taxNumber: OTHER }), { status: 409, code: 'INVOICE_NONE' });
    });

    it('a part: red over the whole, blue for the rest, taken from the last line; then the rest as well', async () => {
      const filed = await invoices.completed('成都部分医药有限公司');
      await givenBack(filed, 12_000);
      await cases.received(filed, 'invoice-replaced');
      expect(short((await invoices.seen(filed)).invoices)).toEqual([
        ['blue', 'issued', FEE],
        ['red', 'issued', -FEE],
        ['blue', 'issued', 13_000],
      ]);
      const rest = (await invoices.titled('成都部分医药有限公司')).at(-1);
      expect(rest?.lines.map(({ amountFen }) => amountFen)).toEqual([5_000, 8_000]);
      expect(await differences(filed)).toEqual([]);
      await givenBack(filed, 13_000);
      await cases.received(filed, 'invoice-reversed');
      expect(short((await invoices.seen(filed)).invoices).slice(3)).toEqual([['red', 'issued', -13_000]]);
      expect(await invoices.told(filed)).toEqual(['invoice', 'invoice-replaced', 'invoice-reversed']);
      expect(await differences(filed)).toEqual([]);
    });

    it('nobody approves their own; turned down, the money is earned still and the invoice holds', async () => {
      const filed = await invoices.completed('成都不退医药有限公司');
      const { id: orderId } = await cases.order(filed);
      const { body } = await propose(filed, 1_000);
      const refund = await refunds.due({ id: (body as { refundIds: string[] }).refundIds[0] ?? '' });
      expect((await refunds.decide(refund, 'finance')).status).toBe(403);
      expect(await refunds.ledger(orderId)).toEqual({ earned: 24_000, 'to-refund': 1_000 });
      expect(await differences(filed)).toEqual(['refund-open']);
      expect((await refunds.decide(refund, 'second-finance', 'rejected')).status).toBe(204);
      await refunds.reach(refund, 'withdrawn');
      expect(await refunds.ledger(orderId)).toEqual({ earned: FEE });
      expect(short((await invoices.seen(filed)).invoices)).toEqual([['blue', 'issued', FEE]]);
    });

    it('never more than was earned, nor before it was, nor twice by one key', async () => {
      const filed = await invoices.completed('成都多退医药有限公司');
      for (const [amountFen, code] of [
        [0, 'FIELD_REQUIRED'],
        [-1, 'FIELD_REQUIRED'],
        [1.5, 'FIELD_TYPE'],
        ['100', 'FIELD_TYPE'],
      ] as const)
        expectRefusal(await propose(filed, amountFen), invalid({ amountFen: code }));
      expectRefusal(await propose(filed, FEE + 1), { status: 422, code: 'REFUND_TOO_MUCH' });
      const key = randomUUID();
      const twice = [await propose(filed, 1_000, key), await propose(filed, 1_000, key)];
      expect(twice.map(({ status }) => status)).toEqual([201, 201]);
      expect(twice[1]?.body).toEqual(twice[0]?.body);
      expectRefusal(await propose(filed, 2_000, key), { status: 409, code: 'IDEMPOTENCY_KEY_REUSED' });
      const open = await cases.awaitingPayment({ name: '成都未成医药有限公司' });
      // Its message is on the phone before its entry is in the audit.
      const told = { subject: `application/${open.id}`, action: 'sms.sent' } as const;
      await office.until(async () => ((await office.data.manager.existsBy(AuditEntry, told)) ? true : null), 'the message to be noted');
      await expectUntouched(office, () => propose(open, 1), { status: 409, code: 'STAGE_REFUSES' });
      const finance = await cases.desk('finance');
      const unknown = {
        json: { order: 'XB0000', amountFen: 1, cause: 'other', note: '测试' },
        headers: { 'Idempotency-Key': finance.key() },
      };
      expectRefusal(await finance.attempt('POST', '/api/v1/refunds', unknown), invalid({ order: 'FIELD_CHOICE' }));
    });
  });

  describe('refused by the service', () => {
    it('its case waits for a person; finance sees it, corrects the data, and its agent is told once', async () => {
      const filed = await cases.awaitingPayment({ name: '成都查无医药有限公司' });
      const { uscc } = filed.form.organisation;
      await invoices.setUnknown(uscc, true);
      await cases.pay(filed);
      await office.until(async () => ((await cases.row(filed)).parkedReason === 'INVOICE_REFUSED' ? true : null), 'the case to be parked');
      const finance = await cases.desk('finance');
      const listed = await finance.get<(InvoiceSeen & { applicationId: string; refusedCode: string })[]>('/api/v1/invoices?state=refused');
      const refused = listed.find(({ applicationId }) => applicationId === filed.id);
      expect(refused).toMatchObject({ state: { code: 'refused' }, refusedCode: 'GATEWAY_REFUSED', number: null });

      const retry = (key: string) =>
        finance.attempt('POST', `/api/v1/invoices/${refused?.id}/retry`, { json: {}, headers: { 'Idempotency-Key': key } });
      expect((await retry(finance.key())).status).toBe(202);
      const refusals = () => office.data.manager.countBy(AuditEntry, { subject: `application/${filed.id}`, action: 'invoice.refused' });
      const told = async () => (await invoices.rows(filed))[0]?.toldAt !== null;
      await office.until(async () => ((await refusals()) === 2 && (await told()) ? true : null), 'the second refusal');

      const corrected = await finance.attempt('POST', `/api/v1/applications/${filed.id}/invoice-corrections`, {
        json: { title: '成都查有医药有限公司', taxNumber: OTHER },
        headers: { 'Idempotency-Key': finance.key() },
      });
      expect(corrected.status).toBe(202);
      await cases.received(filed, 'invoice-replaced');
      const handle = office.engine.client.workflow.getHandle(`application/${filed.id}`);
      const { id: by } = await office.data.manager.findOneByOrFail(StaffAccount, { username: 'supervisor' });
      await handle.executeUpdate('resumeCase', { args: [{ reason: 'cause-mended', by }] });
      await office.until(async () => ((await cases.row(filed)).parkedReason === null ? true : null), 'the case to go on');
      expect(short((await invoices.seen(filed)).invoices)).toEqual([
        ['blue', 'void', FEE],
        ['blue', 'issued', FEE],
      ]);
      expect(await invoices.told(filed)).toEqual(['invoice-replaced']);
      expectRefusal(await retry(finance.key()), { status: 409, code: 'INVOICE_NOT_REFUSED' });
    });

    it('a list asked for by a state that does not exist, an invoice that is none: refused', async () => {
      const finance = await cases.desk('finance');
      await expectUntouched(office, () => finance.attempt('GET', '/api/v1/invoices?state=lost'), invalid({ state: 'FIELD_CHOICE' }));
      const headers = { 'Idempotency-Key': finance.key() };
      for (const id of ['none', randomUUID()])
        await expectUntouched(office, () => finance.attempt('POST', `/api/v1/invoices/${id}/retry`, { json: {}, headers }), notFound);
    });
  });

  it('corrected: not after a year', async () => {
    const filed = await invoices.completed('成都陈年医药有限公司');
    office.clock.forward(days(365) + 60_000);
    await again(filed);
    const late = await correct(filed, { title: '成都陈年医药科技有限公司', taxNumber: OTHER });
    expectRefusal(late, { status: 409, code: 'INVOICE_CORRECTION_LATE' });
  });
});
