/** Each system as our adapters meet it, over real HTTP, when nothing goes wrong; and what survives a restart. */
import { specWorld } from '../spec/world.js';

const world = specWorld();
beforeEach(world.start);
afterEach(world.close);

const USCC = '91510100MA6CEXAMP1';
const SMS = { idempotencyKey: 'case-1/sms/completed', phone: '13800138000', text: '【信印】您好', template: 'completed' };
const ACCOUNT = { uscc: USCC, account: 'yp-0001' };
const BINDING = { idempotencyKey: 'case-1/bind', ...ACCOUNT, certificateSerial: '00A1B2', certificateName: '成都某某药业有限公司' };
const ORDER = {
  idempotencyKey: 'case-1/invoice',
  title: '成都某某药业有限公司',
  taxNumber: USCC,
  amountFen: 45000,
  lines: [
    { name: '证书服务费', quantity: 2, amountFen: 40000 },
    { name: '开户费', quantity: 1, amountFen: 5000 },
  ],
};
const WAYBILL = {
  idempotencyKey: 'case-1/waybill',
  receiver: { name: '张三', phone: '13800138000', address: '成都市高新区某路 1 号', organisation: '成都某某药业有限公司' },
  contents: '证书盘',
};
const certify = () => world.people('POST', '/platform/role-accounts', { ...ACCOUNT, kind: 'drug-production', status: 'certified' });
const codeOf = (call: Promise<unknown>) =>
  call.then(
    () => 'done',
    (failure: { code: string; params: { reason?: string } }) => `${failure.code} ${failure.params.reason}`,
  );

describe('SMS', () => {
  it('stands in the inbox of its phone only, newest first', async () => {
    await world.gateways.sms.send(SMS);
    await world.gateways.sms.send({ ...SMS, idempotencyKey: 'case-2/sms', phone: '13900139000' });
    await world.gateways.sms.send({ ...SMS, idempotencyKey: 'case-1/sms/dispatched', text: '已寄出' });
    const { value } = await world.people('GET', '/sms/messages?phone=13800138000');
    expect(value).toMatchObject([{ text: '已寄出' }, { text: '【信印】您好', template: 'completed', at: '2026-03-06T04:00:00.000Z' }]);
  });

  it('to something that is no phone is refused', async () => {
    expect(await codeOf(world.gateways.sms.send({ ...SMS, phone: '110' }))).toBe('GATEWAY_REFUSED INPUT_INVALID');
  });
});

describe('platform', () => {
  it('does not know an account nobody registered', async () => {
    expect(await world.gateways.platform.roleAccount(ACCOUNT)).toEqual({ status: 'unknown', kind: null, certifiedAt: null });
    expect(await codeOf(world.gateways.platform.bind(BINDING))).toBe('GATEWAY_REFUSED ACCOUNT_UNKNOWN');
  });

  it('tells since when an account is certified: from the first time on, until it is taken back', async () => {
    const told = async () => (await world.gateways.platform.roleAccount(ACCOUNT)).certifiedAt?.toISOString() ?? null;
    const account = { ...ACCOUNT, kind: 'drug-production' };
    const status = (to: string) => world.people('PATCH', '/platform/role-accounts', { ...ACCOUNT, status: to });
    await world.people('POST', '/platform/role-accounts', { ...account, status: 'certified', certifiedAt: '2026-03-05T15:59:59.000Z' });
    expect(await told()).toBe('2026-03-05T15:59:59.000Z');
    await status('certified');
    expect(await told()).toBe('2026-03-05T15:59:59.000Z');
    await status('uncertified');
    expect(await told()).toBeNull();
    // The clock of this world stands at noon.
    await status('certified');
    expect(await told()).toBe('2026-03-06T04:00:00.000Z');
    await world.restart();
    expect(await told()).toBe('2026-03-06T04:00:00.000Z');
  });

  it('need not tell: of the guide’s own example nobody knows since when', async () => {
    const sample = { uscc: '91510100MA6GD00067', account: 'sc0006' };
    expect(await world.gateways.platform.roleAccount(sample)).toEqual({ status: 'certified', kind: 'drug-production', certifiedAt: null });
  });

  it('binds once the account is certified, not before', async () => {
    await world.people('POST', '/platform/role-accounts', { ...ACCOUNT, kind: 'drug-production', status: 'uncertified' });
    expect(await codeOf(world.gateways.platform.bind(BINDING))).toBe('GATEWAY_REFUSED ACCOUNT_NOT_CERTIFIED');
    await world.people('PATCH', '/platform/role-accounts', { ...ACCOUNT, status: 'certified' });
    expect(await world.gateways.platform.roleAccount(ACCOUNT)).toMatchObject({ status: 'certified', kind: 'drug-production' });
    const { bindingId, initialPassword } = await world.gateways.platform.bind(BINDING);
    expect(initialPassword).toMatch(/^[A-HJ-NP-Za-hjkm-z2-9]{10}$/);
    const { value } = await world.people('GET', '/platform/bindings');
    expect(value).toEqual([
      { bindingId, ...ACCOUNT, certificateSerial: '00A1B2', certificateName: '成都某某药业有限公司', at: '2026-03-06T04:00:00.000Z' },
    ]);
  });

  it.each([
    'drug-production',
    'drug-distribution',
    'consumables-domestic-production',
    'consumables-overseas',
    'consumables-distribution',
    'reagents-domestic-production',
    'reagents-overseas',
    'reagents-distribution',
  ])('knows the account kind %s', async (kind) => {
    expect((await world.people('POST', '/platform/role-accounts', { ...ACCOUNT, kind, status: 'certified' })).status).toBe(201);
  });

  it('knows no ninth kind', async () => {
    expect((await world.people('POST', '/platform/role-accounts', { ...ACCOUNT, kind: 'sub-account', status: 'certified' })).status).toBe(
      422,
    );
  });
});

