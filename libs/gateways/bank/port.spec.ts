import { XinyinError } from '#domain';
import { parseSmsReceipt } from '../sms/port.js';
import { parseBankPush } from './port.js';

const PUSH = {
  reference: '2026030600000001',
  bookedAt: '2026-03-06T10:00:00+08:00',
  currency: 'CNY',
  amountFen: 45000,
  payerName: '成都某某药业有限公司',
  payerAccount: '5100123',
  payerAccountType: 'corporate',
  remittance: 'XB-1',
};
const fieldsOf = (read: () => unknown) => {
  try {
    read();
  } catch (failure) {
    if (failure instanceof XinyinError && failure.code === 'INPUT_INVALID')
      return failure.fields.map(({ field, code }) => `${field} ${code}`);
  }
  return [];
};

describe("the bank's push", () => {
  it('is read, its instant in UTC', () => {
    const { currency: _, ...credit } = PUSH;
    expect(parseBankPush(PUSH)).toEqual({ ...credit, bookedAt: '2026-03-06T02:00:00.000Z' });
  });

  it.each<[string, object, string]>([
    ['a fraction of a fen', { amountFen: 1.5 }, 'amountFen FIELD_TYPE'],
    ['an amount as text', { amountFen: '45000' }, 'amountFen FIELD_TYPE'],
    ['nothing', { amountFen: 0 }, 'amountFen FIELD_RANGE'],
    ['a negative amount', { amountFen: -45000 }, 'amountFen FIELD_RANGE'],
    ['more than a double can carry', { amountFen: 2 ** 53 }, 'amountFen FIELD_RANGE'],
    ['dollars', { currency: 'USD' }, 'currency FIELD_CHOICE'],
    ['no currency', { currency: undefined }, 'currency FIELD_REQUIRED'],
    ['an unknown field', { amountYuan: 450 }, 'amountYuan FIELD_UNKNOWN'],
    ['an instant without zone', { bookedAt: '2026-03-06T10:00:00' }, 'bookedAt FIELD_FORMAT'],
    ['half a character', { payerName: '成都\ud800' }, 'payerName FIELD_FORMAT'],
    ['a name too long', { payerName: '药'.repeat(201) }, 'payerName FIELD_TOO_LONG'],
    ['a reference with spaces', { reference: 'a b c d e' }, 'reference FIELD_FORMAT'],
  ])('with %s is refused, naming the field', (_, change, expected) => {
    expect(fieldsOf(() => parseBankPush({ ...PUSH, ...change }))).toEqual([expected]);
  });

  it.each([null, undefined, 'text', [PUSH], 7])('that is %p is refused', (body) => {
    expect(fieldsOf(() => parseBankPush(body))).toHaveLength(1);
  });

  it('names every wrong field at once', () => {
    expect(fieldsOf(() => parseBankPush({ ...PUSH, amountFen: 0, currency: 'USD' }))).toEqual([
      'currency FIELD_CHOICE',
      'amountFen FIELD_RANGE',
    ]);
  });
});

describe('a delivery receipt', () => {
  it('is read, its instant in UTC', () => {
    expect(parseSmsReceipt({ messageId: 'M1', status: 'delivered', at: '2026-03-06T12:00:00+08:00' })).toEqual({
      messageId: 'M1',
      status: 'delivered',
      at: new Date('2026-03-06T04:00:00.000Z'),
      code: null,
    });
  });

  it('with an unknown status is refused', () => {
    expect(fieldsOf(() => parseSmsReceipt({ messageId: 'M1', status: 'read', at: '2026-03-06T04:00:00Z' }))).toEqual([
      'status FIELD_CHOICE',
    ]);
  });
});
