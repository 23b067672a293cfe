/**
 * Files of people in the store, and what becomes of one whose row is deleted. Promises: an object goes when no row refers to it any more, also
 * when the process dies between; one that is put just then, by anybody who brings the same bytes, stays.
 */
import { createHash } from 'node:crypto';
import { In, LessThanOrEqual, type DataSource, type EntityManager } from 'typeorm';
import { ObjectRemoval } from './entities/objects.js';
import type { ObjectStore } from './object-store.js';

/** As many as a short transaction removes. */
const AT_ONCE = 200;

/** Puts bytes for a row that this transaction writes: until it ends nobody removes them. */
export async function putFor(tx: EntityManager, objects: ObjectStore, bytes: Uint8Array): Promise<string> {
  await hold(tx, [createHash('sha256').update(bytes).digest('hex')]);
  return objects.put(bytes);
}

/** Notes objects that no row of this transaction's refers to any more: from `leftAt` on they may go. */
export async function leaveObjects(tx: EntityManager, sha256s: readonly string[], leftAt: Date): Promise<void> {
  const left = [...new Set(sha256s)];
  await hold(tx, left);
  const rows = left.map((sha256) => ({ sha256, leftAt }));
  if (rows.length > 0) await tx.createQueryBuilder().insert().into(ObjectRemoval).values(rows).orIgnore().execute();
}

/** Removes what was left by then and is referred to no more. The files first: a crash before the commit leaves the note, and they are removed again. */
export async function removeLeftObjects(data: DataSource, objects: ObjectStore, now: Date): Promise<void> {
  while ((await data.transaction((tx) => removeSome(tx, objects, now))) === AT_ONCE);
}

async function removeSome(tx: EntityManager, objects: ObjectStore, now: Date): Promise<number> {
  const noted = await tx.find(ObjectRemoval, { where: { leftAt: LessThanOrEqual(now) }, order: { leftAt: 'ASC' }, take: AT_ONCE });
  const left = noted.map(({ sha256 }) => sha256);
  if (left.length === 0) return 0;
  await hold(tx, left);
  const referred = await referredTo(tx, left);
  for (const sha256 of left.filter((each) => !referred.has(each))) await objects.remove(sha256);
  await tx.delete(ObjectRemoval, { sha256: In(left) });
  return left.length;
}

/** Every column of every table that is called after the hash which it holds. */
export const referringColumns = ({ entityMetadatas }: DataSource): { table: string; column: string }[] =>
  entityMetadatas
    .filter(({ target }) => target !== ObjectRemoval)
    .flatMap(({ tableName: table, columns }) => columns.map(({ databaseName: column }) => ({ table, column })))
    .filter(({ column }) => /(^|_)sha256$/.test(column));

async function referredTo(tx: EntityManager, sha256s: readonly string[]): Promise<Set<string>> {
  const found = new Set<string>();
  for (const { table, column } of referringColumns(tx.dataSource)) {
    const rows: { sha256: string }[] = await tx.query(`SELECT DISTINCT "${column}" AS sha256 FROM "${table}" WHERE "${column}" = ANY($1)`, [
      sha256s,
    ]);
    for (const { sha256 } of rows) found.add(sha256);
  }
  return found;
}

/** In one order, so that two who hold several wait for each other and not both. */
async function hold(tx: EntityManager, sha256s: readonly string[]): Promise<void> {
  for (const sha256 of [...sha256s].sort()) await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 33))', [sha256]);
}
