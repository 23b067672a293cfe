/**
 * 电子发票: blue for what was earned, red for a blue one that holds no longer, blue again for what is left or was corrected.
 * Rules: business.md, "Money"; decision 0041.
 */
import { fen, type Fen } from './brand.js';
import type { FieldError } from './errors.js';
import { usccProblem } from './identifiers.js';
import { foreignNameCharacter, textProblem } from './names.js';
import { days, type Instant } from './time.js';

export const invoiceColours = {
  blue: { zh: '蓝字发票', en: 'blue invoice' },
  /** 红字: takes back the whole of a blue one. */
  red: { zh: '红字发票', en: 'red-letter invoice' },
} as const;
export type InvoiceColour = keyof typeof invoiceColours;

/** refused: the service did not take it, and finance sees to it. void: never made, and another stands for it. */
export const invoiceStates = {
  queued: { zh: '排队开具', en: 'in the queue' },
  issued: { zh: '已开具', en: 'made' },
  refused: { zh: '未被受理', en: 'refused by the service' },
  void: { zh: '已作废（未开具）', en: 'void, never made' },
} as const;
export type InvoiceState = keyof typeof invoiceStates;

/** Why there is one. Each occasion makes one of a colour, however often it is told. */
export const invoiceOccasions = {
  completion: { zh: '办结', en: 'completion' },
  refund: { zh: '退款', en: 'refund' },
  correction: { zh: '更正开票信息', en: 'corrected data' },
} as const;
export type InvoiceOccasion = keyof typeof invoiceOccasions;

/** D: decision 0041. */
export const invoiceRules = {
  /** How long a link opens its invoice. */
  linkDays: 30,
  /** An applicant asks for other data once in so many days, and nobody asks later than so many after the first invoice. */
  correctionEveryDays: 30,
  correctionWithinDays: 365,
  /** What the tax office's form has room for. */
  titleLongest: 100,
} as const;

export interface Buyer {
  /** 发票抬头: the buyer's name in full. */
  readonly title: string;
  /** 纳税人识别号: a unified social credit code. */
  readonly taxNumber: string;
}

export interface InvoiceLine {
  readonly name: string;
  readonly quantity: number;
  readonly amountFen: Fen;
}

/** What is wrong with the data of a buyer, field by field. Nothing goes to the service while there is anything. */
export function buyerProblems({ title, taxNumber }: Buyer): FieldError[] {
  const number = usccProblem(taxNumber);
  return [...titleProblems(title), ...(number === null ? [] : [{ field: 'taxNumber', code: number }])];
}

function titleProblems(title: string): FieldError[] {
  const field = 'title';
  if (title.trim() === '') return [{ field, code: 'FIELD_REQUIRED' }];
  const text = textProblem(title);
  if (text !== null) return [{ field, code: text }];
  const limit = invoiceRules.titleLongest;
  if ([...title].length > limit) return [{ field, code: 'FIELD_TOO_LONG', params: { limit } }];
  const character = foreignNameCharacter(title);
  if (character !== null) return [{ field, code: 'INVOICE_TITLE_CHARACTER', params: { character } }];
  // 个人 and the like, a number, a single letter: no organisation is called so.
  const letters = [...title].filter((each) => /\p{L}/u.test(each)).length;
  return title !== title.trim() || letters < 4 ? [{ field, code: 'INVOICE_TITLE' }] : [];
}

/** What is left of the lines when a part of the money goes back: taken from the last line first, and a line of nothing is none. */
export function linesAfterRefund(lines: readonly InvoiceLine[], refundedFen: Fen): InvoiceLine[] {
  let left: number = refundedFen;
  const kept = [...lines].reverse().map((line) => {
    const taken = Math.min(left, line.amountFen);
    left -= taken;
    return { ...line, amountFen: fen(line.amountFen - taken) };
  });
  if (left > 0) throw new RangeError(`${left} fen more than was invoiced`);
  return kept.reverse().filter(({ amountFen }) => amountFen > 0);
}

/** An invoice as far as these rules look at it. */
export interface InvoiceStanding {
  readonly id: string;
  readonly colour: InvoiceColour;
  readonly state: InvoiceState;
  readonly invoiceNumber: string | null;
  readonly refusedCode: string | null;
  /** The blue one that a red one takes back. */
  readonly reverses: string | null;
}

/** The blue one of a case that holds: neither taken back nor void. There is one at most. */
export function standingBlue<Invoice extends InvoiceStanding>(invoices: readonly Invoice[]): Invoice | null {
  const takenBack = new Set(invoices.map(({ reverses }) => reverses));
  return invoices.find(({ id, colour, state }) => colour === 'blue' && state !== 'void' && !takenBack.has(id)) ?? null;
}

/** Refused for certain. An answer that made no sense says nothing of whether there is an invoice: that is asked again before anything else. */
export function neverMade({
  state,
  invoiceNumber,
  refusedCode,
}: Pick<InvoiceStanding, 'state' | 'invoiceNumber' | 'refusedCode'>): boolean {
  return state === 'refused' && invoiceNumber === null && refusedCode !== 'GATEWAY_CONTRACT';
}

/**
 * Why other data cannot be asked for now, or null. An organisation corrects what it gave; a quarrel about it, or a case of years ago, is
 * not settled by asking again and again.
 */
export function correctionRefusal(
  asked: { by: 'applicant' | 'staff'; now: Instant },
  known: { standing: InvoiceStanding | null; firstIssuedAt: Instant | null; lastAskedAt: Instant | null },
): 'INVOICE_NONE' | 'INVOICE_UNDER_WAY' | 'INVOICE_CORRECTION_LATE' | 'INVOICE_CORRECTION_TOO_SOON' | null {
  const { standing, firstIssuedAt, lastAskedAt } = known;
  const since = (instant: Instant) => asked.now.getTime() - instant.getTime();
  if (standing === null) return 'INVOICE_NONE';
  if (standing.state !== 'issued' && !neverMade(standing)) return 'INVOICE_UNDER_WAY';
  if (firstIssuedAt !== null && since(firstIssuedAt) > days(invoiceRules.correctionWithinDays)) return 'INVOICE_CORRECTION_LATE';
  const tooSoon = lastAskedAt !== null && since(lastAskedAt) < days(invoiceRules.correctionEveryDays);
  return asked.by === 'applicant' && tooSoon ? 'INVOICE_CORRECTION_TOO_SOON' : null;
}

export function linkUntil(madeAt: Instant): Instant {
  return new Date(madeAt.getTime() + days(invoiceRules.linkDays));
}
