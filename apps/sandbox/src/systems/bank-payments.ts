/** Money that goes out of our account: ordered once a key, settled or failed, and reported until the API has heard it. */
import { Router, json as jsonBody } from 'express';
import { z } from 'zod';
import { shanghaiDay } from '#domain';
import { contracts, type PaymentReport } from '#gateways';
import { createCallbacks, type CallbackTarget } from '../machine/callbacks.js';
import { json, machineOf } from '../machine/endpoint.js';
import { Refusal } from '../machine/refusal.js';
import { openJournal } from '../storage/journal.js';
import { createOnce } from '../storage/once.js';
import { readMessage, show } from './people.js';
import type { OutsideSystem, World } from './system.js';

type Order = Omit<z.output<typeof contracts.bank.paymentOrder>, 'idempotencyKey'>;
export interface Payment extends Order {
  key: string;
  reference: string;
  status: 'settled' | 'failed';
  failure?: 'account-closed';
  at: string;
}
type Entry =
  | { type: 'ordered'; fingerprint: string; payment: Payment }
  | { type: 'reported'; key: string }
  | { type: 'account'; account: string; closed: boolean };
const account = z.strictObject({ account: contracts.bank.paymentOrder.shape.payeeAccount, closed: z.boolean() });

export function openPayments(world: World): OutsideSystem & { payments: () => readonly Payment[] } {
  const journal = openJournal<Entry>(world.folder, 'bank-payments');
  const once = createOnce<Payment>();
  const payments = new Map<string, Payment>();
  const reported = new Set<string>();
  const closed = new Set<string>();
  /** Reports kept back by an out-of-order fault. */
  let held: Payment[] = [];

  const apply = (entry: Entry) => {
    if (entry.type === 'account') return void (entry.closed ? closed.add(entry.account) : closed.delete(entry.account));
    if (entry.type === 'reported') return void reported.add(entry.key);
    const { payment, fingerprint } = entry;
    payments.set(payment.key, payment);
    once.restore(payment.key, fingerprint, payment);
  };
  const record = (entry: Entry) => {
    journal.append(entry);
    apply(entry);
  };
  const callbacks = createCallbacks({
    target: world.bankPush && beside(world.bankPush),
    now: world.now,
    pauseMs: world.pauseMs,
    onAccepted: (key) => void (reported.has(key) || record({ type: 'reported', key })),
  });
  const report = (payment: Payment) => callbacks.send(payment.key, reportOf(payment));
  const reportUnderFaults = (payment: Payment) => {
    const fault = world.faults.take('bank', ['duplicate', 'out-of-order']);
    if (fault?.kind === 'out-of-order') return void held.push(payment);
    report(payment);
    if (fault?.kind === 'duplicate') report(payment);
  };

  const pay = (key: string, order: Order, fingerprint: string): Promise<Payment> => {
    const at = world.now();
    const reference = `P${shanghaiDay(at).replaceAll('-', '')}${String(payments.size + 1).padStart(8, '0')}`;
    const ending = closed.has(order.payeeAccount)
      ? { status: 'failed' as const, failure: 'account-closed' as const }
      : { status: 'settled' as const };
    const payment: Payment = { key, reference, ...order, ...ending, at: at.toISOString() };
    record({ type: 'ordered', fingerprint, payment });
    reportUnderFaults(payment);
    return Promise.resolve(payment);
  };

  for (const entry of journal.past) apply(entry);
  for (const payment of payments.values()) if (!reported.has(payment.key)) report(payment);
  world.faults.whenCleared('bank', () => {
    for (const payment of held.splice(0)) report(payment);
    held = [];
  });

  const router = Router();
  router.post(
    '/payments',
    machineOf(world, 'bank')(contracts.bank.paymentOrder, async ({ idempotencyKey, ...order }) => {
      const { reference } = await once.run(idempotencyKey, order, (fingerprint) => pay(idempotencyKey, order, fingerprint));
      // A bank takes an order first; how it ends, it says later.
      return json({ reference, status: 'accepted' });
    }),
  );
  router.get(
    '/payments/:key',
    machineOf(world, 'bank')(null, async (_, request) => {
      const payment = payments.get(String(request.params['key']));
      if (!payment) throw new Refusal(404, 'NOT_FOUND');
      const { reference, status, failure } = payment;
      return json({ reference, status, ...(failure ? { failure } : {}) });
    }),
  );
  router.post('/accounts', jsonBody(), (request, response) => {
    const given = readMessage(request, account, ({ account: number, closed: shut }) => ({ account: number, closed: shut === 'on' }));
    record({ type: 'account', ...given });
    show(request, response, 'bank', given, 201);
  });
  const listed = () => [...payments.values()].reverse();
  router.get('/payments', (_, response) => void response.json(listed()));
  return {
    router,
    payments: listed,
    close: () => {
      callbacks.close();
      journal.close();
    },
  };
}

function reportOf({ key, reference, status, failure, at }: Payment): PaymentReport {
  return { idempotencyKey: key, reference, status, at, ...(failure ? { failure } : {}) };
}

/** Reports of payments have an address of their own beside that of credits. The API's is known only once it listens. */
function beside(target: CallbackTarget): CallbackTarget {
  const { keyId, secret } = target;
  return {
    keyId,
    secret,
    get url() {
      return `${target.url}-payments`;
    },
  };
}
