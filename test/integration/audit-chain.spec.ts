/** The audit: nobody rewrites it, and who does all the same is found. */
import { createHash, randomUUID } from 'node:crypto';
import type { AuditAction } from '#domain';
import { appendAudit, AuditEntry, auditHash, brokenLink, type AuditRecord } from '#persistence';
import type { DataSource } from 'typeorm';
import { migratedDatabase, NOW } from './rows.js';

let data: DataSource;
beforeAll(async () => {
  data = await migratedDatabase();
}, 60_000);
afterAll(() => data.destroy());

const newSubject = () => `application/${randomUUID()}`;
const entry = (subject: string, change: Partial<AuditRecord> = {}): AuditRecord => ({
  subject,
  at: NOW,
  actor: { kind: 'staff', id: 'staff-1' },
  action: 'review.claimed',
  ...change,
});
const append = (record: AuditRecord) => data.transaction((tx) => appendAudit(tx, record));
const chain = (subject: string) => data.manager.find(AuditEntry, { where: { subject }, order: { seq: 'ASC' } });
const actions: AuditAction[] = ['application.submitted', 'phone.verified', 'review.opened', 'review.claimed', 'review.approved'];

async function fiveEntries(): Promise<string> {
  const subject = newSubject();
  for (const [place, action] of actions.entries()) await append(entry(subject, { action, details: { round: place, note: 'a' } }));
  return subject;
}

/** What somebody with all rights in the database could do. */
async function asIntruder(statement: string, subject: string): Promise<void> {
  await data.transaction(async (tx) => {
    await tx.query('SET LOCAL session_replication_role = replica');
    await tx.query(statement, [subject]);
  });
}

describe('an audit entry', () => {
  it.each([
    'UPDATE audit_entry SET actor_id = $1',
    'UPDATE audit_entry SET at = now() WHERE subject = $1',
    'DELETE FROM audit_entry WHERE subject = $1',
    `INSERT INTO audit_entry SELECT * FROM audit_entry WHERE subject = $1
       ON CONFLICT (subject, seq) DO UPDATE SET actor_id = 'somebody else'`,
  ])('cannot be changed or deleted, not by a superuser either: %s', async (statement) => {
    const subject = await fiveEntries();
    await expect(data.query(statement, [subject])).rejects.toMatchObject({ driverError: { code: '23001' } });
    expect(brokenLink(await chain(subject))).toBeNull();
  });

  it('cannot be swept away with its table', async () => {
    await expect(data.query('TRUNCATE audit_entry')).rejects.toMatchObject({ driverError: { code: '23001' } });
    await expect(data.query('TRUNCATE audit_entry CASCADE')).rejects.toMatchObject({ driverError: { code: '23001' } });
  });

  it('commits with what it records, or not at all', async () => {
    const subject = newSubject();
    await append(entry(subject));
    const failing = data.transaction(async (tx) => {
      await appendAudit(tx, entry(subject));
      throw new Error('what it records failed');
    });
    await expect(failing).rejects.toThrow('what it records failed');
    await append(entry(subject));
    expect((await chain(subject)).map(({ seq }) => seq)).toEqual([1, 2]);
    expect(brokenLink(await chain(subject))).toBeNull();
  });
});

