/** The code that proves the new phone of a case: whose it is, how often it is guessed, and when it opens nothing. */
import { randomUUID } from 'node:crypto';
import { jest } from '@jest/globals';
import { Application } from '#persistence';
import type { Person } from '../../apps/launcher/src/demo/person.js';
import { changesOf } from '../world/agent-changes.js';
import { openOffice, type Office } from '../world/office.js';
import { applicant, inReview } from './applicants.js';
import { expectRefusal, expectUntouched, invalid, notFound } from './refusal.js';

jest.setTimeout(120_000);

describe('the code of a new phone', () => {
  let office: Office;
  let changes: ReturnType<typeof changesOf>;
  beforeAll(async () => {
    office = await openOffice();
    changes = changesOf(office);
  }, 120_000);
  afterAll(async () => office.close(), 60_000);

  const untouched = (attempt: () => ReturnType<Person['attempt']>, refusal: Parameters<typeof expectUntouched>[2]) =>
    expectUntouched(office, attempt, refusal);
  async function approved() {
    const case_ = await inReview(office);
    const to = await changes.approved(case_.id, case_.person);
    return { case_, to, code: await changes.codeFor(to.phone) };
  }
  const otherThan = (code: string, more = 1) => String((Number(code) + more) % 1_000_000).padStart(6, '0');

  it('whoever is not logged in with the new phone finds nothing, with the right code too', async () => {
    const { case_, to, code } = await approved();
    const stranger = await applicant(office);
    for (const person of [case_.person, stranger.person]) {
      await untouched(() => changes.confirm(person, case_.id, code), notFound);
      await untouched(() => changes.resend(person, case_.id), notFound);
    }
    await untouched(() => changes.confirm(to.person, randomUUID(), code), notFound);
    expect((await changes.confirm(to.person, case_.id, code)).status).toBe(204);
  });

  it('a wrong one, one that is none; after five guesses a new one is needed, and the one of before is of no use', async () => {
    const { case_, to, code } = await approved();
    for (const none of ['12345', 'abcdef', ''])
      expectRefusal(await changes.confirm(to.person, case_.id, none), invalid({ code: 'FIELD_FORMAT' }));
    for (let guess = 1; guess <= 4; guess += 1)
      expectRefusal(await changes.confirm(to.person, case_.id, otherThan(code, guess)), {
        status: 422,
        code: 'CODE_WRONG',
        fields: { code: 'CODE_WRONG' },
      });
    const exhausted = { status: 429, code: 'CODE_EXHAUSTED' };
    expectRefusal(await changes.confirm(to.person, case_.id, otherThan(code, 5)), exhausted);
    expectRefusal(await changes.confirm(to.person, case_.id, code), exhausted);
    office.clock.forward(61_000);
    expect((await changes.resend(to.person, case_.id)).status).toBe(202);
    expectRefusal(await changes.resend(to.person, case_.id), { status: 429, code: 'CODE_TOO_SOON' });
    const again = await changes.codeFor(to.phone);
    if (again !== code) expect((await changes.confirm(to.person, case_.id, code)).status).toBe(422);
    expect((await changes.confirm(to.person, case_.id, again)).status).toBe(204);
    expect((await office.data.manager.findOneByOrFail(Application, { id: case_.id })).agentPhone).toBe(to.phone);
  });

  it('before the approval there is none, and after a rejection it opens nothing', async () => {
    const [case_, to] = [await inReview(office), await changes.newAgent()];
    await changes.letter(case_.person, case_.id);
    expect((await changes.ask(case_.person, case_.id, changes.other(to))).status).toBe(202);
    await untouched(() => changes.confirm(to.person, case_.id, '123456'), notFound);
    await untouched(() => changes.resend(to.person, case_.id), notFound);
    const stopped = await approved();
    expect(
      (await changes.decide(await office.staff('reviewer'), stopped.case_.id, { outcome: 'rejected', reason: 'not-asked-for' })).status,
    ).toBe(204);
    expectRefusal(await changes.confirm(stopped.to.person, stopped.case_.id, stopped.code), notFound);
    expect((await stopped.case_.person.attempt('GET', `/api/v1/applications/${stopped.case_.id}`)).status).toBe(200);
  });
});
