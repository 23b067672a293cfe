/** The day in the ledger, as finance reads it: what has moved since a story began, and what is left to see to. */
import { shanghaiDay } from '#domain';
import { yuan } from './awaiting.js';
import type { Scene } from './holder.js';
import { staff } from './story.js';

interface Reconciliation {
  accounts: { code: string; balanceFen: number }[];
  differences: { kind: string; reference: string; zh: string }[];
}

/** Reads the day as it stands; what is answered reads it again. What others move meanwhile on the same system moves too. */
export async function openDay({ office, teller }: Scene) {
  const day = shanghaiDay(new Date());
  const finance = await staff(office, 'finance');
  const read = () => finance.get<Reconciliation>(`/api/v1/reconciliations/${day}`);
  const before = await read();
  /** Of the bank references and orders named, these kinds of difference and no others are left. */
  return async (references: readonly string[], left: readonly string[] = []): Promise<void> => {
    const look = async () => {
      const report = await read();
      const open = report.differences.filter(({ reference }) => references.includes(reference));
      return sameKinds(open, left) ? { report, open } : null;
    };
    await teller.step(
      '日对账 The day’s reconciliation',
      async () => {
        const { report, open } = await teller.until(look, `no differences but ${left.join(', ') || 'none'}`);
        requireBalance(report);
        return { report, open };
      },
      ({ report, open }) => `${movements(before, report)}; ${open.map(({ zh }) => zh).join('，') || '无差异 no difference'}`,
    );
  };
}

const sameKinds = (open: readonly { kind: string }[], left: readonly string[]) =>
  [...new Set(open.map(({ kind }) => kind))].sort().join() === [...left].sort().join();

function movements(before: Reconciliation, after: Reconciliation): string {
  const moved = after.accounts.map(({ code, balanceFen }) => {
    const fen = balanceFen - (before.accounts.find((account) => account.code === code)?.balanceFen ?? 0);
    return `${code} ${fen < 0 ? '−' : '+'}${yuan(Math.abs(fen))}`;
  });
  return `自演示开始 since this began: ${moved.join(', ')}`;
}

/** received = held + earned + to-refund + refunded. */
function requireBalance({ accounts }: Reconciliation): void {
  const sum = accounts.reduce((total, { code, balanceFen }) => (code === 'received' ? total - balanceFen : total + balanceFen), 0);
  if (sum !== 0) throw new Error(`the ledger is out by ${sum} fen`);
}
