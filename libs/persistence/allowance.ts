/** Limits that hold across processes: one atomic statement in Postgres counts and refuses. */
import type { EntityManager } from 'typeorm';

export interface AllowanceRule {
  /** e.g. `sms/phone/<digest>`: never the phone itself. */
  key: string;
  limit: number;
  windowMs: number;
  /** The least time between two uses, 0 for none. */
  gapMs: number;
  /** Start of the present window when it is fixed (a Shanghai day); otherwise the window begins with its first use. */
  windowStart?: Date;
}

export type AllowanceAnswer = { granted: true } | { granted: false; because: 'gap' | 'limit'; retryAfterSeconds: number };

export async function takeAllowance(tx: EntityManager, rule: AllowanceRule, now: Date): Promise<AllowanceAnswer> {
  const { key, limit, windowMs, gapMs } = rule;
  const fresh = rule.windowStart ?? now;
  const stale = rule.windowStart ?? new Date(now.getTime() - windowMs + 1);
  const taken: unknown[] = await tx.query(
    `INSERT INTO allowance AS a (key, window_start, used, last_at) VALUES ($1, $2, 1, $3)
     ON CONFLICT (key) DO UPDATE SET
       used = CASE WHEN a.window_start < $4 THEN 1 ELSE a.used + 1 END,
       window_start = CASE WHEN a.window_start < $4 THEN $2 ELSE a.window_start END,
       last_at = GREATEST(a.last_at, $3)
     WHERE ($7 OR a.last_at <= $5) AND (a.window_start < $4 OR a.used < $6)
     RETURNING used`,
    // Without a gap the times are not compared: of two calls at once, the one that waits for the row may have the earlier clock.
    [key, fresh, now, stale, new Date(now.getTime() - gapMs), limit, gapMs === 0],
  );
  if (taken.length > 0) return { granted: true };
  const [row]: { window_start: Date; last_at: Date }[] = await tx.query('SELECT window_start, last_at FROM allowance WHERE key = $1', [
    key,
  ]);
  const gapEnds = (row?.last_at.getTime() ?? 0) + gapMs;
  const windowEnds = (row?.window_start.getTime() ?? 0) + windowMs;
  const because = gapMs > 0 && gapEnds > now.getTime() ? 'gap' : 'limit';
  const until = because === 'gap' ? gapEnds : windowEnds;
  return { granted: false, because, retryAfterSeconds: Math.max(1, Math.ceil((until - now.getTime()) / 1000)) };
}
