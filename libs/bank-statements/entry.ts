/** What an adapter reads, and what it becomes once it is checked and known by an identity. */
import type { CalendarDay } from '#domain';
import type { Place } from './refusal.js';

export const statementFormats = ['csv', 'xlsx', 'camt.053', 'mt940'] as const;
export type StatementFormat = (typeof statementFormats)[number];

/** One entry as the file tells it. */
export interface EntryDraft {
  place: Place;
  /** Where its day and its amount stand, if elsewhere in the line. */
  columns?: { day: string; amount: string };
  /** The bank's own reference, where it gives one. */
  reference: string | null;
  bookedDay: CalendarDay;
  /** From when interest runs; the day of booking where the bank names no other. */
  valueDay: CalendarDay;
  /** The instant of booking, where the bank tells it. */
  bookedAt: Date | null;
  /** Whole fen, CNY: in is positive, out is negative. */
  amountFen: number;
  /** It takes another entry back: a credit when it is negative, a debit when it is positive. */
  reversal: boolean;
  /** The reference of what it takes back, where the bank names it. */
  reversalOf: string | null;
  /** The other party: who pays, or is paid. */
  payerName: string;
  payerAccount: string;
  payerAccountType: 'corporate' | 'personal' | null;
  remittance: string;
}

export interface StatementEntry extends Omit<EntryDraft, 'bookedAt' | 'payerAccountType' | 'place' | 'columns'> {
  /** By which it is the same entry wherever it is told again: the bank's reference, or a digest (decision 0034). */
  identity: string;
  /** Place among the entries of the file, from 1. */
  position: number;
  place: string;
  /** ISO instant; where the bank tells a day only, its beginning in Shanghai. */
  bookedAt: string;
  payerAccountType: 'corporate' | 'personal';
}