describe('e-invoice', () => {
  it('opens by its link, for anybody who has it', async () => {
    const { invoiceNumber, link } = await world.gateways.invoice.order(ORDER);
    expect(invoiceNumber).toBe('26512000000000000001');
    expect(link).toMatch(/\/invoice\/files\/[A-Za-z0-9_-]{43}\.pdf$/);
    const response = await fetch(link);
    expect([response.headers.get('content-type'), (await response.text()).slice(0, 8)]).toEqual(['application/pdf', '%PDF-1.7']);
    expect(world.printed[0]).toContain('肆佰伍拾元整');
  });

  it.each(['AAAA.pdf', '..%2f..%2finvoice.jsonl', `${'A'.repeat(43)}.pdf`])('does not open %s', async (name) => {
    expect((await fetch(`${world.url}/invoice/files/${name}`)).status).toBe(404);
  });

  it('has its files as PDF and XML, with net and tax worked out by line', async () => {
    const { invoiceNumber } = await world.gateways.invoice.order(ORDER);
    const { pdf, xml } = await world.gateways.invoice.files(invoiceNumber);
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    const text = xml.toString('utf8');
    // 450.00 with 6 %: 50.00 is 47.17 and 2.83, 400.00 is 377.36 and 22.64.
    expect(text).toContain('<TotalAmWithoutTax>424.53</TotalAmWithoutTax>');
    expect(text).toContain('<TotalTaxAm>25.47</TotalTaxAm>');
    expect(text).toContain('<TotalTax-includedAmount>450.00</TotalTax-includedAmount>');
    expect(await codeOf(world.gateways.invoice.files('26512000000000009999'))).toBe('GATEWAY_REFUSED NOT_FOUND');
  });

  it('is taken back by a red one, once; a red one is not taken back', async () => {
    const { invoiceNumber } = await world.gateways.invoice.order(ORDER);
    const reversal = { idempotencyKey: 'refund-1/red', invoiceNumber, reason: 'refund' } as const;
    const red = await world.gateways.invoice.reverse(reversal);
    expect(await world.gateways.invoice.reverse(reversal)).toEqual(red);
    const again = { ...reversal, idempotencyKey: 'refund-2/red' };
    expect(await codeOf(world.gateways.invoice.reverse(again))).toBe('GATEWAY_REFUSED ALREADY_REVERSED');
    const back = { ...reversal, idempotencyKey: 'refund-3/red', invoiceNumber: red.invoiceNumber };
    expect(await codeOf(world.gateways.invoice.reverse(back))).toBe('GATEWAY_REFUSED NOT_FOUND');
    const xml = (await world.gateways.invoice.files(red.invoiceNumber)).xml.toString('utf8');
    expect(xml).toContain(`<OriginalInvoiceNumber>${invoiceNumber}</OriginalInvoiceNumber>`);
    expect(xml).toContain('<TotalTax-includedAmount>-450.00</TotalTax-includedAmount>');
    expect(world.printed[1]).toContain('销货退回');
    await world.restart();
    expect(await world.gateways.invoice.reverse(reversal)).toMatchObject({ invoiceNumber: red.invoiceNumber });
  });

  it('for a buyer whom the tax office does not know is refused, until it does', async () => {
    const told = (unknown: boolean) => world.people('PUT', '/invoice/unknown-buyers', { taxNumber: ORDER.taxNumber, unknown });
    expect((await told(true)).status).toBe(204);
    expect(await codeOf(world.gateways.invoice.order(ORDER))).toBe('GATEWAY_REFUSED BUYER_UNKNOWN');
    await told(false);
    expect((await world.gateways.invoice.order(ORDER)).invoiceNumber).toMatch(/^26512/);
    expect((await world.people('PUT', '/invoice/unknown-buyers', { taxNumber: 'x', unknown: true })).status).toBe(422);
  });

  it('whose lines do not add up is refused', async () => {
    expect(await codeOf(world.gateways.invoice.order({ ...ORDER, amountFen: 45001 }))).toBe('GATEWAY_REFUSED AMOUNTS_DIFFER');
  });

  it('escapes what a name holds', async () => {
    await world.gateways.invoice.order({ ...ORDER, title: '<img src=x onerror=alert(1)>' });
    expect(world.printed[0]).not.toContain('<img');
  });

  it('ordered twice at the same time is printed once', async () => {
    const [first, second] = await Promise.all([world.gateways.invoice.order(ORDER), world.gateways.invoice.order(ORDER)]);
    expect(second).toEqual(first);
    expect(world.printed).toHaveLength(1);
  });

  it('two at the same time have two numbers', async () => {
    const orders = ['case-1/invoice', 'case-2/invoice'].map((idempotencyKey) => world.gateways.invoice.order({ ...ORDER, idempotencyKey }));
    expect((await Promise.all(orders)).map(({ invoiceNumber }) => invoiceNumber).sort()).toEqual([
      '26512000000000000001',
      '26512000000000000002',
    ]);
  });
});

