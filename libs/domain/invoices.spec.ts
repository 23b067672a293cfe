import { fen } from './brand.js';
import { mayTurnDown, refundedFrom } from './finance.js';
import {
  buyerProblems,
  correctionRefusal,
  invoiceRules,
  linesAfterRefund,
  linkUntil,
  standingBlue,
  type InvoiceLine,
  type InvoiceStanding,
} from './invoices.js';

const TITLE = '成都信印（集团）有限公司';
/** Check digit by GB 32100, worked out by hand elsewhere in these specs. */
const NUMBER = '91510100MA62000110';

describe('the buyer of an invoice', () => {
  it.each([
    [TITLE, NUMBER],
    ['四川大学华西医院', NUMBER],
    ['字'.repeat(100), NUMBER],
    ['\u{20bb7}'.repeat(100), NUMBER],
  ])('D invoices: %s is taken', (title, taxNumber) => {
    expect(buyerProblems({ title, taxNumber })).toEqual([]);
  });

  it.each([
    ['', 'FIELD_REQUIRED'],
    ['   ', 'FIELD_REQUIRED'],
    ['个人', 'INVOICE_TITLE'],
    ['123456', 'INVOICE_TITLE'],
    [' 成都信印有限公司', 'INVOICE_TITLE'],
    ['成都信印有限公司 ', 'INVOICE_TITLE'],
    ['成都信印\u200b有限公司', 'TEXT_CONTROL_CHARACTER'],
    ['成都信印\ud842有限公司', 'TEXT_LONE_SURROGATE'],
    ['成都信印😀有限公司', 'INVOICE_TITLE_CHARACTER'],
    ['<b>成都信印有限公司', 'INVOICE_TITLE_CHARACTER'],
    ['字'.repeat(101), 'FIELD_TOO_LONG'],
  ])('D invoices: the title %j is refused', (title, code) => {
    expect(buyerProblems({ title, taxNumber: NUMBER }).map((each) => [each.field, each.code])).toEqual([['title', code]]);
  });

  it.each([
    ['91510100MA62000111', 'USCC_CHECK_DIGIT'],
    ['9151010OMA62000110', 'USCC_INVALID'],
    ['91510100ma62000110', 'USCC_INVALID'],
    ['510100620001100', 'USCC_INVALID'],
    ['', 'USCC_INVALID'],
  ])('D invoices: the tax number %j is refused', (taxNumber, code) => {
    expect(buyerProblems({ title: TITLE, taxNumber }).map((each) => [each.field, each.code])).toEqual([['taxNumber', code]]);
  });

  it('D invoices: both are named when both are wrong', () => {
    expect(buyerProblems({ title: '', taxNumber: '1' }).map(({ field }) => field)).toEqual(['title', 'taxNumber']);
  });
});

describe('what is left to be invoiced', () => {
  const lines: InvoiceLine[] = [
    { name: '一次性开户费', quantity: 1, amountFen: fen(5_000) },
    { name: '年服务费', quantity: 2, amountFen: fen(40_000) },
  ];
  const left = (refunded: number) => linesAfterRefund(lines, fen(refunded)).map(({ name, amountFen }) => [name, amountFen]);

  it.each([
    [20_000, [['一次性开户费', 5_000], ['年服务费', 20_000]]], // prettier-ignore
    [40_000, [['一次性开户费', 5_000]]],
    [42_000, [['一次性开户费', 3_000]]],
    [45_000, []],
  ])('D invoices: %d fen given back', (refunded, expected) => {
    expect(left(refunded)).toEqual(expected);
  });

  it('D invoices: never more than was invoiced', () => {
    expect(() => left(45_001)).toThrow(RangeError);
  });
});

