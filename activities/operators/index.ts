/** Who works with the engine's own tools. The engine knows no names of ours: whoever sends something says a staff id, which may be anybody's. */
import { fieldError, type Actor } from '#domain';
import { StaffAccount } from '#persistence';
import { IsNull, type EntityManager } from 'typeorm';

/** @throws XinyinError INPUT_INVALID naming `by` for an id that nobody has who works here */
export async function requireOperator(tx: EntityManager, by: string): Promise<Actor> {
  if (!(await worksHere(tx, by))) throw fieldError('by', 'FIELD_CHOICE');
  return { kind: 'operator', id: by };
}

/** For what has happened and cannot be refused any more: `unnamed` without an id, or with one that nobody has who works here. */
export async function operatorIn(tx: EntityManager, by: string | null): Promise<Actor> {
  return { kind: 'operator', id: by !== null && (await worksHere(tx, by)) ? by : 'unnamed' };
}

const worksHere = (tx: EntityManager, id: string) => tx.existsBy(StaffAccount, { id, disabledAt: IsNull() });
