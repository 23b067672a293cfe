/** Refunds of an office for tests: the desks of finance, the bank's own list of what it paid, and the way there by HTTP. */
import { Refund } from '#persistence';
import type { Cases } from './cases.js';
import type { Office } from './office.js';

export interface SandboxPayment {
  key: string;
  reference: string;
  payeeName: string;
  payeeAccount: string;
  amountFen: number;
  remittance: string;
  status: 'settled' | 'failed';
}

export type Refunds = ReturnType<typeof refundsOf>;

export function refundsOf(office: Office, cases: Cases) {
  const found = (where: { orderId: string } | { creditId: string } | { id: string }) => office.data.manager.findOneBy(Refund, where);
  const row = (id: string) => office.data.manager.findOneByOrFail(Refund, { id });

  /** The refund that an order or a credit has come to be owed, with its run begun as the sweep begins it. */
  async function due(where: { orderId: string } | { creditId: string } | { id: string }): Promise<Refund> {
    const refund = await office.until(() => found(where), 'the refund');
    office.clock.forward(11_000);
    await office.sweep();
    await office.until(async () => ((await row(refund.id)).startedAt ? true : null), 'the refund’s run');
    return refund;
  }
  const decide = async (refund: Refund, who = 'finance', outcome = 'approved') => {
    const person = await cases.desk(who);
    return person.attempt('POST', `/api/v1/refunds/${refund.id}/decision`, {
      json: { outcome },
      headers: { 'Idempotency-Key': person.key() },
    });
  };
  /** Two persons' words on what the office owes by itself. */
  const approve = async (refund: Refund, [first, second] = ['finance', 'supervisor']) => {
    const { status } = await decide(refund, first);
    if (status !== 204) throw new Error(`the first word was answered with ${status}`);
    return decide(refund, second);
  };
  const redirect = async (refund: Refund, to: { name: string; account: string }, who = 'finance') => {
    const person = await cases.desk(who);
    return person.attempt('POST', `/api/v1/refunds/${refund.id}/payee`, { json: to, headers: { 'Idempotency-Key': person.key() } });
  };
  const reach = (refund: Refund, state: Refund['state']) =>
    office.until(async () => {
      const now = await row(refund.id);
      return now.state === state ? now : null;
    }, `the refund to be ${state}`);
  /** What the bank has paid from our account, or could not, for this refund. */
  const payments = async (refund: Refund): Promise<SandboxPayment[]> => {
    const all = (await (await fetch(`${office.sandbox.base}/bank/payments`)).json()) as SandboxPayment[];
    return all.filter(({ key }) => key.startsWith(`refund-${refund.id}-`)).reverse();
  };
  const closeAccount = async (account: string, closed = true): Promise<void> => {
    await fetch(`${office.sandbox.base}/bank/accounts`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ account, closed }),
    });
  };
  /** What stands on the accounts for an order. */
  const ledger = async (orderId: string): Promise<Record<string, number>> => {
    const rows: { account: string; amount: number }[] = await office.data.query(
      `SELECT account, -sum(amount_fen)::int AS amount FROM ledger_line WHERE order_id = $1 AND account <> 'received'
       GROUP BY account HAVING sum(amount_fen) <> 0`,
      [orderId],
    );
    return Object.fromEntries(rows.map(({ account, amount }) => [account, amount]));
  };
  return { due, decide, approve, redirect, reach, payments, closeAccount, ledger, row };
}
