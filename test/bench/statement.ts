/**
 * A statement of 100,000 lines against 100,000 open orders: how long until all of it is read, recorded, matched and in the ledger, and what the
 * worker's process needs for it; beside COPY of the same rows and one SQL join, on the same Postgres in the same run. The telling of the
 * cases follows; of it the pace is measured. One real case is lived through HTTP; the other orders are copies of its rows.
 * XINYIN_BENCH_LINES says how many (100000).
 */
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { addDays, shanghaiDay } from '#domain';
import { BankStatement } from '#persistence';
import { statementFileWorkflowId, statementProgress } from '#workflows/contract';
import { casesOf } from '../world/cases.js';
import type { Office } from '../world/office.js';
import { bareImport } from './support/bare-import.js';
import { payments, type Expected } from './support/payments.js';
import { withWorkerApart } from './support/worker-apart.js';

const LINES = Number(process.env['XINYIN_BENCH_LINES'] ?? 100_000);
/** How long the telling is watched for its pace at most, and after how many entries it is known. */
const TELLING_MS = 60_000;
const TOLD_ENOUGH = 2_000;

const bench = () => withWorkerApart('business', openOrders, measure);
export default bench;

async function measure(office: Office, pid: number) {
  const { bytes, expected } = payments(LINES, addDays(shanghaiDay(office.clock.now()), -1));
  const finance = await office.staff('finance');
  const began = performance.now();
  const since = () => round((performance.now() - began) / 1000);
  const { status, body } = await finance.attempt('POST', '/api/v1/credits/statements', { file: bytes });
  if (status !== 202) throw new Error(`the file was not taken: ${status}`);
  const { sha256 } = body as { sha256: string };
  const reached = async (there: (row: BankStatement) => boolean) => {
    for (;;) {
      const row = await office.data.manager.findOneByOrFail(BankStatement, { sha256 });
      if (row.state === 'refused') throw new Error(`refused: ${JSON.stringify(row.refusal)}`);
      if (there(row)) return since();
      await pause(100);
    }
  };
  const read = await reached(({ state }) => state !== 'received');
  const recorded = await reached(({ state }) => state === 'deciding' || state === 'done');
  const matched = await reached(({ entryCount, decidedCount }) => decidedCount === entryCount);
  const peak = megabytesAtMost(pid);
  await checkOutcome(office, sha256, expected);
  const told = await tellingPace(office, sha256);
  const bare = await bareImport(office.data, sha256);
  return {
    name: 'statement',
    figures: {
      'lines of the statement': LINES,
      'open orders': LINES,
      'file, MB': round(bytes.length / 1024 ** 2),
      'seconds until it is read and staged': read,
      'seconds until its credits are recorded and in the ledger': recorded,
      'seconds until all are matched and in the ledger (wanted: under 60)': matched,
      'worker, MB at most (wanted: under 500)': peak,
      'worker, MB at most with the telling': megabytesAtMost(pid),
      'entries told to their cases a second': told,
      'COPY of all rows that the import leaves and one SQL join, seconds': bare.allRows,
      'time ÷ that (wanted: at most 10)': round(matched / bare.allRows),
      'COPY of the lines alone and one SQL join, seconds': bare.linesAlone,
      'time ÷ COPY of the lines alone': round(matched / bare.linesAlone),
    },
    notes: [
      'Memory is VmHWM of the process that serves the queue `business`. The time begins with the upload over HTTP.',
      'The rows that the import leaves: entries, credits, postings and lines of the ledger, audit. They are copied into tables with the same columns, checks and indexes, without triggers; then one join finds the order of each credit and pays it.',
    ],
  };
}

async function checkOutcome(office: Office, sha256: string, expected: Expected): Promise<void> {
  const found: { state: string; reason: string | null; surplus: string; n: string }[] = await office.data.query(
    `SELECT c.state, c.held_reason AS reason, count(*) FILTER (WHERE c.surplus_fen > 0) AS surplus, count(*) AS n
     FROM bank_statement_entry e JOIN bank_credit c ON c.id = e.credit_id WHERE e.statement_sha256 = $1 AND e.outcome = 'added' GROUP BY 1, 2`,
    [sha256],
  );
  const of = (state: string, reason: string | null) => Number(found.find((each) => each.state === state && each.reason === reason)?.n ?? 0);
  const matched = found.find(({ state }) => state === 'matched');
  const seen: Expected = {
    matched: of('matched', null),
    surplus: Number(matched?.surplus ?? 0),
    noOrder: of('held', 'no-order'),
    paidTwice: of('held', 'paid-twice'),
    personal: of('held', 'personal-account'),
  };
  if (JSON.stringify(seen) !== JSON.stringify(expected))
    throw new Error(`the import came to ${JSON.stringify(seen)}, and not to ${JSON.stringify(expected)}`);
  const [balance]: { received: string; elsewhere: string }[] = await office.data.query(
    `SELECT sum(amount_fen) FILTER (WHERE account = 'received') AS received, -sum(amount_fen) FILTER (WHERE account <> 'received') AS elsewhere FROM ledger_line`,
  );
  if (balance?.received !== balance?.elsewhere) throw new Error(`the ledger is not balanced: ${JSON.stringify(balance)}`);
}

/** Entries a second, as the run itself says. The copied orders have no case that runs, so that a telling ends at the engine. */
async function tellingPace(office: Office, sha256: string): Promise<number> {
  const run = office.engine.client.workflow.getHandle(statementFileWorkflowId(sha256));
  const soFar = async () => (await run.query(statementProgress).catch(() => null))?.told ?? 0;
  const began = performance.now();
  const seconds = () => (performance.now() - began) / 1000;
  let told = 0;
  while (told < Math.min(TOLD_ENOUGH, LINES) && seconds() * 1000 < TELLING_MS) {
    await pause(500);
    told = await soFar();
  }
  return round(told / seconds());
}

/** One case that awaits its payment, and as many copies of its order as there are lines, each of an organisation of its own. */
async function openOrders(office: Office): Promise<void> {
  const { id } = await casesOf(office).awaitingPayment({ name: '成都批量医药有限公司' });
  const copy = (table: string, where: string, changes: string) =>
    office.data.query(
      `INSERT INTO ${table} SELECT copied.* FROM ${table} source, generate_series(1, $2::int) n,
         LATERAL jsonb_populate_record(source, ${changes}) copied WHERE source.${where} = $1`,
      [id, LINES],
    );
  const application = `md5('application' || n)::uuid`;
  const number = `lpad((100000 + n)::text, 6, '0')`;
  await copy('draft', 'application_id', `jsonb_build_object('id', md5('draft' || n)::uuid, 'application_id', ${application})`);
  await copy(
    'application',
    'id',
    `jsonb_build_object('id', ${application}, 'draft_id', md5('draft' || n)::uuid, 'number', 'XB-2026-' || ${number}, 'idempotency_key', 'copy-' || n,
       'certificate_name', ${NAME}, 'uscc', ${USCC})`,
  );
  await copy(
    'fee_order',
    'application_id',
    `jsonb_build_object('id', md5('order' || n)::uuid, 'application_id', ${application}, 'reference', 'XB2026' || ${number},
       'certificate_name', ${NAME}, 'payer_key', ${NAME}, 'uscc', ${USCC}, 'expires_at', now() + interval '30 days')`,
  );
  await office.data.query('ANALYZE');
}

const NAME = `'成都批量' || lpad(n::text, 6, '0') || '医药有限公司'`;
const USCC = `'9151' || lpad(n::text, 14, '0')`;

const megabytesAtMost = (pid: number) => Math.round(Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024);
const round = (value: number) => Math.round(value * 100) / 100;
