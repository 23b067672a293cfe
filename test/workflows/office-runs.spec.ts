/** The office's own runs: credits matched and told, statements imported, revocation lists, application forms. */
import { addDays, shanghaiDay } from '#domain';
import { creditWorkflowId, formWorkflowId, statementWorkflowId, workflowTypes, type StatementInput } from '#workflows/contract';
import type { WorkflowHandle } from '@temporalio/client';
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { openSkippingWorld, told, type SkippingWorld } from './skipping-world.js';

const scheduledStartTime = defineSearchAttributeKey('TemporalScheduledStartTime', SearchAttributeType.DATETIME);

describe('the office’s own runs', () => {
  let world: SkippingWorld;
  beforeAll(async () => {
    world = await openSkippingWorld();
  });
  afterEach(() => world.forget());
  afterAll(() => world.close());

  describe('a bank credit', () => {
    const match = (id = 'credit-1') => world.start(workflowTypes.matchCredit, creditWorkflowId(`sha-${id}`), [{ creditId: id }]);

    it('is decided once and told to its case, which goes on', async () => {
      const run = await world.startCase();
      await run.reach({ stage: 'review' });
      await run.decide('approved');
      await run.reach({ stage: 'payment' });
      world.answer({ decideCredit: () => Promise.resolve({ applicationId: run.id, result: 'exact' }) });
      const handle = await match();
      expect(await handle.result()).toBe('exact');
      await run.reach({ stage: 'dispatch' });
      expect(world.inputs('decideCredit')).toEqual([{ creditId: 'credit-1' }]);
      expect(await told(handle)).toEqual([[`application/${run.id}`, { creditId: 'credit-1', result: 'exact' }]]);
    });

    it('whose case has ended is decided all the same', async () => {
      const run = await world.startCase();
      await run.reach({ stage: 'review' });
      await run.decide('rejected');
      expect(await run.outcome()).toBe('rejected');
      world.answer({ decideCredit: () => Promise.resolve({ applicationId: run.id, result: 'held' }) });
      expect(await (await match()).result()).toBe('held');
    });

    it('that belongs to no case is told to none', async () => {
      world.answer({ decideCredit: () => Promise.resolve({ applicationId: null, result: 'held' }) });
      const handle = await match();
      expect(await handle.result()).toBe('held');
      expect(await told(handle)).toEqual([]);
    });
  });

  describe('a day’s statement', () => {
    const importDay = (input: StatementInput, more = {}) =>
      world.start(workflowTypes.importStatement, statementWorkflowId('any'), [input], more);
    const added = (...names: string[]) => names.map((name) => ({ creditId: name, referenceSha256: `sha-${name}` }));
    const ended = (handle: WorkflowHandle) => handle.result() as Promise<{ lines: number; added: number }>;
    const matched = () =>
      world
        .inputs('decideCredit')
        .map(({ creditId }) => creditId)
        .sort();

    it('starts one matching run for each credit that is new', async () => {
      world.answer({ importStatement: () => Promise.resolve({ lines: 3, added: added('one', 'two') }) });
      expect(await ended(await importDay({ day: '2026-03-05' }))).toEqual({ lines: 3, added: 2 });
      await world.until(() => matched().length === 2, 'the matching');
      expect(matched()).toEqual(['one', 'two']);
      expect(world.inputs('importStatement')).toEqual([{ day: '2026-03-05' }]);
    });

    it('starts no second run for a credit whose matching is under way, and goes on with the next', async () => {
      const deciding = world.gate();
      const undecided = { applicationId: null, result: 'held' } as const;
      world.answer({
        decideCredit: ({ creditId }) => (creditId === 'one' ? deciding.wait() : Promise.resolve()).then(() => undecided),
        importStatement: () => Promise.resolve({ lines: 2, added: added('one', 'two') }),
      });
      await world.start(workflowTypes.matchCredit, creditWorkflowId('sha-one'), [{ creditId: 'one' }]);
      await world.until(() => matched().length === 1, 'the matching under way');
      expect(await ended(await importDay({ day: '2026-03-05' }))).toEqual({ lines: 2, added: 2 });
      await world.until(() => matched().length === 2, 'the other matching');
      expect(matched()).toEqual(['one', 'two']);
    });

    it('without a day is yesterday’s, which is complete', async () => {
      const today = shanghaiDay(new Date(await world.env.currentTimeMs()));
      await ended(await importDay({}));
      expect(world.inputs('importStatement')).toEqual([{ day: addDays(today, -1) }]);
    });

    it('made up after an outage is that of the day before it was scheduled, so that no day is left out', async () => {
      const scheduled = { key: scheduledStartTime, value: new Date('2026-03-05T22:30:00Z') };
      await ended(await importDay({}, { typedSearchAttributes: [scheduled] }));
      // 06:30 on Friday 6 March in Shanghai takes Thursday's.
      expect(world.inputs('importStatement')).toEqual([{ day: '2026-03-05' }]);
    });
  });

  it('a revocation list is published by the queue that has the keys', async () => {
    world.answer({ publishCrl: () => Promise.resolve({ number: 7 }) });
    expect(await (await world.start(workflowTypes.publishCrl, 'publish-crl', [])).result()).toEqual({ number: 7 });
  });

  it('a checkpoint of the audit is taken by the queue that can sign it', async () => {
    const taken = { number: 3, entries: 12, chains: 4, fresh: true };
    world.answer({ checkpointAudit: () => Promise.resolve(taken) });
    expect(await (await world.start(workflowTypes.checkpointAudit, 'audit-checkpoint', [])).result()).toEqual(taken);
  });

  it('responders are certified by the queue that has the keys', async () => {
    world.answer({ certifyResponders: () => Promise.resolve({ certified: 1, refused: 0 }) });
    expect(await (await world.start(workflowTypes.certifyResponders, 'certify-responders', [])).result()).toEqual({
      certified: 1,
      refused: 0,
    });
  });

  it('an application form is printed for the draft and the version that were asked for', async () => {
    world.answer({ printApplicationForm: () => Promise.resolve({ sha256: 'abc' }) });
    const handle = await world.start(workflowTypes.printApplicationForm, formWorkflowId('draft-1', 4), [
      { draftId: 'draft-1', version: 4 },
    ]);
    expect(await handle.result()).toEqual({ sha256: 'abc' });
    expect(world.inputs('printApplicationForm')).toEqual([{ draftId: 'draft-1', version: 4 }]);
  });
});
