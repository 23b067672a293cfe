/** What every demonstration does at a desk or in a draft: fill in, hand in papers, review, take money, look at the stage. */
import { Person, RefusedError } from './person.js';
import { scannedPicture } from './paper.js';
import { staff } from './story.js';
import type { Scene } from './holder.js';

export interface Filed {
  id: string;
  number: string;
}

export interface Entry {
  business: string;
  /** The one that the business is about; none for a new one. */
  certificate?: string;
  /** Changes to what is known of the holder. */
  form?: object;
  materials: readonly string[];
}

const SYSTEM = 'sichuan-medicine-procurement';

/** A draft with its papers, by the applicant or by a clerk. Answers its path. */
export async function prepareDraft(person: Person, { business, certificate, form, materials }: Entry): Promise<string> {
  const { id } = await person.post<{ id: string }>('/api/v1/drafts', { business, system: SYSTEM, certificate });
  const draft = `/api/v1/drafts/${id}`;
  if (form) await person.patch(draft, { form });
  if (business !== 'revocation') await acceptAgreements(person, draft);
  for (const material of materials)
    await person.upload(`${draft}/materials/${material}?fileName=${material}.png`, scannedPicture('licence'));
  return draft;
}

async function acceptAgreements(person: Person, draft: string): Promise<void> {
  for (const slug of ['subscriber-agreement', 'personal-data']) {
    const { version } = await person.get<{ version: string }>(`/api/v1/agreements/${slug}`);
    await person.put(`${draft}/consents/${slug}`, { version });
  }
}

/** Handed in at the window. */
export async function enterAtWindow(scene: Scene, clerk: Person, draft: string): Promise<Filed> {
  const submit = () => clerk.post<Filed>(`${draft}/submission`, { window: 'chengnan' }, clerk.key());
  return scene.teller.step(
    '窗口受理 A clerk enters it at the window',
    () => letIn(scene, draft, submit),
    ({ number }) => number,
  );
}

/** What is entered at a window; outside its hours a supervisor lets it in. */
export async function letIn<T>({ office }: Scene, path: string, enter: () => Promise<T>): Promise<T> {
  try {
    return await enter();
  } catch (error) {
    if (!(error instanceof RefusedError) || error.problem.code !== 'WINDOW_CLOSED') throw error;
    const supervisor = await staff(office, 'supervisor');
    await supervisor.post(`${path}/hours-waiver`, { reason: '演示：办公时间外受理' });
    return enter();
  }
}

interface Standing {
  stage: { code: string };
  waitingFor: { code: string };
}

/** The stage has begun: a case that was just submitted stands there already and waits for the system. */
export const reach = ({ teller }: Scene, person: Person, id: string, stage: string) =>
  teller.until(async () => {
    const standing = await person.get<Standing>(`/api/v1/applications/${id}`);
    return standing.stage.code === stage && standing.waitingFor.code !== 'system' ? true : null;
  }, `stage ${stage}`);

export async function approve(scene: Scene, id: string, next: (reviewer: Person) => Promise<unknown>): Promise<void> {
  await scene.teller.step('审核通过 Another person reviews and approves', async () => {
    const reviewer = await staff(scene.office, 'reviewer');
    await reach(scene, reviewer, id, 'review');
    await reviewer.post(`/api/v1/reviews/${id}/claim`);
    await reviewer.post(`/api/v1/reviews/${id}/decision`, { outcome: 'approved', reasons: [] }, reviewer.key());
    await next(reviewer);
  });
}

export async function payAtWindow(scene: Scene, clerk: Person, id: string): Promise<void> {
  await scene.teller.step('窗口缴费 Paid by card at the window', async () => {
    const { amountFen } = await scene.teller.until(async () => {
      const { status, body } = await clerk.attempt('GET', `/api/v1/window/${id}/order`);
      return status === 200 ? (body as { amountFen: number }) : null;
    }, 'the fee order');
    const slipNumber = `POS${Date.now()}`;
    await clerk.post(`/api/v1/window/${id}/payment`, { method: 'card', slipNumber, amountFen }, clerk.key());
    return `${amountFen / 100} yuan`;
  });
}

export async function handOver(scene: Scene, clerk: Person, id: string): Promise<void> {
  await scene.teller.step('窗口领取 The token is handed over and signed for', async () => {
    await reach(scene, clerk, id, 'hand-over');
    await scene.teller.until(
      async () => clerk.download(`/api/v1/applications/${id}/documents/receipt/1.pdf`).catch(() => null),
      'the receipt',
    );
    await clerk.post(`/api/v1/window/${id}/hand-over`, {}, clerk.key());
  });
}

export async function ended(scene: Scene, person: Person, id: string, outcome: string): Promise<void> {
  await scene.teller.step('结束 The case is closed', () =>
    scene.teller.until(async () => {
      const view = await person.get<{ outcome: { code: string } | null }>(`/api/v1/applications/${id}`);
      if (view.outcome && view.outcome.code !== outcome) throw new Error(`closed as ${view.outcome.code}`);
      return view.outcome ? outcome : null;
    }, `the outcome ${outcome}`),
  );
}
