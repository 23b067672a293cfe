/** A migrated database of a ledger's own, the acts that post in it, and what stands on its accounts. */
import { randomUUID } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createBusinessActivities } from '#activities';
import { publishedHolidays } from '#config';
import { shanghaiDay } from '#domain';
import { createGateways, type GatewaySettings } from '#gateways';
import {
  BankStatement,
  BankStatementEntry,
  CreditExplanation,
  FeeOrder,
  folderObjectStore,
  receiveStatement,
  recordCredit,
  Refund,
  RefundPayee,
} from '#persistence';
import { MockActivityEnvironment } from '@temporalio/testing';
import { anApplication, anOrder, creditFacts, migratedDatabase, NOW } from './rows.js';

export const FINANCE = '0198c0de-0000-7000-8000-0000000000f1';
export const SECOND = '0198c0de-0000-7000-8000-0000000000f2';
export const THIRD = '0198c0de-0000-7000-8000-0000000000f3';
/** On the day of `NOW`, on which statements tell of it, too. */
const BOOKED = '2026-03-02T02:00:00.000Z';
/** Of the statement files that `stated` takes: day, out, in, other party, its account, remittance, number, number of the entry taken back. */
const HEADINGS = '记账日期,借方发生额,贷方发生额,对方户名,对方账号,附言,交易流水号,原交易流水号';
/** Nothing here leaves the machine. */
const NOBODY: GatewaySettings = { baseUrl: 'http://127.0.0.1:9', keyId: 'none', secret: 'none' };

export type LedgerWorld = Awaited<ReturnType<typeof openLedger>>;
export type Accounts = Record<string, number>;

