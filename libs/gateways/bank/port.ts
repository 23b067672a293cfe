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

export interface BankGateway {
  /** The statement file of a Shanghai day (YYYY-MM-DD) as the bank sends it; #bank-statements reads it. */
  statement(day: string): Promise<Buffer>;
}

/** @throws XinyinError INPUT_INVALID naming each wrong field */
export function parseBankPush(body: unknown): BankEntry {
  const { currency: _, ...entry } = readInput(bankContract.push, body);
  return { ...entry, bookedAt: new Date(entry.bookedAt).toISOString() };
}
