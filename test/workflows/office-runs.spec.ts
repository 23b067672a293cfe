/** The office's own runs: credits matched and told, statements imported, revocation lists, application forms. */
import { addDays, shanghaiDay } from '#domain';
import {
  creditWorkflowId,
  formWorkflowId,
  statementFileWorkflowId,
  statementProgress,
  statementWorkflowId,
  workflowTypes,
  type StatementInput,
} from '#workflows/contract';
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
    const FILE = 'f'.repeat(64);
    const importDay = (input: StatementInput, more = {}) =>
      world.start(workflowTypes.importStatement, statementWorkflowId('any'), [input], more);
    const ended = (handle: WorkflowHandle) => handle.result() as Promise<{ lines: number; added: number }>;

    it('is fetched, and taken as the file it is', async () => {
      world.answer({
        fetchStatement: () => Promise.resolve({ sha256: FILE }),
        readStatement: () => Promise.resolve({ state: 'recording', entries: 2 }),
        closeStatement: () => Promise.resolve({ lines: 2, added: 1 }),
      });
      expect(await ended(await importDay({ day: '2026-03-05' }))).toEqual({ lines: 2, added: 1 });
      expect(world.inputs('fetchStatement')).toEqual([{ day: '2026-03-05' }]);
      expect(world.inputs('readStatement')).toEqual([{ sha256: FILE }]);
    });

    it('without a day is yesterday’s, which is complete', async () => {
      const today = shanghaiDay(new Date(await world.env.currentTimeMs()));
      await ended(await importDay({}));
      expect(world.inputs('fetchStatement')).toEqual([{ day: addDays(today, -1) }]);
    });

    it('made up after an outage is that of the day before it was scheduled, so that no day is left out', async () => {
      const scheduled = { key: scheduledStartTime, value: new Date('2026-03-05T22:30:00Z') };
      await ended(await importDay({}, { typedSearchAttributes: [scheduled] }));
      // 06:30 on Friday 6 March in Shanghai takes Thursday's.
      expect(world.inputs('fetchStatement')).toEqual([{ day: '2026-03-05' }]);
    });
  });

  describe('a statement file', () => {
    const FILE = 'a'.repeat(64);
    const take = () => world.start(workflowTypes.importStatementFile, statementFileWorkflowId(FILE), [{ sha256: FILE }]);
    const part = (from: number, to: number) => ({ sha256: FILE, from, to });
    /** Two that are begun together may arrive in either order. */
    const recordedParts = () => world.inputs('recordStatementPart').sort((one, other) => one.from - other.from);

    it('is recorded in parts, its reversals linked, decided in parts, and when all is decided each case is told', async () => {
      const run = await world.startCase();
      await run.reach({ stage: 'review' });
      await run.decide('approved');
      await run.reach({ stage: 'payment' });
      const paid = { creditId: 'credit-1', applicationId: run.id, result: 'exact' as const };
      world.answer({
        readStatement: () => Promise.resolve({ state: 'recording', entries: 2_001 }),
        statementNotices: ({ from }) => Promise.resolve({ notices: from === 501 ? [paid] : [] }),
        closeStatement: () => Promise.resolve({ lines: 2_001, added: 7 }),
      });
      const handle = await take();
      expect(await handle.result()).toEqual({ lines: 2_001, added: 7 });
      await run.reach({ stage: 'dispatch' });
      expect(recordedParts()).toEqual([part(1, 1_000), part(1_001, 2_000), part(2_001, 2_001)]);
      expect(world.inputs('linkReversals')).toEqual([{ sha256: FILE }]);
      const decided = [part(1, 2_000), part(2_001, 2_001)];
      expect(world.inputs('decideStatementPart')).toEqual(decided.map((each) => ({ ...each, toldAfterwards: true })));
      expect(world.inputs('statementNotices')).toEqual([
        part(1, 500),
        part(501, 1_000),
        part(1_001, 1_500),
        part(1_501, 2_000),
        part(2_001, 2_001),
      ]);
      expect(await told(handle)).toEqual([[`application/${run.id}`, { creditId: 'credit-1', result: 'exact' }]]);
      expect(await handle.query(statementProgress)).toEqual({ step: 'done', entries: 2_001, recorded: 2_001, decided: 2_001, told: 2_001 });
    });

    it('is recorded two parts at a time; nothing is linked before both are done, and decided is one part after the other', async () => {
      const [recording, deciding] = [world.gate(), world.gate()];
      world.answer({
        readStatement: () => Promise.resolve({ state: 'recording', entries: 4_001 }),
        recordStatementPart: () => recording.wait(),
        decideStatementPart: () => deciding.wait().then(() => ({ notices: [] })),
        closeStatement: () => Promise.resolve({ lines: 4_001, added: 4_001 }),
      });
      const handle = await take();
      await world.until(() => world.inputs('recordStatementPart').length === 2, 'two parts in hand');
      expect(recordedParts()).toEqual([part(1, 1_000), part(1_001, 2_000)]);
      expect(world.inputs('linkReversals')).toEqual([]);
      recording.open();
      await world.until(() => world.inputs('decideStatementPart').length > 0, 'the first part to be decided');
      expect(world.inputs('recordStatementPart')).toHaveLength(5);
      expect(await handle.query(statementProgress)).toMatchObject({ step: 'deciding', recorded: 4_001, decided: 0 });
      expect(world.inputs('decideStatementPart')).toHaveLength(1);
      deciding.open();
      await handle.result();
      expect(world.inputs('decideStatementPart')).toHaveLength(3);
    });

    it('that was taken before adds nothing', async () => {
      world.answer({ readStatement: () => Promise.resolve({ state: 'done', entries: 3 }) });
      expect(await (await take()).result()).toEqual({ lines: 3, added: 0 });
      expect(world.inputs('recordStatementPart')).toEqual([]);
    });

    it('that is refused records nothing, and the run says so', async () => {
      world.answer({ readStatement: () => Promise.resolve({ state: 'refused', entries: 0 }) });
      await expect((await take()).result()).rejects.toMatchObject({ cause: { type: 'STATEMENT_REFUSED' } });
      expect(world.inputs('recordStatementPart')).toEqual([]);
      expect(world.inputs('closeStatement')).toEqual([]);
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
