import { readInput } from '../contract-check.js';
import { bankContract } from './contract.js';

/** One credit to our account. The same entry may reach us by push and by statement, several times: `reference` is what it is known by. */
export interface BankEntry {
  /** The bank's own unique entry id. */
  reference: string;
  /** ISO instant, UTC. */
  bookedAt: string;
  /** Whole fen, CNY, positive. */
  amountFen: number;
  payerName: string;
  payerAccount: string;
  payerAccountType: 'corporate' | 'personal';
  remittance: string;
}

/** Money that goes out from our account. */
export interface PaymentOrder {
  /** The same key pays once, however often it is ordered. */
  idempotencyKey: string;
  payeeName: string;
  payeeAccount: string;
  amountFen: number;
  /** What the payee reads beside it: numbers, no names. */
  remittance: string;
}

export interface PaymentState {
  /** The bank's own id of the payment. */
  reference: string;
  status: 'accepted' | 'settled' | 'failed';
  failure?: 'account-closed' | 'name-differs' | 'account-unknown' | 'other' | undefined;
}

/** How a payment ended, as the bank pushes it. */
export interface PaymentReport extends PaymentState {
  idempotencyKey: string;
  status: 'settled' | 'failed';
  /** ISO instant, UTC. */
  at: string;
}

export interface BankGateway {
  pay(order: PaymentOrder): Promise<PaymentState>;
  /** How an order of this key stands; null where the bank knows of none. */
  payment(idempotencyKey: string): Promise<PaymentState | null>;
  /** The statement file of a Shanghai day (YYYY-MM-DD) as the bank sends it; #bank-statements reads it. */
  statement(day: string): Promise<Buffer>;
}

/** @throws XinyinError INPUT_INVALID naming each wrong field */
export function parseBankPush(body: unknown): BankEntry {
  const { currency: _, ...entry } = readInput(bankContract.push, body);
  return { ...entry, bookedAt: new Date(entry.bookedAt).toISOString() };
}

/** @throws XinyinError INPUT_INVALID naming each wrong field */
export function parsePaymentReport(body: unknown): PaymentReport {
  const report = readInput(bankContract.paymentReport, body);
  return { ...report, at: new Date(report.at).toISOString() };
}
