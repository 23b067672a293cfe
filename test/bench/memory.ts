/**
 * Resident memory of the API and the workers, each in its own process as in service, after 1,000 and 2,000 whole cases through HTTP with
 * real PDFs. XINYIN_BENCH_CASES says how many (2000).
 */
import type { Running } from '../../apps/launcher/src/index.js';
import { Person } from '../../apps/launcher/src/demo/person.js';
import { openSandbox, type Sandbox } from '../../apps/launcher/src/demo/sandbox.js';
import { staff, type Office } from '../../apps/launcher/src/demo/story.js';
import { createTeller } from '../../apps/launcher/src/demo/teller.js';
import { inParallel, prepareDraft, randomAddress } from './support/drive.js';
import { bringUpAside, residentMegabytes } from './support/whole-office.js';

const TOTAL = Number(process.env['XINYIN_BENCH_CASES'] ?? 2000);
const AT_ONCE = 16;
/** A session ends after two hours, a Friday's batch holds so many. */
const BATCH = 100;
const WATCHED = ['api', 'worker', 'pki-worker', 'station'];
const teller = createTeller(() => undefined);

export default async function bench() {
  const { running, close } = await bringUpAside('memory');
  try {
    const half = TOTAL / 2;
    const began = performance.now();
    await runCases(running, half);
    const first = residentMegabytes(running);
    await runCases(running, TOTAL - half);
    const second = residentMegabytes(running);
    const seconds = (performance.now() - began) / 1000;
    const figures: Record<string, number | string> = {
      'cases/s, all processes on this machine': Math.round((TOTAL / seconds) * 100) / 100,
    };
    for (const name of WATCHED) {
      figures[`${name}, MB after ${half}`] = first[name] ?? 'gone';
      figures[`${name}, MB after ${TOTAL}`] = second[name] ?? 'gone';
      figures[`${name}, growth`] = Math.round(((second[name] ?? 0) / (first[name] ?? 1)) * 1000) / 1000;
    }
    return {
      name: 'memory',
      figures,
      notes: ['VmRSS of each process; wanted: api at most 300 MB, workers at most 600 MB, growth at most 1.1.'],
    };
  } finally {
    await close();
  }
}

async function runCases(running: Running, count: number): Promise<void> {
  const office: Office = { api: running.urls.api, responder: running.urls.responder, accounts: running.accounts };
  const sandbox = openSandbox(running.urls.sandbox, teller.until);
  for (let done = 0; done < count; done += BATCH) {
    const reviewer = await staff(office, 'reviewer');
    const days = await inParallel(Array.from({ length: Math.min(BATCH, count - done) }), AT_ONCE, () => runCase(office, sandbox, reviewer));
    await dispatch(office, days[0] ?? '');
    process.stderr.write(`  … memory: ${done + BATCH} of ${count}\n`);
  }
}

interface View {
  stage: { code: string };
  dispatch: { day: string } | null;
}

async function runCase(office: Office, sandbox: Sandbox, reviewer: Person): Promise<string> {
  const { draftId, person, name } = await prepareDraft(new Person(office.api, randomAddress()), sandbox);
  await person.download(`/api/v1/drafts/${draftId}/application-form.pdf`);
  const { id } = await person.post<{ id: string }>(`/api/v1/drafts/${draftId}/submission`, {}, person.key());
  const reach = (stage: string) =>
    teller.until(async () => ((await person.get<View>(`/api/v1/applications/${id}`)).stage.code === stage ? true : null), stage);
  await reach('review');
  await reviewer.post(`/api/v1/reviews/${id}/claim`);
  await reviewer.post(`/api/v1/reviews/${id}/decision`, { outcome: 'approved' }, reviewer.key());
  await reach('payment');
  const order = await person.get<{ amountFen: number; reference: string }>(`/api/v1/applications/${id}/order`);
  await sandbox.transfer({ payerName: name, amountFen: order.amountFen, remittance: order.reference });
  await reach('dispatch');
  return (await person.get<View>(`/api/v1/applications/${id}`)).dispatch?.day ?? '';
}

async function dispatch(office: Office, day: string): Promise<void> {
  const dispatcher = await staff(office, 'dispatcher');
  await dispatcher.post(`/api/v1/dispatches/${day}`);
  const headers = () => ({ 'Idempotency-Key': dispatcher.key() });
  await teller.until(async () => {
    const answer = await dispatcher.attempt('POST', `/api/v1/dispatches/${day}/hand-over`, { json: {}, headers: headers() });
    return answer.status === 200 ? true : null;
  }, 'the hand-over');
}
