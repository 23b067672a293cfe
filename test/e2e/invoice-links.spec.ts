/** The link of an invoice: what it opens, how long, and what everything else is answered. Rules: business.md, "Money"; decision 0041. */
import { jest } from '@jest/globals';
import { AuditEntry, InvoiceLink } from '#persistence';
import { IsNull } from 'typeorm';
import { logIn } from '../../apps/launcher/src/demo/story.js';
import { casesOf, type Cases, type FiledCase } from '../world/cases.js';
import { invoicesOf, type Invoices } from '../world/invoices.js';
import { openOffice, type Office } from '../world/office.js';
import { expectRefusal, expectUntouched, invalid, notFound } from './refusal.js';

jest.setTimeout(60_000);

describe('the link of an invoice', () => {
  let office: Office;
  let cases: Cases;
  let invoices: Invoices;
  beforeAll(async () => {
    office = await openOffice();
    cases = casesOf(office);
    invoices = invoicesOf(office, cases);
  }, 120_000);
  // What is ordered after 30 days were let go by would have run out before it can be paid: the engine's time has stayed.
  afterEach(() => office.clock.set(new Date()));
  afterAll(() => office.close(), 60_000);

  /** Logged out by the time that has passed. */
  const again = (filed: FiledCase) => logIn(filed.agent, office.sandbox, filed.phone);
  const newLink = async (filed: FiledCase, invoiceId: string) =>
    filed.agent.post<{ link: string; until: string }>(`/api/v1/applications/${filed.id}/invoices/${invoiceId}/link`, {});

  it('opens a page with the PDF and the XML; neither its address nor the database holds anything to go by', async () => {
    const filed = await invoices.completed('成都链接医药有限公司');
    const link = await invoices.linkIn(filed, 'invoice');
    expect(new URL(link).pathname).toMatch(/^\/api\/v1\/invoice-links\/[A-Za-z0-9_-]{43}$/);
    const page = await invoices.open(link);
    expect([page.status, page.type]).toEqual([200, 'text/html; charset=utf-8']);
    const { invoices: list, invoiceLink } = await invoices.seen(filed);
    expect(list).toMatchObject([{ colour: { code: 'blue' }, state: { code: 'issued' }, amountFen: 25_000 }]);
    expect(invoiceLink).toBe(link);
    expect(page.body.toString()).toContain(list[0]?.number);
    expect(page.body.toString()).toContain('250.00');
    const pdf = await invoices.open(`${link}/invoice.pdf`);
    expect([pdf.status, pdf.type, pdf.body.subarray(0, 5).toString()]).toEqual([200, 'application/pdf', '%PDF-']);
    const xml = await invoices.open(`${link}/invoice.xml`);
    expect([xml.status, xml.type]).toEqual([200, 'application/xml; charset=utf-8']);
    expect(xml.body.toString()).toContain('<BuyerName>成都链接医药有限公司</BuyerName>');

    const token = link.split('/').at(-1) ?? '';
    const said: { values: string }[] = await office.data.query(`SELECT "values"::text FROM sms_message WHERE application_id = $1`, [
      filed.id,
    ]);
    expect(said.map(({ values }) => values).join()).not.toContain(token);
    const [row] = await office.data.manager.find(InvoiceLink, { where: { invoiceId: list[0]?.id ?? '' } });
    expect(row?.tokenHash.toString('base64url')).not.toBe(token);
    expect(row?.tokenHash).toHaveLength(32);
  });

  it('asked for again: another one, and the old one opens nothing', async () => {
    const filed = await invoices.completed('成都再取医药有限公司');
    const first = await invoices.linkIn(filed, 'invoice');
    const { invoices: list } = await invoices.seen(filed);
    const { link } = await newLink(filed, list[0]?.id ?? '');
    expect(link).not.toBe(first);
    expect((await invoices.open(link)).status).toBe(200);
    expect((await invoices.open(first)).status).toBe(404);
    expect((await invoices.open(`${first}/invoice.pdf`)).status).toBe(404);
    expect((await invoices.seen(filed)).invoiceLink).toBe(link);
    // Nothing was sent: who asked has it.
    expect(await invoices.told(filed)).toEqual(['invoice']);
  });

  it('lives 30 days to the second, and can be asked for after that', async () => {
    const filed = await invoices.completed('成都过期医药有限公司');
    const link = await invoices.linkIn(filed, 'invoice');
    const { invoices: list } = await invoices.seen(filed);
    const [row] = await office.data.manager.find(InvoiceLink, { where: { invoiceId: list[0]?.id ?? '' } });
    const until = row?.until ?? new Date(0);
    expect(until.getTime() - (row?.madeAt.getTime() ?? 0)).toBe(30 * 86_400_000);
    office.clock.stopAt(new Date(until.getTime() - 1000));
    expect((await invoices.open(link)).status).toBe(200);
    office.clock.stopAt(until);
    expect((await invoices.open(link)).status).toBe(404);
    office.clock.set(until);
    await again(filed);
    expect((await invoices.seen(filed)).invoiceLink).toBeNull();
    const { link: next } = await newLink(filed, list[0]?.id ?? '');
    expect((await invoices.open(`${next}/invoice.pdf`)).status).toBe(200);
  });

  it('expired, replaced, foreign, unknown, malformed: the same bytes, whatever is asked for', async () => {
    const filed = await invoices.completed('成都同样医药有限公司');
    const replaced = await invoices.linkIn(filed, 'invoice');
    const { invoices: list } = await invoices.seen(filed);
    const { link: expired } = await newLink(filed, list[0]?.id ?? '');
    await office.data.query(`UPDATE invoice_link SET made_at = made_at - interval '31 days', until = until - interval '31 days' WHERE invoice_id = $1 AND ended_at IS NULL`, [list[0]?.id]); // prettier-ignore
    const base = `${office.api}/api/v1/invoice-links`;
    const cases404 = [
      ...[expired, replaced, `${expired}/invoice.pdf`, `${replaced}/invoice.xml`],
      ...[
        `${base}/${'A'.repeat(43)}`,
        `${base}/x`,
        `${base}/%00`,
        `${base}/%E0%A4%A`,
        `${base}/${'a'.repeat(3000)}`,
        `${base}/${filed.id}`,
      ],
      ...[`${base}/a/b/c`, `${base}/..%2f..%2fhealthz`, `${base}/'%20OR%201=1`, `${base}/x/invoice.exe`, `${base}/`],
    ];
    const answers = await Promise.all(cases404.map((url) => invoices.open(url)));
    expect(new Set(answers.map(({ status, type, body }) => `${status} ${type} ${body.toString('base64')}`)).size).toBe(1);
    expect(answers[0]?.status).toBe(404);
    expect(answers[0]?.body.toString()).toContain('链接无效或已过期');
    const headers = await Promise.all(
      [expired, `${base}/x`].map(async (url) => {
        const all = Object.fromEntries((await fetch(url)).headers);
        return { ...all, date: '', 'x-request-id': '' };
      }),
    );
    expect(headers[0]).toEqual(headers[1]);
  });

  it('is given to nobody but its agent', async () => {
    const filed = await invoices.completed('成都他人医药有限公司');
    const { invoices: list } = await invoices.seen(filed);
    const path = `/api/v1/applications/${filed.id}/invoices/${list[0]?.id}/link`;
    const stranger = await invoices.completed('成都旁人医药有限公司');
    await expectUntouched(office, () => stranger.agent.attempt('POST', path, { json: {} }), notFound);
    const mine = `/api/v1/applications/${stranger.id}/invoices/${list[0]?.id}/link`;
    await expectUntouched(office, () => stranger.agent.attempt('POST', mine, { json: {} }), notFound);
    const finance = await cases.desk('finance');
    expectRefusal(await finance.attempt('POST', path, { json: {} }), { status: 403, code: 'FORBIDDEN_ROLE' });
    expect((await finance.get<{ invoiceLink: unknown }>(`/api/v1/applications/${filed.id}`)).invoiceLink).toBeNull();
  });

  describe('sent to the agent by staff', () => {
    const send = async (filed: FiledCase, invoiceId: string, who = 'customer-service', key?: string) => {
      const person = await cases.desk(who);
      const path = `/api/v1/applications/${filed.id}/invoices/${invoiceId}/link-message`;
      return person.attempt('POST', path, { json: {}, headers: { 'Idempotency-Key': key ?? person.key() } });
    };
    const firstOf = async (filed: FiledCase) => (await invoices.seen(filed)).invoices[0]?.id ?? '';

    it.each(['customer-service', 'finance'])(
      'by %s: the agent’s phone gets another one for 30 days, and the old one opens nothing',
      async (who) => {
        const filed = await invoices.completed(`成都重发${who === 'finance' ? '财' : '客'}医药有限公司`);
        const old = await invoices.linkIn(filed, 'invoice');
        const invoiceId = await firstOf(filed);
        expect((await send(filed, invoiceId, who)).status).toBe(202);
        const link = await invoices.linkIn(filed, 'invoice-link');
        expect(link).not.toBe(old);
        expect([(await invoices.open(old)).status, (await invoices.open(`${link}/invoice.pdf`)).status]).toEqual([404, 200]);
        expect((await invoices.seen(filed)).invoiceLink).toBe(link);
        const row = await office.data.manager.findOneByOrFail(InvoiceLink, { invoiceId, endedAt: IsNull() });
        expect(row.until.getTime() - row.madeAt.getTime()).toBe(30 * 86_400_000);
        const sent = { subject: `application/${filed.id}`, action: 'invoice.link-sent' } as const;
        expect(await office.data.manager.findBy(AuditEntry, sent)).toMatchObject([{ actorKind: 'staff' }]);
      },
    );

    it('the same key sends it once, another sends another', async () => {
      const filed = await invoices.completed('成都同发医药有限公司');
      const invoiceId = await firstOf(filed);
      const { key } = await cases.desk('customer-service');
      const same = key();
      for (let time = 0; time < 2; time += 1) expect((await send(filed, invoiceId, 'customer-service', same)).status).toBe(202);
      const first = await invoices.linkIn(filed, 'invoice-link');
      await send(filed, invoiceId);
      await cases.received(filed, 'invoice-link', 2);
      expect(await invoices.told(filed)).toEqual(['invoice', 'invoice-link', 'invoice-link']);
      expect((await invoices.open(first)).status).toBe(404);
    });

    it('not by anybody else, not without a key, not for another case’s invoice, nor for one that is not made', async () => {
      const [filed, other] = [await invoices.completed('成都拒发医药有限公司'), await invoices.completed('成都旁发医药有限公司')];
      const invoiceId = await firstOf(filed);
      for (const who of ['reviewer', 'clerk', 'supervisor', 'dispatcher', 'auditor'])
        await expectUntouched(office, () => send(filed, invoiceId, who), { status: 403, code: 'FORBIDDEN_ROLE' });
      await expectUntouched(office, () => send(other, invoiceId), notFound);
      await expectUntouched(office, () => send(filed, filed.id), notFound);
      await expectUntouched(office, () => send({ ...filed, id: 'none' }, invoiceId), notFound);
      const path = `/api/v1/applications/${filed.id}/invoices/${invoiceId}/link-message`;
      const finance = await cases.desk('finance');
      await expectUntouched(office, () => finance.attempt('POST', path, { json: {} }), { status: 400, code: 'IDEMPOTENCY_KEY_MISSING' });
      const headers = { 'Idempotency-Key': finance.key() };
      const toMe = () => finance.attempt('POST', path, { json: { phone: '13900000000' }, headers });
      await expectUntouched(office, toMe, invalid({ phone: 'FIELD_UNKNOWN' }));
    });

    it('not before there is anything to open', async () => {
      await office.fault('invoice', 'error', { count: 1_000 });
      const filed = await cases.awaitingPayment({ name: '成都未开医药有限公司' });
      await cases.pay(filed);
      const queued = await office.until(async () => (await invoices.rows(filed))[0] ?? null, 'the invoice in the queue');
      await expectUntouched(office, () => send(filed, queued.id), { status: 409, code: 'INVOICE_UNDER_WAY' });
      await office.clearFaults('invoice');
    });
  });
});
