import { parseSmsReceipt } from '#gateways';
import { listen, specWorld } from '../spec/world.js';

const ear = await listen('/receipts');
afterAll(() => ear.close());
const ear2 = await listen('/receipts2');
afterAll(() => ear2.close());
const world = specWorld({ smsReceipts: { sms: ear.target, sms2: ear2.target } });
beforeEach(async () => {
  ear.heard.length = 0;
  ear2.heard.length = 0;
  await world.start();
});
afterEach(world.close);
const SMS = { idempotencyKey: 'case-1/sms', phone: '13800138000', text: '您好', template: 'completed' };
const RECEIPT = { messageId: 'M0000000001', status: 'delivered', at: new Date('2026-03-06T04:00:00.000Z'), code: null };
const FAILED = { ...RECEIPT, status: 'failed', code: 'phone-off' };
const shown = async (operator: string) => ((await world.people('GET', `/${operator}/messages`)).value as unknown[]).length;

describe('delivery receipts', () => {
  it('come signed, in the form our API reads', async () => {
    await world.gateways.sms.send(SMS);
    expect((await ear.until(1)).map(parseSmsReceipt)).toEqual([RECEIPT]);
  });

  it('duplicate: come twice for one message', async () => {
    await world.people('POST', '/faults', { system: 'sms', kind: 'duplicate', count: 1 });
    await world.gateways.sms.send(SMS);
    expect((await ear.until(2)).map(parseSmsReceipt)).toEqual([RECEIPT, RECEIPT]);
  });

  it('come once for a message sent twice with one key', async () => {
    await world.gateways.sms.send(SMS);
    await world.gateways.sms.send(SMS);
    await world.gateways.sms.send({ ...SMS, idempotencyKey: 'case-2/sms' });
    expect((await ear.until(2)).map(parseSmsReceipt)).toMatchObject([{ messageId: 'M0000000001' }, { messageId: 'M0000000002' }]);
  });

  it('undeliverable: taken, and the phone shows nothing; the receipt says why', async () => {
    await world.people('POST', '/faults', { system: 'sms', kind: 'undeliverable', count: 1 });
    expect(await world.gateways.sms.send(SMS)).toEqual({ messageId: 'M0000000001' });
    expect((await ear.until(1)).map(parseSmsReceipt)).toEqual([FAILED]);
    expect(await shown('sms')).toBe(0);
  });

  it('receipt lost: the phone shows it, and only the next one is reported, also after a restart', async () => {
    await world.people('POST', '/faults', { system: 'sms', kind: 'receipt-lost', count: 1 });
    await world.gateways.sms.send(SMS);
    await world.restart();
    await world.gateways.sms.send({ ...SMS, idempotencyKey: 'case-2/sms' });
    expect((await ear.until(1)).map(parseSmsReceipt)).toMatchObject([{ messageId: 'M0000000002' }]);
    expect(await shown('sms')).toBe(2);
  });

  it('two operators: each has its own phones, numbers, faults and address for receipts', async () => {
    await world.people('POST', '/faults', { system: 'sms', kind: 'undeliverable' });
    await world.gateways.sms.send(SMS);
    expect(await world.gateways.sms2.send(SMS)).toEqual({ messageId: 'M0000000001' });
    expect((await ear.until(1)).map(parseSmsReceipt)).toEqual([FAILED]);
    expect((await ear2.until(1)).map(parseSmsReceipt)).toEqual([RECEIPT]);
    expect([await shown('sms'), await shown('sms2')]).toEqual([0, 1]);
  });

  it('nobody orders at the bank what only happens to messages', async () => {
    expect((await world.people('POST', '/faults', { system: 'bank', kind: 'undeliverable' })).status).toBe(422);
  });
});
