/** An audit with checkpoints by a real authority, and what somebody with all rights in the database and the folder could do to it. */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  appendAudit,
  AuditCheckpoint,
  AuditEntry,
  auditHash,
  checkpointCopy,
  takeCheckpoint,
  verifyAudit,
  type AuditFinding,
  type AuditSummary,
} from '#persistence';
import { checkpointKey, openAuthority, verifyCheckpoint, type Authority } from '#pki';
import type { DataSource, EntityManager } from 'typeorm';
import { migratedDatabase, NOW } from './rows.js';

export type AuditWorld = Awaited<ReturnType<typeof openAuditWorld>>;

const urls = { crl: 'http://ca.test/issuing.crl', ocsp: 'http://ca.test/ocsp', caIssuers: 'http://ca.test/issuing.cer' };
const authorityIn = (folder: string) => openAuthority({ folder, passphrase: 'for tests only', urls, now: () => NOW });

export async function openAuditWorld() {
  const data = await migratedDatabase();
  const home = mkdtempSync(join(tmpdir(), 'xinyin-audit-'));
  const authority = await authorityIn(join(home, 'pki'));
  const key = await checkpointKey(join(home, 'pki'));
  const copy = checkpointCopy(join(home, 'audit'));
  const checkpoint = (by: Pick<Authority, 'signCheckpoint'> = authority) =>
    takeCheckpoint(data, { at: NOW, sign: (facts) => by.signCheckpoint(facts), copy });
  return {
    data,
    copy,
    checkpoint,
    /** Somebody else's, with names and keys of its own. */
    otherAuthority: () => authorityIn(join(home, randomUUID())),
    verify: async (): Promise<{ summary: AuditSummary; findings: AuditFinding[] }> => {
      const findings: AuditFinding[] = [];
      const signatureHolds = (facts: Buffer, signature: Buffer) => verifyCheckpoint(key, facts, signature);
      const summary = await verifyAudit(data, { copy, signatureHolds, report: (finding) => void findings.push(finding) });
      return { summary, findings };
    },
    /** As on the first day, for the next test. */
    empty: async () => {
      await tamper(data, ['TRUNCATE audit_entry, audit_checkpoint, audit_checkpoint_head']);
      rmSync(join(home, 'audit'), { recursive: true, force: true });
    },
    close: async () => {
      await data.destroy();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** Three entries, a checkpoint, two more, a checkpoint, one that no checkpoint covers yet; and another chain, of one entry. */
export async function twoCheckpoints({ data, checkpoint }: AuditWorld): Promise<{ subject: string; other: string }> {
  const [subject, other] = [`application/${randomUUID()}`, `staff/${randomUUID()}`];
  await appendTo(data, subject, 3);
  await appendTo(data, other, 1);
  await checkpoint();
  await appendTo(data, subject, 2);
  await checkpoint();
  await appendTo(data, subject, 1);
  return { subject, other };
}

export async function appendTo(data: DataSource, subject: string, times: number, actor?: string): Promise<void> {
  for (let time = 0; time < times; time += 1) await data.transaction((tx) => appendOne(tx, subject, actor));
}

export const appendOne = (tx: EntityManager, subject: string, actor = 'staff-1') =>
  appendAudit(tx, { subject, at: NOW, actor: { kind: 'staff', id: actor }, action: 'review.claimed' });

/** Many chains of one entry, hashed by Postgres: the canonical form is written out here once more, by hand. */
export async function manyChains(data: DataSource, count: number): Promise<void> {
  const canonical = `'{"action":"review.claimed","actorId":"staff-1","actorKind":"staff","at":"2026-03-02T04:00:00.000Z","details":{},' ||
    '"next":null,"onceKey":null,"seq":1,"subject":"many/' || n || '","until":null}'`;
  await data.query(
    `INSERT INTO audit_entry (subject, seq, at, actor_kind, actor_id, action, details, previous_hash, hash)
     SELECT 'many/' || n, 1, $1, 'staff', 'staff-1', 'review.claimed', '{}', decode(repeat('00', 32), 'hex'),
            sha256(decode(repeat('00', 32), 'hex') || convert_to(${canonical}, 'UTF8'))
     FROM generate_series(1, $2::integer) n`,
    [NOW, count],
  );
}

/** The triggers away, the deed, the triggers back: nothing remains to be seen of it but the deed. */
export async function tamper(data: DataSource, ...deeds: [sql: string, parameters?: unknown[]][]): Promise<void> {
  const tables = ['audit_entry', 'audit_checkpoint', 'audit_checkpoint_head'];
  await data.transaction(async (tx) => {
    for (const table of tables) await tx.query(`ALTER TABLE ${table} DISABLE TRIGGER ALL`);
    for (const [sql, parameters] of deeds) await tx.query(sql, parameters);
    for (const table of tables) await tx.query(`ALTER TABLE ${table} ENABLE TRIGGER ALL`);
  });
}

/** Another actor from this entry on, and every hash made anew, so that the chain fits together again. */
export async function rewriteChain(data: DataSource, subject: string, from: number): Promise<void> {
  const entries = await data.manager.find(AuditEntry, { where: { subject }, order: { seq: 'ASC' } });
  let previousHash = entries[0]?.previousHash ?? Buffer.alloc(0);
  for (const entry of entries) {
    const actorId = entry.seq >= from ? 'staff-2' : entry.actorId;
    const hash = auditHash({ ...entry, actorId, previousHash });
    const parameters = [actorId, previousHash, hash, subject, entry.seq];
    await tamper(data, ['UPDATE audit_entry SET actor_id = $1, previous_hash = $2, hash = $3 WHERE subject = $4 AND seq = $5', parameters]);
    previousHash = hash;
  }
}

export const checkpointsIn = (data: DataSource) => data.manager.find(AuditCheckpoint, { order: { number: 'ASC' } });
