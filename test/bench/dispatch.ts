/**
 * A Friday of 2,000 letters against a platform that answers in 300 ms, fails 5 % of its requests and takes 20 a second: how long until all
 * are packed, beside the time that the platform's limit alone costs, and what the worker's process needs for it. Labels are printed by the
 * worker's own browser. One real case is lived through HTTP; the others are copies of its rows. XINYIN_BENCH_ITEMS says how many (2000).
 */
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { publishedHolidays } from '#config';
import { addDays, nextDispatchDay, shanghaiDay, startOfShanghaiDay } from '#domain';
import { DispatchItem } from '#persistence';
import { dispatchView, dispatchWorkflowId, type DispatchView } from '#workflows/contract';
import type { Office } from '../world/office.js';
import { casesOf } from '../world/cases.js';
import { inParallel } from './support/drive.js';
import { withWorkerApart } from './support/worker-apart.js';

const ITEMS = Number(process.env['XINYIN_BENCH_ITEMS'] ?? 2000);
const PLATFORM = { system: 'platform', latencyMs: 300, errorShare: 0.05, perSecond: 20 };
/** Each letter needs two: is the account certified, and the binding. */
const CALLS_A_LETTER = 2;
/** A Friday of its own, to come, after that of the real case; the copies were completed two days before. */
const { day: DAY } = nextDispatchDay(addDays(shanghaiDay(new Date()), 21), publishedHolidays);
const COMPLETED = startOfShanghaiDay(addDays(DAY, -2)).toISOString();

const bench = () => withWorkerApart('business,documents', fill, measure);
export default bench;

async function measure(office: Office, pid: number) {
  await tell(office, 'PUT', '/conditions', PLATFORM);
  const dispatcher = await office.staff('dispatcher');
  const memory = watchMemory(pid);
  const began = performance.now();
  await dispatcher.post(`/api/v1/dispatches/${DAY}`);
  const since = () => round((performance.now() - began) / 1000);
  await until(async () => (await counted(office)).packed > 0);
  const first = since();
  await until(async () => {
    const { packed, carried } = await counted(office);
    return packed + carried === ITEMS;
  });
  const seconds = since();
  const { items } = await ready(office);
  const listed = since();
  const peak = memory.stop();
  const [{ met }] = (await (await fetch(`${office.sandbox.base}/conditions`)).json()) as [
    { met: { requests: number; errors: number; limited: number } },
  ];
  const atLimit = (ITEMS * CALLS_A_LETTER) / PLATFORM.perSecond;
  return {
    name: 'dispatch',
    figures: {
      'letters due': items.due,
      'letters packed': items.packed,
      'letters carried or failed (wanted: 0)': items.carried + items.failed,
      'seconds until the first is packed': first,
      'seconds until all are packed': seconds,
      'seconds until the lists are printed': listed,
      'seconds that the platform’s limit alone costs': atLimit,
      'time ÷ limit (wanted: at most 1.5)': round(seconds / atLimit),
      'worker, MB at most (wanted: at most 400)': peak,
      'requests to the platform': met.requests,
      'errors of the platform, tried again': met.errors,
      'sent away for the limit, tried again': met.limited,
    },
    notes: [
      `The platform: ${PLATFORM.latencyMs} ms, ${PLATFORM.errorShare * 100} % errors, ${PLATFORM.perSecond} a second. Memory is VmRSS of the process that serves business and documents, without its browser.`,
    ],
  };
}

/** One case as people live it, up to its Friday; and as many copies of its rows as the Friday shall have. */
async function fill(office: Office): Promise<void> {
  const cases = casesOf(office);
  const filed = await cases.awaitingPayment({ name: '成都批量医药有限公司' });
  await cases.pay(filed);
  await cases.reach(filed, 'dispatch');
  const { id } = filed;
  // The real one goes another day.
  await office.data.manager.update(DispatchItem, { applicationId: id }, { day: '2027-12-31' });
  const copy = (table: string, where: string, changes: string) =>
    office.data.query(
      `INSERT INTO ${table} SELECT (jsonb_populate_record(row, ${changes})).* FROM ${table} row, generate_series(1, $2) n WHERE ${where} = $1`,
      [id, ITEMS],
    );
  const application = `md5('application' || n)::uuid`;
  await office.data.query(
    `INSERT INTO draft SELECT (jsonb_populate_record(row, jsonb_build_object('id', md5('draft' || n)::uuid, 'application_id', ${application}))).*
       FROM draft row, generate_series(1, $2) n WHERE row.application_id = $1`,
    [id, ITEMS],
  );
  await copy(
    'application',
    'row.id',
    `jsonb_build_object('id', ${application}, 'draft_id', md5('draft' || n)::uuid, 'number', 'XB-2026-' || lpad((100000 + n)::text, 6, '0'),
       'idempotency_key', 'copy-' || n, 'uscc', ${USCC}, 'completed_at', '${COMPLETED}', 'dispatch_day', '${DAY}')`,
  );
  await copy(
    'certificate',
    'row.application_id',
    `jsonb_build_object('id', md5(row.kind || n)::uuid, 'application_id', ${application}, 'serial', md5(row.kind || n))`,
  );
  await copy(
    'dispatch_item',
    'row.application_id',
    `jsonb_build_object('id', md5('item' || n)::uuid, 'application_id', ${application}, 'day', '${DAY}', 'state', 'due')`,
  );
  const { account, kind } = filed.form.roleAccount;
  await inParallel(
    Array.from({ length: ITEMS }, (_, index) => `9151${String(index + 1).padStart(14, '0')}`),
    8,
    (uscc) => tell(office, 'POST', '/platform/role-accounts', { uscc, account, kind, status: 'certified' }),
  );
}

/** An organisation each, since the platform's accounts belong to one. */
const USCC = `'9151' || lpad(n::text, 14, '0')`;

/** From the rows, which cost the batch nothing to look at. */
async function counted(office: Office): Promise<{ packed: number; carried: number }> {
  const [row]: { packed: number; carried: number }[] = await office.data.query(
    `SELECT (SELECT count(*)::int FROM dispatch_item WHERE "day" = $1 AND state = 'packed') AS packed,
            (SELECT count(*)::int FROM dispatch_outcome WHERE "day" = $1 AND carried_reason IS NOT NULL) AS carried`,
    [DAY],
  );
  return row ?? { packed: 0, carried: 0 };
}

/** All that is due is packed or carried, and the lists are printed. */
async function ready(office: Office): Promise<DispatchView> {
  const batch = office.engine.client.workflow.getHandle(dispatchWorkflowId(DAY));
  let view: DispatchView | null = null;
  await until(async () => {
    view = await batch.query(dispatchView).catch(() => null);
    return view !== null && view.state !== 'working';
  });
  return view ?? (await batch.query(dispatchView));
}

async function until(there: () => Promise<boolean>): Promise<void> {
  while (!(await there())) await pause(250);
}

async function tell(office: Office, method: string, path: string, body: object): Promise<void> {
  const headers = { 'Content-Type': 'application/json' };
  const response = await fetch(`${office.sandbox.base}${path}`, { method, headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`sandbox ${path}: ${response.status}`);
}

/** The largest VmRSS seen, looked at every half second. */
function watchMemory(pid: number): { stop: () => number } {
  let peak = 0;
  const look = () => {
    const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    peak = Math.max(peak, Math.round(Number(kilobytes) / 1024));
  };
  const timer = setInterval(look, 500);
  return {
    stop: () => {
      clearInterval(timer);
      look();
      return peak;
    },
  };
}

const round = (value: number) => Math.round(value * 100) / 100;