export async function openLedger() {
  const data = await migratedDatabase();
  const gateways = createGateways({ sms: NOBODY, sms2: NOBODY, bank: NOBODY, platform: NOBODY, invoice: NOBODY, courier: NOBODY });
  const objects = folderObjectStore(mkdtempSync(join(tmpdir(), 'xinyin-ledger-')), Buffer.alloc(32));
  const act = createBusinessActivities({
    ...{ data, now: () => NOW, holidays: publishedHolidays, gateways, objects },
    ...{ codeKey: Buffer.alloc(32), apiUrl: 'http://127.0.0.1:9', demo: false, ownAccounts: [] },
  });

  /** What stands on each account, as money. */
  async function accounts(): Promise<Accounts> {
    const rows: { account: string; amount: string }[] = await data.query(
      `SELECT account, sum(CASE account WHEN 'received' THEN amount_fen ELSE -amount_fen END) AS amount FROM ledger_line GROUP BY account`,
    );
    return Object.fromEntries(rows.map(({ account, amount }) => [account, Number(amount)]));
  }
  /** What an act does to the accounts. */
  async function effect(work: () => Promise<unknown>): Promise<Accounts> {
    const before = await accounts();
    await work();
    return difference(await accounts(), before);
  }

  let names = 0;
  /** An organisation of its own with an order, so that no other credit can be meant. */
  async function ordered(change: Partial<FeeOrder> = {}): Promise<FeeOrder> {
    const name = `成都账本${(names += 1)}医药有限公司`;
    const applicationId = await anApplication(data, { certificateName: name });
    const reference = `XB2026${String(names).padStart(6, '0')}`;
    const id = await anOrder(data, { applicationId, certificateName: name, payerKey: name, reference, ...change });
    return data.manager.findOneByOrFail(FeeOrder, { id });
  }
  async function recorded(payerName: string, amountFen: number, remittance = '', reference: string = randomUUID()): Promise<string> {
    const facts = creditFacts({ payerName, amountFen, remittance, reference, payerAccount: '51001234', bookedAt: BOOKED });
    return (await data.transaction((tx) => recordCredit(tx, facts, 'push', NOW))).id;
  }
  async function credited(...told: Parameters<typeof recorded>): Promise<string> {
    const creditId = await recorded(...told);
    await act.decideCredit({ creditId });
    return creditId;
  }
  /** A statement file, taken as its run takes it. */
  async function stated(lines: readonly string[], receivedAt = NOW): Promise<void> {
    const sha256 = await objects.put(Buffer.from([HEADINGS, ...lines].join('\n')));
    await data.transaction((tx) => receiveStatement(tx, { sha256, now: receivedAt, from: { source: 'upload', staffId: randomUUID() } }));
    const read = () => act.readStatement({ sha256 });
    const activity = new MockActivityEnvironment();
    const { entries: to, state } = await activity.run<[], Awaited<ReturnType<typeof read>>, typeof read>(read);
    if (state === 'refused') throw new Error(`refused: ${lines.join(' / ')}`);
    await act.recordStatementPart({ sha256, from: 1, to });
    await act.linkReversals({ sha256 });
    await act.linkPaidRefunds({ sha256 });
    await act.decideStatementPart({ sha256, from: 1, to, toldAfterwards: true });
    await act.closeStatement({ sha256 });
  }
  /** A window takes what an order asks for, by a slip. */
  const takeAtWindow = ({ applicationId, amountFen }: FeeOrder, slip: { method: 'card' | 'transfer'; slipNumber: string }) =>
    act.takeWindowPayment({ applicationId, amountFen, by: FINANCE, ...slip });
  async function explain(creditId: string, change: Partial<CreditExplanation>): Promise<string> {
    const id = randomUUID();
    const proposed = { state: 'proposed', proposedBy: FINANCE, proposedAt: NOW, secondPerson: false, note: '说明' } as const;
    await data.manager.insert(CreditExplanation, { id, creditId, kind: 'refund', ...proposed, ...change });
    return id;
  }
  /** By two persons, of whom the first has spoken already where finance has proposed it. Money of a window gets an account to go to first. */
  async function approve({ id: refundId, attempt, payeeAccount }: Refund): Promise<void> {
    const payee = { id: randomUUID(), refundId, name: '成都账本医药有限公司', account: '51001234', givenBy: FINANCE, givenAt: NOW };
    if (payeeAccount === null) {
      await data.manager.insert(RefundPayee, payee);
      await act.redirectRefund({ refundId, payeeId: payee.id });
    }
    const { proposedBy } = await data.manager.findOneByOrFail(Refund, { id: refundId });
    for (const by of proposedBy === null ? [FINANCE, SECOND] : [SECOND])
      await act.decideRefund({ refundId, attempt, outcome: 'approved', by });
  }
  async function paidBack(refund: Refund): Promise<void> {
    await approve(refund);
    const { id: refundId, attempt } = refund;
    await act.settleRefund({ refundId, attempt });
  }
  /** A statement tells that the bank has taken the payment of a refund back. */
  async function cameBack({ id, amountFen, payeeName, payeeAccount }: Refund, change: Partial<BankStatementEntry> = {}): Promise<void> {
    const sha256 = randomUUID();
    const none = { uploadedBy: null, format: 'csv', day: null, refusal: null, finishedAt: null };
    const counts = { entryCount: 1, recordedCount: 1, decidedCount: 0 };
    await data.manager.insert(BankStatement, { sha256, source: 'bank', receivedAt: NOW, state: 'deciding', ...counts, ...none });
    const told = { place: 'line 2', bookedDay: shanghaiDay(NOW), valueDay: shanghaiDay(NOW), bookedAt: NOW, remittance: '退汇' };
    const party = { payerName: payeeName ?? '', payerAccount: payeeAccount ?? '', payerAccountType: 'corporate' } as const;
    const takesBack = { amountFen, reversal: true, reversalOf: null, outcome: 'added', bankReference: `BACK-${id}` } as const;
    const entry = { statementSha256: sha256, position: 1, identity: `BACK-${sha256}:reversal`, ...told, ...party, ...takesBack, ...change };
    await data.manager.insert(BankStatementEntry, entry);
    await act.linkPaidRefunds({ sha256 });
  }
  return {
    data,
    objects,
    act,
    accounts,
    effect,
    ordered,
    recorded,
    credited,
    stated,
    takeAtWindow,
    explain,
    approve,
    paidBack,
    cameBack,
    complete: ({ applicationId }: FeeOrder) => act.finishApplication({ applicationId, completedAt: NOW.toISOString() }),
    close: ({ applicationId }: FeeOrder) => act.closeCase({ applicationId, outcome: 'withdrawn' }),
    refundsOf: (where: { creditId: string } | { orderId: string }) => data.manager.findBy(Refund, where),
  };
}

export const difference = (after: Accounts, before: Accounts): Accounts =>
  Object.fromEntries(
    Object.keys({ ...before, ...after })
      .map((account) => [account, (after[account] ?? 0) - (before[account] ?? 0)] as const)
      .filter(([, amount]) => amount !== 0),
  );
