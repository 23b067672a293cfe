import { deliveryAfter, receiverProblems, resendingOf, sameReceiver, type Delivery } from './parcels.js';

const at = (hour: number) => new Date(Date.UTC(2026, 2, 6, hour));
const event = (delivery: Delivery, hour: number) => ({ delivery, at: at(hour) });

describe('what a courier tells', () => {
  it.each<[string, Parameters<typeof deliveryAfter>, boolean]>([
    ['the first event counts, whatever it is', [null, event('delivered', 9)], true],
    ['picked up, then delivered', [event('picked-up', 9), event('delivered', 10)], true],
    ['picked up, then returned', [event('picked-up', 9), event('returned', 10)], true],
    ['picked up, then lost', [event('picked-up', 9), event('lost', 10)], true],
    ['lost, and turned up at its receiver', [event('lost', 9), event('delivered', 10)], true],
    ['lost, and turned up at the office', [event('lost', 9), event('returned', 10)], true],
    ['lost, and picked up again: it is still lost', [event('lost', 9), event('picked-up', 10)], false],
    ['told twice', [event('delivered', 9), event('delivered', 9)], false],
    ['an earlier event that comes late', [event('delivered', 10), event('picked-up', 9)], false],
    ['an earlier return that comes after the pick-up', [event('picked-up', 10), event('returned', 9)], false],
    ['delivered is the end', [event('delivered', 9), event('lost', 10)], false],
    ['returned is the end of this sending', [event('returned', 9), event('delivered', 10)], false],
  ])('%s', (_, given, counts) => {
    expect(deliveryAfter(...given)).toBe(counts);
  });
});

describe('a corrected receiver', () => {
  const good = { recipient: '王某某', phone: '17100020001', address: '成都市武侯区信印路 7 号 701' };
  it('keeps the rules of the form', () => {
    expect(receiverProblems(good, at(0))).toEqual([]);
    expect(receiverProblems({ recipient: '', phone: '123', address: '' }, at(0)).map(({ field, code }) => [field, code])).toEqual([
      ['recipient', 'FIELD_REQUIRED'],
      ['phone', 'PHONE_INVALID'],
      ['address', 'FIELD_REQUIRED'],
    ]);
  });
});

describe('what a dispatcher may do about a letter', () => {
  const letter = { state: 'handed-over', sendings: 1, delivery: null, batchAtWork: false } as const;
  it.each([
    ['on its way', {}, { refused: 'PARCEL_NOT_RETURNED' }],
    ['delivered', { delivery: 'delivered' }, { refused: 'PARCEL_NOT_RETURNED' }],
    ['back at the office', { delivery: 'returned' }, 'send-again'],
    ['back for the second time', { delivery: 'returned', sendings: 2 }, 'send-again'],
    ['here for the first time', { state: 'bound' }, { refused: 'PARCEL_NOT_RETURNED' }],
    ['waiting to go out again', { state: 'bound', sendings: 2 }, 'readdress'],
    ['waiting while a batch is at work, and not packed yet', { state: 'bound', sendings: 2, batchAtWork: true }, 'readdress'],
    ['packed and left over from a Friday', { state: 'packed', sendings: 2 }, 'readdress'],
    ['packed in a batch at work', { state: 'packed', sendings: 2, batchAtWork: true }, { refused: 'PARCEL_PACKED' }],
    ['gone out again', { sendings: 2 }, { refused: 'PARCEL_NOT_RETURNED' }],
  ] as const)('D %s: %j', (_, change, expected) => {
    expect(resendingOf({ ...letter, ...change })).toEqual(expected);
  });

  it('D a receiver is the same when all of it is', () => {
    const one = { recipient: '王某某', phone: '17100020001', address: '成都市武侯区信印路 7 号 701' };
    expect(sameReceiver(one, { ...one })).toBe(true);
    expect(sameReceiver(null, null)).toBe(true);
    for (const other of [null, { ...one, recipient: '李某' }, { ...one, phone: '17100020002' }, { ...one, address: '成都市' }])
      expect(sameReceiver(one, other)).toBe(false);
  });
});
