/** The end of an audit chain, held and read in one question: every step of every case asks it. */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class AuditChainEnd1764000000005 implements MigrationInterface {
  readonly name = 'AuditChainEnd1764000000005';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(chainEnd);
  }

  async down(): Promise<void> {
    // Migrations only add: what the office has recorded is never dropped by a command.
    throw new Error('this migration cannot be undone');
  }
}

/** Volatile: what it reads is what stands there once the lock is held, not what stood there when the statement began. */
const chainEnd = `CREATE FUNCTION audit_chain_end(of_subject text, of_occasion text)
  RETURNS TABLE (known boolean, seq integer, hash bytea) LANGUAGE plpgsql VOLATILE AS $$
    BEGIN
      PERFORM pg_advisory_xact_lock(hashtextextended(of_subject, 7));
      RETURN QUERY
        SELECT EXISTS (SELECT 1 FROM audit_entry e WHERE e.subject = of_subject AND e.once_key = of_occasion), ends.seq, ends.hash
        FROM (SELECT 1) one
        LEFT JOIN LATERAL (SELECT e.seq, e.hash FROM audit_entry e WHERE e.subject = of_subject ORDER BY e.seq DESC LIMIT 1) ends ON true;
    END $$`;
