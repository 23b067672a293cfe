/** Checkpoints of the audit: who takes anything away that they have seen is found, whatever else was made to fit. */
import { appendFileSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { checkpointFacts, checkpointHash, checkpointLine } from '#persistence';
import {
  appendOne,
  appendTo,
  checkpointsIn,
  manyChains,
  openAuditWorld,
  rewriteChain,
  tamper,
  twoCheckpoints,
  type AuditWorld,
} from './audit-world.js';

let world: AuditWorld;
beforeAll(async () => {
  world = await openAuditWorld();
}, 60_000);
beforeEach(() => world.empty());
afterAll(() => world.close());

const findings = async () => (await world.verify()).findings;
const linesOfCopy = () => readFileSync(world.copy.path, 'utf8').split('\n').slice(0, -1);
const isAuditBroken = { code: 'AUDIT_BROKEN' };

describe('a checkpoint', () => {
  it('ties all chains together, and the next one only those that moved on', async () => {
    const { subject, other } = await twoCheckpoints(world);
    expect((await checkpointsIn(world.data)).map(({ number, entries, chains }) => [number, entries, chains])).toEqual([
      [1, 4, 2],
      [2, 6, 2],
    ]);
    expect(
      await world.data.query('SELECT checkpoint_number, subject, seq FROM audit_checkpoint_head ORDER BY checkpoint_number, subject'),
    ).toEqual([
      { checkpoint_number: 1, subject, seq: 3 },
      { checkpoint_number: 1, subject: other, seq: 1 },
      { checkpoint_number: 2, subject, seq: 5 },
    ]);
    const { summary, findings: found } = await world.verify();
    expect(found).toEqual([]);
    expect(summary).toMatchObject({ chains: 2, entries: 7, checkpoints: 2, uncovered: 1, findings: 0 });
  });

  it('of an empty audit is none', async () => {
    expect(await world.checkpoint()).toEqual({ number: 0, entries: 0, chains: 0, fresh: false });
    expect((await world.verify()).summary).toEqual({ chains: 0, entries: 0, checkpoints: 0, lastAt: null, uncovered: 0, findings: 0 });
  });

  it('taken again when nothing moved on is the same one', async () => {
    await appendTo(world.data, 'application/a', 2);
    expect(await world.checkpoint()).toEqual({ number: 1, entries: 2, chains: 1, fresh: true });
    expect(await world.checkpoint()).toEqual({ number: 1, entries: 2, chains: 1, fresh: false });
    expect(await checkpointsIn(world.data)).toHaveLength(1);
    expect(linesOfCopy()).toHaveLength(1);
  });

  it('by five at once is one', async () => {
    await appendTo(world.data, 'application/a', 2);
    const taken = await Promise.all(Array.from({ length: 5 }, () => world.checkpoint()));
    expect(taken.map(({ number }) => number)).toEqual([1, 1, 1, 1, 1]);
    expect(taken.filter(({ fresh }) => fresh)).toHaveLength(1);
    expect(linesOfCopy()).toHaveLength(1);
  });

  it('leaves out what is not committed yet, and the next one has it', async () => {
    await appendTo(world.data, 'application/a', 1);
    await world.data.transaction(async (tx) => {
      await appendOne(tx, 'application/a');
      await appendOne(tx, 'application/b');
      expect(await world.checkpoint()).toMatchObject({ number: 1, entries: 1, chains: 1 });
      expect(await findings()).toEqual([]);
    });
    expect(await world.checkpoint()).toMatchObject({ number: 2, entries: 3, chains: 2 });
    expect(await findings()).toEqual([]);
  });

  it('that is being taken raises no alarm in a verification beside it', async () => {
    const office = async () => {
      for (let round = 0; round < 10; round += 1) {
        await appendTo(world.data, 'application/a', 1);
        await world.checkpoint();
      }
      return [];
    };
    const auditor = async () => {
      const found = [];
      for (let round = 0; round < 10; round += 1) found.push(...(await findings()));
      return found;
    };
    expect(await Promise.all([office(), auditor(), auditor()])).toEqual([[], [], []]);
    expect(linesOfCopy()).toHaveLength(10);
  });

  it('covers more chains than are read at once', async () => {
    await manyChains(world.data, 5_000);
    expect(await world.checkpoint()).toMatchObject({ number: 1, entries: 5_000, chains: 5_000 });
    await tamper(world.data, [`DELETE FROM audit_entry WHERE subject = 'many/4711'`]);
    expect(await findings()).toEqual([{ of: 'chain', subject: 'many/4711', seq: 1, what: 'missing' }]);
  });

  it('cannot be changed or deleted, nor what it saw', async () => {
    await twoCheckpoints(world);
    for (const table of ['audit_checkpoint', 'audit_checkpoint_head'])
      for (const statement of [`UPDATE ${table} SET hash = hash`, `DELETE FROM ${table}`, `TRUNCATE ${table} CASCADE`])
        await expect(world.data.query(statement)).rejects.toMatchObject({ driverError: { code: '23001' } });
  });
});

describe('an audit in which somebody has', () => {
  let subject: string;
  let other: string;
  beforeEach(async () => {
    ({ subject, other } = await twoCheckpoints(world));
  });

  it.each([
    ['changed an entry', `UPDATE audit_entry SET actor_id = 'staff-2' WHERE subject = $1 AND seq = 2`, 2, 'changed'],
    [
      'changed one to an instant that nobody can write',
      `UPDATE audit_entry SET at = 'infinity' WHERE subject = $1 AND seq = 2`,
      2,
      'changed',
    ],
    ['changed the one that no checkpoint covers', `UPDATE audit_entry SET actor_id = 'x' WHERE subject = $1 AND seq = 6`, 6, 'changed'],
    ['deleted an entry in the middle', `DELETE FROM audit_entry WHERE subject = $1 AND seq = 2`, 2, 'missing'],
    ['deleted the end of a chain', `DELETE FROM audit_entry WHERE subject = $1 AND seq > 3`, 4, 'missing'],
    ['deleted all but the start of a chain', `DELETE FROM audit_entry WHERE subject = $1 AND seq > 1`, 2, 'missing'],
    ['deleted a whole chain', `DELETE FROM audit_entry WHERE subject = $1`, 1, 'missing'],
  ])('%s is broken there', async (_, sql, seq, what) => {
    await tamper(world.data, [sql, [subject]]);
    expect(await findings()).toEqual([{ of: 'chain', subject, seq, what }]);
  });

  it('rewritten a chain, with every hash made to fit, is broken where a checkpoint saw it first', async () => {
    await rewriteChain(world.data, subject, 2);
    expect(await findings()).toEqual([{ of: 'chain', subject, seq: 3, what: 'rewritten' }]);
  });

  it('rewritten it only behind the first checkpoint is broken at the second', async () => {
    await rewriteChain(world.data, subject, 4);
    expect(await findings()).toEqual([{ of: 'chain', subject, seq: 5, what: 'rewritten' }]);
  });

  it('cut a chain that has grown since is broken all the same, also when checkpoints go on', async () => {
    await tamper(world.data, ['DELETE FROM audit_entry WHERE subject = $1 AND seq > 3', [subject]]);
    await appendTo(world.data, subject, 4, 'staff-2');
    await world.checkpoint();
    expect(await findings()).toEqual([{ of: 'chain', subject, seq: 5, what: 'rewritten' }]);
  });

  it('broken several chains is told of each, once', async () => {
    await tamper(
      world.data,
      [`UPDATE audit_entry SET actor_id = 'staff-2' WHERE subject = $1`, [subject]],
      ['DELETE FROM audit_entry WHERE subject = $1', [other]],
    );
    expect(await findings()).toEqual([
      { of: 'chain', subject, seq: 1, what: 'changed' },
      { of: 'chain', subject: other, seq: 1, what: 'missing' },
    ]);
  });

  it.each([
    ['changed what a checkpoint states', 'UPDATE audit_checkpoint SET entries = 3 WHERE number = 1', 1, 'changed'],
    ['changed its hash', `UPDATE audit_checkpoint SET hash = sha256('x') WHERE number = 2`, 2, 'changed'],
    ['changed its signature', `UPDATE audit_checkpoint SET signature = 'x' WHERE number = 2`, 2, 'unsigned'],
    ['changed what it saw', 'UPDATE audit_checkpoint_head SET seq = 2 WHERE checkpoint_number = 1 AND seq = 3', 1, 'heads'],
    ['deleted what it saw', 'DELETE FROM audit_checkpoint_head WHERE checkpoint_number = 2', 2, 'heads'],
    ['deleted the first checkpoint', 'DELETE FROM audit_checkpoint WHERE number = 1', 1, 'missing'],
    ['deleted the last one', 'DELETE FROM audit_checkpoint WHERE number = 2', 2, 'missing'],
  ])('%s is told so', async (_, sql, number, what) => {
    await tamper(world.data, [sql]);
    expect(await findings()).toContainEqual({ of: 'checkpoint', number, what });
  });

  it('deleted the last checkpoint with all it saw is told so by the copy', async () => {
    await tamper(
      world.data,
      ['DELETE FROM audit_checkpoint_head WHERE checkpoint_number = 2'],
      ['DELETE FROM audit_checkpoint WHERE number = 2'],
    );
    expect(await findings()).toEqual([{ of: 'checkpoint', number: 2, what: 'missing' }]);
  });

  it('deleted every checkpoint is told so by the copy', async () => {
    await tamper(world.data, ['DELETE FROM audit_checkpoint_head'], ['DELETE FROM audit_checkpoint']);
    expect(await findings()).toEqual([{ of: 'checkpoint', number: 1, what: 'missing' }]);
  });

  it('made a checkpoint anew for what he changed lacks the signature', async () => {
    const [first] = await checkpointsIn(world.data);
    if (!first) throw new Error('there is no checkpoint');
    const hash = checkpointHash(checkpointFacts({ ...first, entries: 3 }));
    await tamper(world.data, ['UPDATE audit_checkpoint SET entries = 3, hash = $1 WHERE number = 1', [hash]]);
    expect(await findings()).toEqual([
      { of: 'checkpoint', number: 1, what: 'unsigned' },
      { of: 'checkpoint', number: 2, what: 'changed' },
    ]);
  });

  it('signed with the key of another authority is told so', async () => {
    await world.checkpoint(await world.otherAuthority());
    expect(await findings()).toEqual([{ of: 'checkpoint', number: 3, what: 'unsigned' }]);
  });
});

describe('the copy', () => {
  beforeEach(() => twoCheckpoints(world));

  it('holds every checkpoint as the table does', async () => {
    expect(linesOfCopy()).toEqual((await checkpointsIn(world.data)).map(checkpointLine));
  });

  it.each<[string, (path: string, lines: string[]) => void, number, 'missing' | 'changed']>([
    ['deleted', (path) => rmSync(path), 1, 'missing'],
    ['emptied', (path) => truncateSync(path), 1, 'missing'],
    ['cut by a line', (path, [first]) => writeFileSync(path, `${first}\n`), 2, 'missing'],
    ['cut within a line', (path) => truncateSync(path, statSync(path).size - 20), 2, 'changed'],
    ['without its first line', (path, [, second]) => writeFileSync(path, `${second}\n`), 1, 'changed'],
    [
      'with a figure changed',
      (path, lines) => writeFileSync(path, `${lines.join('\n').replace('"entries":4', '"entries":3')}\n`),
      1,
      'changed',
    ],
  ])('%s is told so', async (_, deed, number, what) => {
    deed(world.copy.path, linesOfCopy());
    expect(await findings()).toEqual([{ of: 'copy', number, what }]);
  });

  it.each([
    ['nothing', () => 0],
    ['the start of the first line', () => 10],
    ['all but the end of the last line', (whole: string) => whole.length - 20],
    ['all but the last line feed', (whole: string) => whole.length - 1],
  ])('of which a crash left %s is completed with the next checkpoint', async (_, kept) => {
    truncateSync(world.copy.path, kept(readFileSync(world.copy.path, 'utf8')));
    expect(await world.checkpoint()).toMatchObject({ number: 3, fresh: true });
    expect(linesOfCopy()).toEqual((await checkpointsIn(world.data)).map(checkpointLine));
    expect(await findings()).toEqual([]);
  });

  it('that could not be written is made up for by the retry, which finds nothing new to sign', async () => {
    const whole = readFileSync(world.copy.path, 'utf8');
    await world.checkpoint();
    writeFileSync(world.copy.path, whole);
    expect(await world.checkpoint()).toMatchObject({ number: 3, fresh: false });
    expect(linesOfCopy()).toHaveLength(3);
  });

  it('with another line than the table has stops the next checkpoint: it would take the place of the one taken away', async () => {
    await tamper(
      world.data,
      ['DELETE FROM audit_checkpoint_head WHERE checkpoint_number = 2'],
      ['DELETE FROM audit_checkpoint WHERE number = 2'],
    );
    await expect(world.checkpoint()).rejects.toMatchObject(isAuditBroken);
    expect(await checkpointsIn(world.data)).toHaveLength(1);
  });

  it.each(['not ours\n', '{"number":9}\n'])('with %j at its end stops it too', async (line) => {
    appendFileSync(world.copy.path, line);
    await expect(world.checkpoint()).rejects.toMatchObject(isAuditBroken);
  });
});
