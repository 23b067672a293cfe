/** Faults on demand: set for a system, used up by its next requests. Nothing here is random, so a test can name what will happen. */
import { z } from 'zod';

export const systems = ['sms', 'sms2', 'bank', 'platform', 'invoice', 'courier'] as const;
export type System = (typeof systems)[number];
const everywhere = ['slow', 'error', 'lost-answer', 'duplicate', 'out-of-order'] as const;
/** Taken, and then: the phone does not get it; nobody is told what became of it. */
const ofMessages = ['undeliverable', 'receipt-lost'] as const;
export const faultKinds = [...everywhere, ...ofMessages] as const;
export type FaultKind = (typeof faultKinds)[number];
export const kindsOf = (system: System): readonly FaultKind[] => (system === 'sms' || system === 'sms2' ? faultKinds : everywhere);

export const systemName = z.enum(systems);
const anyOrder = z.strictObject({
  system: systemName,
  kind: z.enum(faultKinds),
  count: z.int().min(1).max(10_000).optional(),
  delayMs: z.int().min(0).max(600_000).optional(),
});
export const faultOrder = anyOrder.refine(({ system, kind }) => kindsOf(system).includes(kind), { path: ['kind'] });
export type FaultOrder = z.output<typeof faultOrder>;

export interface FaultHit {
  kind: FaultKind;
  delayMs: number | undefined;
  /** This request was the last that the fault was ordered for. */
  last: boolean;
}

export interface FaultBoard {
  /** A new order for the same system and kind replaces the old one. */
  set(order: FaultOrder): void;
  list(): FaultOrder[];
  clear(system: System): void;
  /** The oldest fault of the system among these kinds, used up by one. */
  take(system: System, kinds: readonly FaultKind[]): FaultHit | undefined;
  whenCleared(system: System, listener: () => void): void;
}

export function createFaultBoard(): FaultBoard {
  let orders: FaultOrder[] = [];
  const listeners: { system: System; listener: () => void }[] = [];
  const without = (gone: FaultOrder) => orders.filter((each) => each.system !== gone.system || each.kind !== gone.kind);
  return {
    set: (order) => void (orders = [...without(order), { ...order }]),
    list: () => orders.map((order) => ({ ...order })),
    clear: (system) => {
      orders = orders.filter((order) => order.system !== system);
      for (const each of listeners) if (each.system === system) each.listener();
    },
    take: (system, kinds) => {
      const order = orders.find((each) => each.system === system && kinds.includes(each.kind));
      if (!order) return undefined;
      const last = order.count === 1;
      if (last) orders = without(order);
      else if (order.count !== undefined) order.count -= 1;
      return { kind: order.kind, delayMs: order.delayMs, last };
    },
    whenCleared: (system, listener) => void listeners.push({ system, listener }),
  };
}
