/** The bank that keeps our account: credits come in, are pushed to the API, and stand in the statement of their Shanghai day. */
import { Router, json as jsonBody } from 'express';
import { z } from 'zod';
import { calendarDay, shanghaiDay } from '#domain';
import { contracts, readInput } from '#gateways';
import { createCallbacks } from '../machine/callbacks.js';
import { machineOf } from '../machine/endpoint.js';
import { openJournal } from '../storage/journal.js';
import { bankPage } from './bank-page.js';
import { openPayments } from './bank-payments.js';
import { statementFile } from './bank-statement.js';
import { fenFromYuan, readMessage, show } from './people.js';
import type { OutsideSystem, World } from './system.js';

export interface Credit {
  reference: string;
  bookedAt: string;
  amountFen: number;
  payerName: string;
  payerAccount: string;
  payerAccountType: 'corporate' | 'personal';
  remittance: string;
}
type Entry = { type: 'credited'; credit: Credit; push: boolean } | { type: 'pushed'; reference: string; at: string };
export type PushState = 'none' | 'waiting' | 'held' | 'accepted';

const { payerName, payerAccount, payerAccountType, amountFen, remittance, bookedAt } = contracts.bank.push.shape;
const transfer = z.strictObject({
  payerName,
  payerAccount,
  payerAccountType,
  amountFen,
  remittance,
  bookedAt: bookedAt.optional(),
  push: z.boolean().optional(),
});
const dayText = z.string().refine((text) => isDay(text));

export function openBank(world: World): OutsideSystem {
  const journal = openJournal<Entry>(world.folder, 'bank');
  const credits: Credit[] = [];
  const pushes = new Map<string, PushState>();
  /** Pushes kept back by an out-of-order fault. */
  let held: Credit[] = [];

  const apply = (entry: Entry) => {
    if (entry.type === 'credited') {
      credits.push(entry.credit);
      pushes.set(entry.credit.reference, entry.push ? 'waiting' : 'none');
    } else pushes.set(entry.reference, 'accepted');
  };
  const record = (entry: Entry) => {
    journal.append(entry);
    apply(entry);
  };
  const callbacks = createCallbacks({
    target: world.bankPush,
    now: world.now,
    pauseMs: world.pauseMs,
    onAccepted: (reference) =>
      void (pushes.get(reference) !== 'accepted' && record({ type: 'pushed', reference, at: world.now().toISOString() })),
  });
  const push = (credit: Credit) => {
    pushes.set(credit.reference, 'waiting');
    callbacks.send(credit.reference, { ...credit, currency: 'CNY' });
  };
  const releaseHeld = () => {
    const late = held.reverse();
    held = [];
    for (const credit of late) push(credit);
  };
  const pushUnderFaults = (credit: Credit) => {
    const fault = world.faults.take('bank', ['duplicate', 'out-of-order']);
    if (fault?.kind === 'out-of-order') {
      held.push(credit);
      pushes.set(credit.reference, 'held');
      if (fault.last) releaseHeld();
      return;
    }
    push(credit);
    if (fault?.kind === 'duplicate') push(credit);
  };

  for (const entry of journal.past) apply(entry);
  for (const credit of credits) if (pushes.get(credit.reference) === 'waiting') push(credit);
  world.faults.whenCleared('bank', releaseHeld);

  const payments = openPayments(world);
  const router = Router();
  router.use(payments.router);
  router.post('/transfers', jsonBody(), (request, response) => {
    const order = readMessage(request, transfer, fromForm);
    const { push: wanted = true, ...given } = order;
    const at = given.bookedAt ? new Date(given.bookedAt) : world.now();
    const reference = `${shanghaiDay(at).replaceAll('-', '')}${String(credits.length + 1).padStart(8, '0')}`;
    const credit: Credit = { reference, ...given, bookedAt: at.toISOString() };
    record({ type: 'credited', credit, push: wanted });
    if (wanted) pushUnderFaults(credit);
    show(request, response, 'bank', credit, 201);
  });
  router.get(
    '/statements/:day',
    machineOf(world, 'bank')(null, async (_, request) => {
      const day = readInput(dayText, request.params['day']);
      const body = statementFile(credits.filter((credit) => shanghaiDay(new Date(credit.bookedAt)) === day));
      return { contentType: 'text/csv; charset=utf-8', body };
    }),
  );
  const listed = () => credits.map((credit) => ({ ...credit, push: pushes.get(credit.reference) ?? 'none' })).reverse();
  router.get('/entries', (_, response) => void response.json(listed()));
  router.get('/', (_, response) => void response.send(bankPage(listed(), payments.payments(), world.faults.list())));
  return {
    router,
    close: () => {
      payments.close();
      callbacks.close();
      journal.close();
    },
  };
}

function fromForm({ amountYuan, push, ...form }: Record<string, string>): object {
  return { remittance: '', payerAccount: '', payerName: '', ...form, amountFen: fenFromYuan(amountYuan), push: push === 'on' };
}

function isDay(text: string): boolean {
  try {
    calendarDay(text);
    return true;
  } catch {
    return false;
  }
}
