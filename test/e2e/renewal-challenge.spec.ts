/** A renewal's challenge is good once. What else is refused of its signatures: renewal-refusals.spec.ts. */
import { KeyChallenge } from '#persistence';
import { jest } from '@jest/globals';
import { nextDay, openDesk, type Desk, type Holder } from '../world/desk.js';
import { openOffice, type Office } from '../world/office.js';
import { expectUntouched } from './refusal.js';

jest.setTimeout(120_000);
const DAY_MS = 86_400_000;
const spent = { status: 422, code: 'CHALLENGE_INVALID' };

describe('a challenge that was used', () => {
  let office: Office;
  let desk: Desk;
  let holder: Holder;
  beforeAll(async () => {
    office = await openOffice();
    nextDay(office, '10:00:00');
    desk = await openDesk(office);
    holder = await desk.holder(new Date(office.clock.now().getTime() + 30 * DAY_MS));
  }, 180_000);
  afterAll(async () => office.close(), 60_000);

  const aDraft = () => desk.draft(holder.agent, 'renewal-valid', holder);
  const submit = (draft: string, proof: object) => desk.submit(holder.agent, draft, { proof });
  const mark = (id: string, usedAt: Date | null) => office.data.manager.update(KeyChallenge, { id }, { usedAt });
  /** Submitted and taken back, so that the certificate is free again. */
  async function renewal() {
    const draft = await aDraft();
    const proof = await desk.prove(holder, draft);
    const { id } = await desk.file(holder.agent, draft, { proof });
    await desk.reach(id, 'review');
    await holder.agent.post(`/api/v1/applications/${id}/withdrawal`);
    await desk.ended(id);
    await desk.told(id, 'withdrawn');
    return proof;
  }

  it('D: was spent by the submission, and is worth nothing for the next draft of the same certificate', async () => {
    const proof = await renewal();
    expect((await office.data.manager.findOneByOrFail(KeyChallenge, { id: proof.challengeId })).usedAt).not.toBeNull();
    const next = await aDraft();
    await expectUntouched(office, () => submit(next, proof), spent);
  });

  it('D: is refused for that alone, where everything else is right', async () => {
    const draft = await aDraft();
    const proof = await desk.prove(holder, draft);
    await mark(proof.challengeId, office.clock.now());
    await expectUntouched(office, () => submit(draft, proof), spent);
    await mark(proof.challengeId, null);
    expect((await submit(draft, proof)).status).toBe(202);
  });
});
