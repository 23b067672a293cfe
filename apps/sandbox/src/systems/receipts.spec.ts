import { parseSmsReceipt } from '#gateways';
import { listen, specWorld } from '../spec/world.js';

const ear = await listen('/receipts');
afterAll(() => ear.close());
const world = specWorld({ smsReceipts: ear.target });
beforeEach(async () => {
  ear.heard.length = 0;
  await world.start();
});
afterEach(world.close);
const SMS = { idempotencyKey: 'case-1/sms', phone: '13800138000', text: '您好', template: 'completed' };
const RECEIPT = { messageId: 'M0000000001', status: 'delivered', at: '2026-03-06T04:00:00.000Z' };

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
});