describe('courier', () => {
  it('gives a number and the waybill with its bar code', async () => {
    const { trackingNumber, pdf } = await world.gateways.courier.createWaybill(WAYBILL);
    expect(trackingNumber).toBe('KD000000000001');
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    expect(world.printed[0]).toMatch(/<svg [^]*KD000000000001/);
  });
});

describe('the same idempotency key', () => {
  const everything = async () => [
    await world.gateways.sms.send(SMS),
    await world.gateways.platform.bind(BINDING),
    await world.gateways.invoice.order(ORDER),
    await world.gateways.courier.createWaybill(WAYBILL),
  ];

  it('gets the same answer, and nothing is done twice', async () => {
    await certify();
    expect(await everything()).toEqual(await everything());
    expect((await world.people('GET', '/sms/messages')).value).toHaveLength(1);
    expect((await world.people('GET', '/platform/bindings')).value).toHaveLength(1);
    expect(world.printed).toHaveLength(2);
  });

  it('gets the same answer after a restart, but for the address of the link', async () => {
    await certify();
    const withoutAddress = (answers: unknown) => JSON.stringify(answers).replace(/127\.0\.0\.1:\d+/, 'here');
    const before = withoutAddress(await everything());
    await world.restart();
    expect(withoutAddress(await everything())).toBe(before);
    expect((await world.people('GET', '/sms/messages')).value).toHaveLength(1);
    expect(world.printed).toHaveLength(2);
  });

  it('with other content is refused, also after a restart', async () => {
    await world.gateways.sms.send(SMS);
    const other = { ...SMS, text: '别的' };
    expect(await codeOf(world.gateways.sms.send(other))).toBe('GATEWAY_REFUSED IDEMPOTENCY_KEY_REUSED');
    await world.restart();
    expect(await codeOf(world.gateways.sms.send(other))).toBe('GATEWAY_REFUSED IDEMPOTENCY_KEY_REUSED');
  });

  it('of a refused call may be used again once the reason is gone', async () => {
    expect(await codeOf(world.gateways.platform.bind(BINDING))).toBe('GATEWAY_REFUSED ACCOUNT_UNKNOWN');
    await certify();
    expect(await codeOf(world.gateways.platform.bind(BINDING))).toBe('done');
  });

  it('new work after a restart goes on counting', async () => {
    await world.gateways.courier.createWaybill(WAYBILL);
    await world.restart();
    const { trackingNumber } = await world.gateways.courier.createWaybill({ ...WAYBILL, idempotencyKey: 'case-2/waybill' });
    expect(trackingNumber).toBe('KD000000000002');
  });
});

describe('a machine endpoint', () => {
  it('refuses a wrong secret', async () => {
    expect(await codeOf(world.gatewaysWith({ secret: 'not the secret' }).sms.send(SMS))).toBe('GATEWAY_REFUSED unsigned');
    expect((await world.people('GET', '/sms/messages')).value).toEqual([]);
  });

  it('refuses an unknown key', async () => {
    expect(await codeOf(world.gatewaysWith({ keyId: 'stranger' }).bank.statement('2026-03-06'))).toBe('GATEWAY_REFUSED unsigned');
  });

  it('refuses a clock that is six minutes off, and says so', async () => {
    const late = world.gatewaysWith({}, () => new Date('2026-03-06T04:06:00Z'));
    expect(await codeOf(late.sms.send(SMS))).toBe('GATEWAY_REFUSED SIGNATURE_EXPIRED');
  });

  it('refuses whoever does not sign', async () => {
    expect((await world.people('POST', '/sms/messages', SMS)).status).toBe(401);
    expect((await world.people('GET', '/bank/statements/2026-03-06')).status).toBe(401);
  });
});
