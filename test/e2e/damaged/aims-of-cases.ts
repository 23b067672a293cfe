/** What the endpoints of drafts, cases, their reviews and their agents would take: rows to be about, and right bodies. */
import { changesOf } from '../../world/agent-changes.js';
import { FEW_PAPERS, type Desk, type Holder } from '../../world/desk.js';
import type { Office } from '../../world/office.js';
import {
  claim,
  decide,
  freshPhone,
  inReview,
  licence,
  openDraft,
  reach,
  readyDraft,
  rightForm,
  submit,
  type Applicant,
} from '../applicants.js';
import type { Aim, Aims } from './telling.js';

export interface Scene {
  office: Office;
  desk: Desk;
  /** The agent of a holder whose certificate ends soon, so that every business about it may be asked for. */
  me: Applicant;
  holder: Holder;
}

const upload = (): Aim => ({ body: licence, query: '?fileName=licence.png' });
const waiver = { reason: '系统升级' };
const returned = {
  outcome: 'returned' as const,
  reasons: [
    { field: 'materials/licence', code: 'unreadable' },
    { field: 'delivery/address', code: 'other', note: '无门牌号' },
  ],
};

/** Several of a kind: the first right request may use one up. */
export async function severally<T>(make: () => Promise<T>, count = 4): Promise<T[]> {
  const made: T[] = [];
  while (made.length < count) made.push(await make());
  return made;
}

export async function draftAims({ desk, me, holder }: Scene): Promise<Aims> {
  const mine = await openDraft(me);
  const { draftId: ready } = await readyDraft(me);
  const idOf = (path: string) => path.slice(path.lastIndexOf('/') + 1);
  const renewal = idOf(await desk.draft(me.person, 'renewal-valid', holder));
  const ofClerk = idOf(await desk.draft(await desk.who('clerk'), 'reissue', holder, { cause: 'lost' }, FEW_PAPERS));
  const own = { id: [mine, renewal] };
  return {
    'POST /api/v1/drafts': () => ({ body: { business: 'new', system: 'sichuan-medicine-procurement' } }),
    'PATCH /api/v1/drafts/{id}': () => ({ body: { form: rightForm(me) }, places: own }),
    'PUT /api/v1/drafts/{id}/materials/{material}': () => ({ ...upload(), places: own }),
    'PUT /api/v1/drafts/{id}/consents/{agreement}': () => ({ body: { version: '2026-01' }, places: own }),
    'POST /api/v1/drafts/{id}/challenge': () => ({ places: { id: [renewal, mine] } }),
    'POST /api/v1/drafts/{id}/hours-waiver': () => ({ body: waiver, places: { id: [ofClerk, mine] } }),
    'POST /api/v1/drafts/{id}/submission': () => ({ body: { additional: true }, places: { id: [ready, mine, renewal] } }),
  };
}

/** A case that waits for its agent's phone, one in review, and one that was returned. */
export async function caseAims({ office, me }: Scene): Promise<{ aims: Aims; ids: string[] }> {
  const agentPhone = freshPhone();
  const waiting = await filed(me, agentPhone);
  const [reviewed, given] = [await caseInReview(office, me), await caseInReview(office, me)];
  const reviewer = await office.staff('reviewer');
  await claim(reviewer, given);
  await decide(reviewer, given, returned);
  await reach(office, me.person, given, 'correction');
  const code = await office.sandbox.codeFor(agentPhone, '验证码 (\\d{6})');
  const inCorrection = { id: [given] };
  const aims: Aims = {
    'POST /api/v1/applications/{id}/phone-verification/code': () => ({ places: { id: [waiting, reviewed] } }),
    'POST /api/v1/applications/{id}/phone-verification': () => ({ body: { code }, places: { id: [waiting] } }),
    'DELETE /api/v1/reviews/{id}/claim': () => ({ places: { id: [reviewed] } }),
    'POST /api/v1/reviews/{id}/claim': () => ({ places: { id: [reviewed] } }),
    'POST /api/v1/reviews/{id}/decision': () => ({ body: returned, places: { id: [reviewed] } }),
    'PATCH /api/v1/applications/{id}/correction': () => ({
      body: { form: { delivery: { address: '四川省成都市武侯区更正路 9 号' } } },
      places: inCorrection,
    }),
    'PUT /api/v1/applications/{id}/materials/{material}': () => ({ ...upload(), places: inCorrection }),
    'POST /api/v1/applications/{id}/correction/submission': () => ({ body: { additional: true }, places: inCorrection }),
    'POST /api/v1/applications/{id}/cancellation': () => ({ body: { reason: 'duplicate' } }),
  };
  return { aims, ids: [reviewed, waiting, given] };
}

/** Cases in which nothing was asked for yet, some that wait for the second person, and one that was handed to me and waits for my code. */
export async function agentChangeAims({ office, me }: Scene): Promise<Aims> {
  const changes = changesOf(office);
  const { name, identityNumber } = await changes.newAgent();
  const askedFor = async (phone: string) => {
    const { id, person } = await inReview(office);
    const answers = [await changes.letter(person, id), await changes.ask(person, id, changes.other({ name, identityNumber, phone }))];
    for (const { status, body } of answers) if (status >= 300) throw new Error(`refused: ${status} ${JSON.stringify(body)}`);
    return id;
  };
  const free = await severally(() => caseInReview(office, me), 2);
  const asked = await severally(() => askedFor(freshPhone()));
  const toMe = await askedFor(me.phone);
  await changes.decide(await office.staff('supervisor'), toMe);
  const code = await changes.codeFor(me.phone);
  return {
    'PUT /api/v1/agent-changes/{id}/materials/{material}': () => ({
      ...upload(),
      places: { id: free, material: ['authorisation-letter', 'licence'] },
    }),
    'POST /api/v1/agent-changes/{id}/hours-waiver': () => ({ body: waiver, places: { id: free } }),
    'POST /api/v1/agent-changes/{id}': () => ({
      body: changes.other({ name, identityNumber, phone: freshPhone() }),
      places: { id: free },
    }),
    'POST /api/v1/agent-changes/{id}/decision': () => ({ body: { outcome: 'approved' }, places: { id: asked } }),
    'POST /api/v1/agent-changes/{id}/code': () => ({ places: { id: [toMe] } }),
    'POST /api/v1/agent-changes/{id}/confirmation': () => ({ body: { code }, places: { id: [toMe] } }),
  };
}

async function filed(me: Applicant, agentPhone: string): Promise<string> {
  const { draftId } = await readyDraft(me, rightForm(me, agentPhone));
  const { status, body } = await submit(me, draftId, undefined, { additional: true });
  if (status !== 202) throw new Error(`not taken: ${status} ${JSON.stringify(body)}`);
  return (body as { id: string }).id;
}

async function caseInReview(office: Office, me: Applicant): Promise<string> {
  const id = await filed(me, me.phone);
  await reach(office, me.person, id, 'review');
  return id;
}
