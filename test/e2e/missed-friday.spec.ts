/** A Friday missed by an outage, as a demonstration shows it; and that nothing of it works anywhere else. Rules: docs/decisions/0039, 0045. */
import { randomUUID } from 'node:crypto';
import { Application, Certificate, DispatchItem, DispatchOutcome } from '#persistence';
import { caseWorkflowId, queues, workflowTypes } from '#workflows/contract';
import type { Scene } from '../../apps/launcher/src/demo/holder.js';
import { missed } from '../../apps/launcher/src/demo/missed-friday.js';
import { demoForm, inventPhone } from '../../apps/launcher/src/demo/organisation.js';
import { createTeller } from '../../apps/launcher/src/demo/teller.js';
import { openOffice, type Office } from '../world/office.js';
import { expectRefusal, invalid, notFound } from './refusal.js';

/** A Wednesday at ten in Shanghai, in a year of which no holiday is known; the Friday before it, the Tuesday of that week, the Friday to come. */
const NOW = new Date('2031-03-12T02:00:00.000Z');
const [COMPLETED, GONE, NEXT] = [new Date('2031-03-04T02:00:00.000Z'), '2031-03-07', '2031-03-14'];

describe('a Friday that was missed', () => {
  let office: Office;
  beforeAll(async () => {
    office = await openOffice();
  }, 120_000);
  afterAll(() => office.close(), 60_000);

  it('D: one letter is made up within 24 hours, another is carried with a notice: both go out, and the report of the Friday says so', async () => {
    office.clock.set(NOW);
    const said: string[] = [];
    const { sandbox } = office;
    const scene: Scene = { office, sandbox, teller: createTeller((line) => said.push(line)), choice: {}, tokens: '', folderOf: () => '' };
    const number = await missed(scene);

    const { manager } = office.data;
    const cases = await manager.find(Application, { order: { number: 'ASC' } });
    expect(cases.map(({ completedAt, stage, outcome }) => ({ completedAt, stage, outcome }))).toEqual(
      Array.from({ length: 2 }, () => ({ completedAt: COMPLETED, stage: 'closed', outcome: 'dispatched' })),
    );
    expect(cases[0]?.number).toBe(number);
    const items = await Promise.all(cases.map(({ id: applicationId }) => manager.findOneByOrFail(DispatchItem, { applicationId })));
    expect(items.map(({ day, timesCarried, carriedReason, state }) => [day, timesCarried, carriedReason, state])).toEqual([
      [GONE, 0, null, 'handed-over'],
      [NEXT, 1, 'missed', 'handed-over'],
    ]);
    const outcomes = await manager.find(DispatchOutcome, { order: { day: 'ASC', at: 'ASC' } });
    expect(outcomes.map(({ day, carriedReason, carriedTo }) => [day, carriedReason, carriedTo])).toEqual([
      [GONE, null, null],
      [GONE, 'missed', NEXT],
      [NEXT, null, null],
    ]);
    const texts = (await Promise.all(cases.map(({ agentPhone }) => sandbox.messages(agentPhone)))) as { template: string }[][];
    const counted = texts.map((all) => all.filter(({ template }) => template === 'carried').length);
    expect(counted).toEqual([0, 1]);
    expect(said.filter((line) => line.includes('✗'))).toEqual([]);
  }, 240_000);

  it('a look as of an instant that has not come is refused, and so is a letter without a complete form', async () => {
    office.clock.stopAt(NOW);
    const dispatcher = await office.staff('dispatcher');
    const look = (at: string) => dispatcher.attempt('POST', '/api/v1/demo/friday-looks', { json: { at } });
    expectRefusal(await look('2031-03-12T02:00:01Z'), invalid({ at: 'FIELD_RANGE' }));
    expectRefusal(await look('last Friday'), invalid({ at: 'FIELD_FORMAT' }));
    const { delivery: _, ...form } = demoForm({}, inventPhone());
    const letter = await office.person().attempt('POST', '/api/v1/demo/letters', { json: { form } });
    expect(letter).toMatchObject({ status: 422, body: { code: 'INPUT_INVALID' } });
    expect(await office.data.manager.count(Application)).toBe(2);
  }, 60_000);
});

describe('outside demo mode', () => {
  let office: Office;
  beforeAll(async () => {
    office = await openOffice({ demo: false, workers: false });
    await office.addStaff('packer', ['dispatcher'], '19000000077');
    await office.startWorkers(['business']);
  }, 120_000);
  afterAll(() => office.close(), 60_000);

  it('there is neither such a letter nor such a look', async () => {
    const form = demoForm({}, inventPhone());
    expectRefusal(await office.person().attempt('POST', '/api/v1/demo/letters', { json: { form } }), notFound);
    const packer = await office.staff('packer');
    for (const json of [{}, { at: '2026-03-06T12:00:00Z' }])
      expectRefusal(await packer.attempt('POST', '/api/v1/demo/friday-looks', { json }), notFound);
    expect(await office.data.manager.count(Application)).toBe(0);
  }, 60_000);

  it('nothing is back-dated by a workflow that somebody starts at the engine', async () => {
    const applicationId = randomUUID();
    const letter = { applicationId, number: 'XB-2026-000001', business: 'new', channel: 'online' };
    const runs = [
      [workflowTypes.seedLetter, caseWorkflowId(applicationId), letter],
      [workflowTypes.makeUpFridaysAt, 'watch-fridays/by-hand', { at: '2026-03-06T12:00:00Z' }],
    ] as const;
    for (const [type, workflowId, input] of runs) {
      const run = office.engine.client.workflow.execute(type, { workflowId, taskQueue: queues.business, args: [input] });
      await expect(run).rejects.toMatchObject({ cause: { type: 'STAGE_REFUSES' } });
    }
    expect(await office.data.manager.count(Certificate)).toBe(0);
  }, 60_000);
});
