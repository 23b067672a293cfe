/**
 * Many cases waiting at once for a reviewer: what the workers hold, and how long a decision on any of them takes to be answered. The cases
 * are rows as the API writes them, copied from one that was submitted; the API's own sweep starts their workflows. XINYIN_BENCH_CASES
 * says how many (20000), XINYIN_BENCH_DECISIONS how many decisions (400).
 */
import pg from 'pg';
import { Person } from '../../apps/launcher/src/demo/person.js';
import { openSandbox } from '../../apps/launcher/src/demo/sandbox.js';
import { staff, type Office } from '../../apps/launcher/src/demo/story.js';
import { createTeller } from '../../apps/launcher/src/demo/teller.js';
import { inParallel, prepareDraft, randomAddress } from './support/drive.js';
import { bringUpAside, residentMegabytes } from './support/whole-office.js';

const TOTAL = Number(process.env['XINYIN_BENCH_CASES'] ?? 20_000);
const DECISIONS = Number(process.env['XINYIN_BENCH_DECISIONS'] ?? 400);
/** Reviewers at work. */
const AT_ONCE = 2;
const LOOK_EVERY_MS = 2_000;
const teller = createTeller(() => undefined);

export default async function bench() {
  const { running, databaseUrl, close } = await bringUpAside('waiting');
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 2 });
  try {
    const office: Office = { api: running.urls.api, responder: running.urls.responder, accounts: running.accounts };
    const first = await submitOne(office, running.urls.sandbox);
    const began = performance.now();
    await fill(pool, first);
    const seconds = (performance.now() - began) / 1000;
    const waiting = residentMegabytes(running);
    const times = await decideOnAny(office, pool);
    const after = residentMegabytes(running);
    const at = (share: number) => Math.round(times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0);
    return {
      name: 'waiting',
      figures: {
        'cases waiting': TOTAL,
        'started, cases/s': Math.round((TOTAL / seconds) * 10) / 10,
        'worker, MB while they wait (wanted: at most 700)': waiting['worker'] ?? 'gone',
        'worker, MB after the decisions (wanted: at most 700)': after['worker'] ?? 'gone',
        'api, MB after the decisions': after['api'] ?? 'gone',
        decisions: times.length,
        'decision answered, ms, median': at(0.5),
        'decision answered, ms, p95 (wanted: at most 300)': at(0.95),
        'decision answered, ms, longest': at(1),
      },
      notes: ['VmRSS. A decision is one POST of a reviewer, from the request to its answer, on a case drawn at random from all that wait.'],
    };
  } finally {
    await pool.end();
    await close();
  }
}

/** One case through the API, at its review. Answers its id. */
async function submitOne({ api }: Office, sandboxUrl: string): Promise<string> {
  const { draftId, person } = await prepareDraft(new Person(api, randomAddress()), openSandbox(sandboxUrl, teller.until));
  const { id } = await person.post<{ id: string }>(`/api/v1/drafts/${draftId}/submission`, {}, person.key());
  await teller.until(async () => {
    const view = await person.get<{ stage: { code: string }; waitingFor: { code: string } }>(`/api/v1/applications/${id}`);
    return view.stage.code === 'review' && view.waitingFor.code === 'reviewer' ? true : null;
  }, 'the review');
  return id;
}

/** Its draft and its row as many times, as they were before the workflow spoke. */
async function fill(pool: pg.Pool, id: string): Promise<void> {
  await pool.query(
    'CREATE TABLE bench_copy AS SELECT n, gen_random_uuid() AS id, gen_random_uuid() AS draft FROM generate_series(1, $1) n',
    [TOTAL - 1],
  );
  await pool.query(
    `INSERT INTO draft SELECT (jsonb_populate_record(d, jsonb_build_object('id', c.draft, 'application_id', c.id))).*
       FROM bench_copy c, draft d JOIN application a ON a.draft_id = d.id WHERE a.id = $1`,
    [id],
  );
  await pool.query(
    `INSERT INTO application SELECT (jsonb_populate_record(a, jsonb_build_object('id', c.id, 'draft_id', c.draft, 'number', 'XB-2020-' || lpad(c.n::text, 6, '0'),
       'idempotency_key', c.id, 'stage', 'phone-verification', 'waiting_for', 'system', 'started_at', NULL, 'due_at', NULL, 'version', 1))).*
       FROM bench_copy c, application a WHERE a.id = $1`,
    [id],
  );
  const began = performance.now();
  for (let [count, told] = [0, 0]; count < TOTAL;) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    const { rows } = await pool.query<{ count: number }>(
      "SELECT count(*)::integer AS count FROM application WHERE stage = 'review' AND waiting_for = 'reviewer'",
    );
    count = rows[0]?.count ?? 0;
    if (count < TOTAL && count - told < TOTAL / 20) continue;
    told = count;
    const seconds = (performance.now() - began) / 1000;
    const left = Math.round(((TOTAL - count) * seconds) / count / 60);
    process.stderr.write(`  … waiting: ${count} of ${TOTAL}, ${(count / seconds).toFixed(1)} a second, ${left} minutes left\n`);
  }
}

/** Milliseconds of each decision, the shortest first. */
async function decideOnAny(office: Office, pool: pg.Pool): Promise<number[]> {
  const reviewer = await staff(office, 'reviewer');
  const { rows } = await pool.query<{ id: string }>("SELECT id FROM application WHERE stage = 'review' ORDER BY random() LIMIT $1", [
    DECISIONS,
  ]);
  const times = await inParallel(rows, AT_ONCE, async ({ id }) => {
    await reviewer.post(`/api/v1/reviews/${id}/claim`);
    const began = performance.now();
    await reviewer.post(`/api/v1/reviews/${id}/decision`, { outcome: 'approved' }, reviewer.key());
    return performance.now() - began;
  });
  return times.sort((one, other) => one - other);
}