describe('the blue invoice that holds', () => {
  const none = { invoiceNumber: null, refusedCode: null };
  const blue = (id: string, state: InvoiceStanding['state'] = 'issued'): InvoiceStanding => ({
    ...none,
    id,
    colour: 'blue',
    state,
    reverses: null,
  });
  const red = (id: string, reverses: string): InvoiceStanding => ({ ...none, id, colour: 'red', state: 'queued', reverses });

  it.each([
    ['the only one', [blue('1')], '1'],
    ['none, when a red one is under way', [blue('1'), red('2', '1')], null],
    ['the one after the red one', [blue('1'), red('2', '1'), blue('3', 'queued')], '3'],
    ['the second, where the first was never made', [blue('1', 'void'), blue('2')], '2'],
    ['none of none', [], null],
  ])('D invoices: %s', (_, invoices, id) => {
    expect(standingBlue(invoices)?.id ?? null).toBe(id);
  });
});

describe('other data', () => {
  const standing: InvoiceStanding = { id: '1', colour: 'blue', state: 'issued', reverses: null, invoiceNumber: '1', refusedCode: null };
  const issued = new Date('2026-03-02T04:00:00.000Z');
  const ask = (by: 'applicant' | 'staff', now: string, lastAskedAt: string | null = null) =>
    correctionRefusal(
      { by, now: new Date(now) },
      { standing, firstIssuedAt: issued, lastAskedAt: lastAskedAt === null ? null : new Date(lastAskedAt) },
    );

  it.each([
    ['2026-03-02T04:00:01.000Z', null, null],
    ['2027-03-02T04:00:00.000Z', null, null],
    ['2027-03-02T04:00:00.001Z', null, 'INVOICE_CORRECTION_LATE'],
    ['2026-04-09T03:59:59.999Z', '2026-03-10T04:00:00.000Z', 'INVOICE_CORRECTION_TOO_SOON'],
    ['2026-04-09T04:00:00.000Z', '2026-03-10T04:00:00.000Z', null],
  ])('D invoices: asked by the applicant at %s, before at %s: %s', (now, last, refusal) => {
    expect(ask('applicant', now, last)).toBe(refusal);
  });

  it('D invoices: finance may ask again at once, and not after a year', () => {
    expect(ask('staff', '2026-03-11T04:00:00.000Z', '2026-03-10T04:00:00.000Z')).toBeNull();
    expect(ask('staff', '2027-03-03T04:00:00.000Z')).toBe('INVOICE_CORRECTION_LATE');
  });

  it('D invoices: not while one is being made, nor where none stands; what was refused may be corrected', () => {
    const known = { firstIssuedAt: null, lastAskedAt: null };
    const asked = { by: 'applicant', now: issued } as const;
    expect(correctionRefusal(asked, { ...known, standing: { ...standing, state: 'queued' } })).toBe('INVOICE_UNDER_WAY');
    expect(correctionRefusal(asked, { ...known, standing: null })).toBe('INVOICE_NONE');
    const refused = { ...standing, state: 'refused', invoiceNumber: null, refusedCode: 'GATEWAY_REFUSED' } as const;
    expect(correctionRefusal(asked, { ...known, standing: refused })).toBeNull();
    // Nobody knows whether there is one: what was answered made no sense.
    for (const unclear of [{ refusedCode: 'GATEWAY_CONTRACT' }, { invoiceNumber: '26512000000000000001' }])
      expect(correctionRefusal(asked, { ...known, standing: { ...refused, ...unclear } })).toBe('INVOICE_UNDER_WAY');
  });
});

it('D invoices: a link lives 30 days', () => {
  expect(invoiceRules.linkDays).toBe(30);
  expect(linkUntil(new Date('2026-03-02T04:00:00.000Z'))).toEqual(new Date('2026-04-01T04:00:00.000Z'));
});

it('D refunds: what was earned goes back from there, and may be turned down like any that a person proposed', () => {
  expect(
    (['early-close', 'surplus', 'held-credit', 'after-completion'] as const).map((each) => [refundedFrom(each), mayTurnDown(each)]),
  ).toEqual([
    ['held', false],
    ['held', false],
    ['held', true],
    ['earned', true],
  ]);
});