describe('the chain', () => {
  // Written out by hand: keys in alphabetical order, no spaces; the first link follows 32 zero bytes.
  it('is SHA-256 over the previous hash and the canonical JSON of the entry', async () => {
    const subject = 'application/by-hand';
    await append(
      entry(subject, { details: { round: 1, count: 2 }, next: 'reviewer', until: new Date('2026-03-05T16:00:00Z'), onceKey: 'k' }),
    );
    const canonical =
      '{"action":"review.claimed","actorId":"staff-1","actorKind":"staff","at":"2026-03-02T04:00:00.000Z","details":{"count":2,"round":1},' +
      '"next":"reviewer","onceKey":"k","seq":1,"subject":"application/by-hand","until":"2026-03-05T16:00:00.000Z"}';
    const [stored] = await chain(subject);
    expect(stored?.hash.toString('hex')).toBe(createHash('sha256').update(Buffer.alloc(32)).update(canonical).digest('hex'));
    const [row]: { hash: Buffer }[] = await data.query(`SELECT sha256(decode(repeat('00', 32), 'hex') || convert_to($1, 'UTF8')) AS hash`, [
      canonical,
    ]);
    expect(stored?.hash).toEqual(row?.hash);
  });

  it('holds when nobody touched it, whatever order the details were written in', async () => {
    const subject = newSubject();
    await append(entry(subject, { details: { zebra: 1, apple: 'ä', 中: null, flag: true, fraction: 0.1 } }));
    await append(entry(subject, { details: {} }));
    expect(brokenLink(await chain(subject))).toBeNull();
  });

  it.each([
    ['details', `UPDATE audit_entry SET details = '{"round": 2, "note": "b"}' WHERE subject = $1 AND seq = 3`, 3],
    ['actor', `UPDATE audit_entry SET actor_id = 'staff-2' WHERE subject = $1 AND seq = 3`, 3],
    ['action', `UPDATE audit_entry SET action = 'review.rejected' WHERE subject = $1 AND seq = 5`, 5],
    ['time, by a millisecond', `UPDATE audit_entry SET at = at + interval '1 ms' WHERE subject = $1 AND seq = 1`, 1],
    ['once key', `UPDATE audit_entry SET once_key = 'x' WHERE subject = $1 AND seq = 2`, 2],
    ['hash', `UPDATE audit_entry SET hash = sha256('x') WHERE subject = $1 AND seq = 4`, 4],
    ['previous hash', `UPDATE audit_entry SET previous_hash = sha256('x') WHERE subject = $1 AND seq = 4`, 4],
  ])('changed in its %s by a superuser without triggers is broken at that entry', async (_, statement, at) => {
    const subject = await fiveEntries();
    await asIntruder(statement, subject);
    expect(brokenLink(await chain(subject))).toBe(at);
  });

  it.each([
    ['in the middle', 3, 4],
    ['at the start', 1, 2],
  ])('that lost an entry %s is broken behind it', async (_, lost, at) => {
    const subject = await fiveEntries();
    await asIntruder(`DELETE FROM audit_entry WHERE subject = $1 AND seq = ${lost}`, subject);
    expect(brokenLink(await chain(subject))).toBe(at);
  });

  it('with an entry rewritten, and its hash made anew to fit, is broken at the next one', async () => {
    const subject = await fiveEntries();
    const third = (await chain(subject))[2];
    if (!third) throw new Error('the chain is too short');
    const hash = auditHash({ ...third, actorId: 'staff-2' });
    await asIntruder(
      `UPDATE audit_entry SET actor_id = 'staff-2', hash = '\\x${hash.toString('hex')}' WHERE subject = $1 AND seq = 3`,
      subject,
    );
    expect(brokenLink(await chain(subject))).toBe(4);
  });

  it('whose later entries were numbered anew over a deleted one is broken all the same', async () => {
    const subject = await fiveEntries();
    await asIntruder('DELETE FROM audit_entry WHERE subject = $1 AND seq = 3', subject);
    await asIntruder('UPDATE audit_entry SET seq = seq - 1 WHERE subject = $1 AND seq > 3', subject);
    expect(brokenLink(await chain(subject))).toBe(3);
  });

  it('with two entries exchanged is broken at the first', async () => {
    const subject = await fiveEntries();
    await asIntruder('UPDATE audit_entry SET seq = -seq WHERE subject = $1 AND seq IN (2, 3)', subject);
    await asIntruder('UPDATE audit_entry SET seq = 5 + seq WHERE subject = $1 AND seq IN (-2, -3)', subject);
    expect(brokenLink(await chain(subject))).toBe(2);
  });

  it('moved to another subject does not hold there', async () => {
    const subject = await fiveEntries();
    await asIntruder(`UPDATE audit_entry SET subject = 'application/moved' WHERE subject = $1`, subject);
    expect(brokenLink(await chain('application/moved'))).toBe(1);
  });
});

describe('appending', () => {
  it('records once for each subject and key', async () => {
    const [one, other] = [newSubject(), newSubject()];
    expect(await append(entry(one, { onceKey: 'paid' }))).toBe(true);
    expect(await append(entry(one, { onceKey: 'paid', action: 'payment.confirmed' }))).toBe(false);
    expect(await append(entry(one, { onceKey: 'shipped' }))).toBe(true);
    expect(await append(entry(other, { onceKey: 'paid' }))).toBe(true);
    expect((await chain(one)).map(({ onceKey, action }) => [onceKey, action])).toEqual([
      ['paid', 'review.claimed'],
      ['shipped', 'review.claimed'],
    ]);
  });

  it('twice with one key in one transaction records once', async () => {
    const subject = newSubject();
    const answers = await data.transaction(async (tx) => [
      await appendAudit(tx, entry(subject, { onceKey: 'paid' })),
      await appendAudit(tx, entry(subject, { onceKey: 'paid' })),
    ]);
    expect(answers).toEqual([true, false]);
  });

  it('by twenty at once with one key records once, and one of them is told so', async () => {
    const subject = newSubject();
    const answers = await Promise.all(Array.from({ length: 20 }, () => append(entry(subject, { onceKey: 'paid' }))));
    expect(answers.filter(Boolean)).toHaveLength(1);
    expect(await chain(subject)).toHaveLength(1);
  }, 30_000);

  it('by twenty at once leaves no gap, and the chain holds', async () => {
    const subject = newSubject();
    await Promise.all(Array.from({ length: 20 }, (_, place) => append(entry(subject, { details: { place } }))));
    const entries = await chain(subject);
    expect(entries.map(({ seq }) => seq)).toEqual(Array.from({ length: 20 }, (_, place) => place + 1));
    expect(new Set(entries.map(({ details }) => details['place'])).size).toBe(20);
    expect(brokenLink(entries)).toBeNull();
  }, 30_000);

  it('to one subject does not wait for another', async () => {
    const [held, free] = [newSubject(), newSubject()];
    await data.transaction(async (tx) => {
      await appendAudit(tx, entry(held));
      await append(entry(free));
    });
    expect(await chain(free)).toHaveLength(1);
  });
});
