/** Makes whoever writes a certain row wait in the middle of it, for as long as the gate is shut: there a test kills them. */
import { randomInt } from 'node:crypto';
import pg from 'pg';
import type { Office } from './office.js';

export async function openGate(office: Office) {
  const key = randomInt(1_000_000_000);
  const keeper = new pg.Client({ connectionString: office.settings.databaseUrl });
  await keeper.connect();
  await keeper.query('SELECT pg_advisory_lock($1)', [key]);
  let opened = false;
  await office.data.query(
    `CREATE FUNCTION wait_at_gate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_advisory_xact_lock_shared(${key}); RETURN NEW; END $$`,
  );
  return {
    /** @param rows e.g. `INSERT ON window_payment FOR EACH ROW` */
    holdAt: (rows: string) => office.data.query(`CREATE TRIGGER gate BEFORE ${rows} EXECUTE FUNCTION wait_at_gate()`),
    somebodyWaits: (count: number) =>
      office.until(async () => {
        const [found]: { n: number }[] = await office.data.query(
          // At this gate: others wait for locks of their own, for a moment.
          `SELECT count(*)::int AS n FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND classid = 0 AND objid = $1`,
          [key],
        );
        return found?.n === count ? true : null;
      }, `${count} at the gate`),
    /** Call it when whoever waited is dead. */
    open: async () => {
      if (opened) return;
      opened = true;
      await keeper.end();
      await office.until(async () => {
        const [found]: { n: number }[] = await office.data.query(
          `SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'xinyin-%'`,
        );
        return found?.n === 0 ? true : null;
      }, 'the dead worker’s connections to go');
      await office.data.query('DROP FUNCTION wait_at_gate() CASCADE');
    },
  };
}
