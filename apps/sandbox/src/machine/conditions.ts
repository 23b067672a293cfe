/**
 * How a system is today: how long it takes, which share of its requests fails, how many a second it takes. Unlike a fault it is not used up.
 * The share is counted out, not drawn: with 0.05 every twentieth request fails.
 */
import { z } from 'zod';
import { systems, type System } from './faults.js';

export const conditionOrder = z.strictObject({
  system: z.enum(systems),
  latencyMs: z.int().min(0).max(60_000).default(0),
  errorShare: z.number().min(0).max(1).default(0),
  /** None: as many as come. */
  perSecond: z.number().positive().max(10_000).optional(),
});
export type ConditionOrder = z.output<typeof conditionOrder>;

export interface Met {
  requests: number;
  errors: number;
  limited: number;
}
export type Meeting = { becomes: 'work' | 'error'; latencyMs: number } | { becomes: 'limited'; retryAfterSeconds: number };

export interface ConditionBoard {
  set(order: ConditionOrder): void;
  clear(system: System): void;
  list(): (ConditionOrder & { met: Met })[];
  /** What the system does with its next request. */
  meet(system: System): Meeting;
}

interface Standing {
  order: ConditionOrder;
  met: Met;
  tokens: number;
  countedAt: number;
  owedErrors: number;
}

export function createConditionBoard(now: () => Date): ConditionBoard {
  const standing = new Map<System, Standing>();
  /** A second's worth may come at once; whoever comes too often is told to come back in a second. */
  const isLimited = (each: Standing): boolean => {
    const { perSecond } = each.order;
    if (perSecond === undefined) return false;
    const at = now().getTime();
    each.tokens = Math.min(perSecond, each.tokens + (Math.max(0, at - each.countedAt) / 1000) * perSecond);
    each.countedAt = at;
    if (each.tokens < 1) return true;
    each.tokens -= 1;
    return false;
  };
  return {
    set: (order) =>
      void standing.set(order.system, {
        order,
        met: { requests: 0, errors: 0, limited: 0 },
        tokens: order.perSecond ?? 0,
        countedAt: now().getTime(),
        owedErrors: 0,
      }),
    clear: (system) => void standing.delete(system),
    list: () => [...standing.values()].map(({ order, met }) => ({ ...order, met: { ...met } })),
    meet: (system) => {
      const each = standing.get(system);
      if (!each) return { becomes: 'work', latencyMs: 0 };
      each.met.requests += 1;
      if (isLimited(each)) {
        each.met.limited += 1;
        return { becomes: 'limited', retryAfterSeconds: 1 };
      }
      const { latencyMs, errorShare } = each.order;
      each.owedErrors += errorShare;
      if (each.owedErrors < 1) return { becomes: 'work', latencyMs };
      each.owedErrors -= 1;
      each.met.errors += 1;
      return { becomes: 'error', latencyMs };
    },
  };
}
