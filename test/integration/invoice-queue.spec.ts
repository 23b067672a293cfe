/** The queue of invoices over real rows and the service over HTTP, without the engine: order, keys, what is refused, what is taken back. */
import { randomUUID } from 'node:crypto';
import { createBusinessActivities } from '#activities';
import { publishedHolidays } from '#config';
import { fen } from '#domain';
import { Invoice, InvoiceCorrection, InvoiceLink } from '#persistence';
import { openOffice, type Office } from '../world/office.js';
import { anApplication, anOrder, NOW } from './rows.js';

const FEE = 25_000;
const LINES = [
  { code: 'opening', quantity: 1, unitFen: fen(5_000), amountFen: fen(5_000) },
  { code: 'annual-service', quantity: 1, unitFen: fen(20_000), amountFen: fen(20_000) },
] as const;
const OTHER = '91510100MA6200029R';

describe('the queue of invoices', () => {
  let office: Office;
  let act: ReturnType<typeof createBusinessActivities>;
  beforeAll(async () => {
    office = await openOffice({ workers: false });
    const { data, clock, gateways, objects, settings } = office;
    const keys = { ...settings, apiUrl: 'http://127.0.0.1:9' };
    act = createBusinessActivities({ ...keys, data, now: clock.now, holidays: publishedHolidays, gateways, objects });
  }, 120_000);
  afterEach(async () => {
    await office.clearFaults('invoice');
    await makeAll();
  });
  afterAll(() => office.close(), 60_000);

  /** Paid, complete at that instant, and not invoiced yet. */
  async function complete(name: string, completedAt: string, uscc = '91510100MA62000110'): Promise<{ id: string; orderId: string }> {
    const { data } = office;
    const id = await anApplication(data, { certificateName: name, uscc, completedAt: new Date(completedAt) });
    const orderId = await anOrder(data, {
      ...{ applicationId: id, certificateName: name, payerKey: name, lines: [...LINES], amountFen: FEE, receivedFen: FEE },
      ...{ status: 'paid', paidAt: NOW },
    });
    return { id, orderId };
  }
  const rows = (applicationId: string) => office.data.manager.find(Invoice, { where: { applicationId }, order: { sequence: 'ASC' } });
  const titles = async (among: string[]) => {
    const all = (await (await fetch(`${office.sandbox.base}/invoice/invoices`)).json()) as { title: string; colour: string }[];
    return all
      .filter(({ title }) => among.includes(title))
      .map(({ title, colour }) => `${colour} ${title}`)
      .reverse();
  };
  const makeNext = () => act.issueDueInvoices({});
  /** As the queue's run does it: on to the next when whoever waits for this one was told. */
  const makeAll = async () => {
    for (let told = await makeNext(); told.length > 0; told = await makeNext()) await act.noteInvoicesTold({ told });
  };

  it('first completed, first invoiced, in whatever order they came to ask, and however long the service was away', async () => {
    const third = await complete('成都第三医药有限公司', '2026-03-02T06:00:00.000Z');
    const first = await complete('成都第一医药有限公司', '2026-03-02T04:00:00.000Z');
    await office.fault('invoice', 'error');
    await act.orderInvoice({ applicationId: third.id });
    await expect(makeNext()).rejects.toMatchObject({ code: 'GATEWAY_UNAVAILABLE' });
    await act.orderInvoice({ applicationId: first.id });
    await expect(makeNext()).rejects.toMatchObject({ code: 'GATEWAY_UNAVAILABLE' });
    const second = await complete('成都第二医药有限公司', '2026-03-02T05:00:00.000Z');
    await act.orderInvoice({ applicationId: second.id });
    expect((await rows(first.id)).map(({ state, tries }) => [state, tries])).toEqual([['queued', 1]]);
    await office.clearFaults('invoice');
    await makeAll();
    expect(await titles(['成都第一医药有限公司', '成都第二医药有限公司', '成都第三医药有限公司'])).toEqual([
      'blue 成都第一医药有限公司',
      'blue 成都第二医药有限公司',
      'blue 成都第三医药有限公司',
    ]);
  });

  it('asked for many times at once: one row, one invoice, one link', async () => {
    const { id } = await complete('成都并发医药有限公司', '2026-03-03T04:00:00.000Z');
    const answers = await Promise.all([1, 2, 3, 4, 5].map(() => act.orderInvoice({ applicationId: id })));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    await Promise.all([makeNext(), makeNext()]);
    await makeAll();
    expect(await titles(['成都并发医药有限公司'])).toEqual(['blue 成都并发医药有限公司']);
    expect(await act.orderInvoice({ applicationId: id })).toBe('ordered');
    const [invoice] = await rows(id);
    expect(await office.data.manager.countBy(InvoiceLink, { invoiceId: invoice?.id ?? '' })).toBe(1);
  });

  it('says of the last one that nothing was due behind it', async () => {
    const names = ['成都头张医药有限公司', '成都末张医药有限公司'];
    for (const [index, name] of names.entries()) {
      const { id } = await complete(name, `2026-03-03T0${5 + index}:00:00.000Z`);
      await act.orderInvoice({ applicationId: id });
    }
    const told = await makeNext();
    expect(told.map(({ last }) => last)).toEqual([undefined, true]);
    await act.noteInvoicesTold({ told });
    expect(await makeNext()).toEqual([]);
  });

  it('the answer is lost: the same key is asked again, and one invoice is made', async () => {
    const { id } = await complete('成都失答医药有限公司', '2026-03-04T04:00:00.000Z');
    await act.orderInvoice({ applicationId: id });
    await office.fault('invoice', 'lost-answer', { count: 1, delayMs: 0 });
    await makeNext().catch(() => undefined);
    await makeAll();
    expect(await titles(['成都失答医药有限公司'])).toEqual(['blue 成都失答医药有限公司']);
    expect(await rows(id)).toMatchObject([{ state: 'issued', amountFen: FEE }]);
  });

  it('its PDF and XML are kept here, and what they say is what was ordered', async () => {
    const { id } = await complete('成都存档医药有限公司', '2026-03-05T04:00:00.000Z');
    await act.orderInvoice({ applicationId: id });
    await makeAll();
    const [invoice] = await rows(id);
    expect((await office.objects.get(invoice?.pdfSha256 ?? '')).subarray(0, 5).toString()).toBe('%PDF-');
    const xml = (await office.objects.get(invoice?.xmlSha256 ?? '')).toString('utf8');
    expect(xml).toContain(`<InvoiceNumber>${invoice?.invoiceNumber}</InvoiceNumber>`);
    expect(xml).toContain('<BuyerName>成都存档医药有限公司</BuyerName>');
    expect(xml).toContain('<TotalTax-includedAmount>250.00</TotalTax-includedAmount>');
  });

  it('what is wrong by our own rules is not sent, and lets those behind it pass; so does what the service refuses', async () => {
    const wrong = await complete('成都错号医药有限公司', '2026-03-06T04:00:00.000Z', '91510100MA62000111');
    const unknown = await complete('成都不识医药有限公司', '2026-03-06T05:00:00.000Z', OTHER);
    const right = await complete('成都正好医药有限公司', '2026-03-06T06:00:00.000Z');
    await setUnknown(OTHER, true);
    for (const { id } of [wrong, unknown, right]) await act.orderInvoice({ applicationId: id });
    await makeAll();
    expect((await rows(wrong.id)).map(({ state, refusedCode }) => [state, refusedCode])).toEqual([['refused', 'INVOICE_REFUSED']]);
    expect((await rows(unknown.id)).map(({ state, refusedCode }) => [state, refusedCode])).toEqual([['refused', 'GATEWAY_REFUSED']]);
    expect(await rows(right.id)).toMatchObject([{ state: 'issued' }]);

    await setUnknown(OTHER, false);
    const [refused] = await rows(unknown.id);
    await act.requeueInvoice({ invoiceId: refused?.id ?? '', by: randomUUID() });
    await makeAll();
    expect(await rows(unknown.id)).toMatchObject([{ state: 'issued', tries: 0 }]);
    await expect(act.requeueInvoice({ invoiceId: refused?.id ?? '', by: randomUUID() })).rejects.toMatchObject({
      code: 'INVOICE_NOT_REFUSED',
    });

    const correctionId = await correction(wrong.id, '成都错号医药有限公司', '91510100MA62000110');
    await act.openInvoiceCorrection({ correctionId });
    await makeAll();
    expect((await rows(wrong.id)).map(({ colour, state }) => [colour, state])).toEqual([
      ['blue', 'void'],
      ['blue', 'issued'],
    ]);
    expect(await act.orderInvoice({ applicationId: wrong.id })).toBe('replaced');
  });

  it('corrected: the red one names the old one, the new one has the new data; asked again, nothing more', async () => {
    const { id } = await complete('成都旧名医药有限公司', '2026-03-07T04:00:00.000Z');
    await act.orderInvoice({ applicationId: id });
    await makeAll();
    const correctionId = await correction(id, '成都新名医药有限公司', OTHER);
    const [one, two] = [await act.openInvoiceCorrection({ correctionId }), await act.openInvoiceCorrection({ correctionId })];
    expect(two).toEqual(one);
    await makeAll();
    const [blue, red, next] = await rows(id);
    expect(red).toMatchObject({ colour: 'red', reverses: blue?.id, title: '成都旧名医药有限公司', amountFen: FEE, state: 'issued' });
    expect(next).toMatchObject({ colour: 'blue', title: '成都新名医药有限公司', taxNumber: OTHER, amountFen: FEE, state: 'issued' });
    expect(one.invoiceId).toBe(next?.id);
    expect(await rows(id)).toHaveLength(3);
    expect(await titles(['成都旧名医药有限公司', '成都新名医药有限公司'])).toEqual([
      'blue 成都旧名医药有限公司',
      'red 成都旧名医药有限公司',
      'blue 成都新名医药有限公司',
    ]);
  });

  it('a red one whose blue one was refused waits for a person, and is made once both are mended', async () => {
    const { id } = await complete('成都红前医药有限公司', '2026-03-08T04:00:00.000Z', OTHER);
    await setUnknown(OTHER, true);
    await act.orderInvoice({ applicationId: id });
    // Asked for while the first is in the queue: the API would refuse it, and the queue holds the order all the same.
    await act.openInvoiceCorrection({ correctionId: await correction(id, '成都红后医药有限公司', '91510100MA62000110') });
    await makeAll();
    expect((await rows(id)).map(({ colour, state }) => [colour, state])).toEqual([
      ['blue', 'refused'],
      ['red', 'refused'],
      ['blue', 'issued'],
    ]);
    await setUnknown(OTHER, false);
    for (const { id: invoiceId } of (await rows(id)).slice(0, 2)) await act.requeueInvoice({ invoiceId, by: randomUUID() });
    await makeAll();
    expect((await rows(id)).map(({ state }) => state)).toEqual(['issued', 'issued', 'issued']);
  });

  it('what an invoice says never changes, nor its number; nothing is deleted', async () => {
    const { id } = await complete('成都不改医药有限公司', '2026-03-09T04:00:00.000Z');
    await act.orderInvoice({ applicationId: id });
    await makeAll();
    for (const change of [`amount_fen = 1`, `title = '别的公司'`, `invoice_number = '26512000000000000009'`, `state = 'queued'`])
      await expect(office.data.query(`UPDATE invoice SET ${change} WHERE application_id = $1`, [id])).rejects.toThrow(
        /never changes|stays so/,
      );
    await expect(office.data.query(`DELETE FROM invoice WHERE application_id = $1`, [id])).rejects.toThrow(/never changes/);
  });

  it('nothing is invoiced that was not paid', async () => {
    const { id } = await complete('成都未付医药有限公司', '2026-03-10T04:00:00.000Z');
    await office.data.query(`UPDATE fee_order SET status = 'open', received_fen = 0 WHERE application_id = $1`, [id]);
    expect(await act.orderInvoice({ applicationId: id })).toBe('nothing-paid');
    expect(await rows(id)).toEqual([]);
  });

  async function correction(applicationId: string, title: string, taxNumber: string): Promise<string> {
    const id = randomUUID();
    const asked = { askedByKind: 'applicant', askedBy: null, askedAt: office.clock.now(), startedAt: null, doneAt: null } as const;
    await office.data.manager.insert(InvoiceCorrection, { id, applicationId, title, taxNumber, ...asked });
    return id;
  }
  async function setUnknown(taxNumber: string, unknown: boolean): Promise<void> {
    await fetch(`${office.sandbox.base}/invoice/unknown-buyers`, {
      method: 'PUT',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ taxNumber, unknown }),
    });
  }
});
