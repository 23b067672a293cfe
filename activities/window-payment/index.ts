/** Money at the window. Promises: no cash, a slip pays for one application only, and what was taken is exactly what was due. */
import { fen, stageRefused, totalFen, XinyinError, yuan, type Fen } from '#domain';
import { BankCredit, FeeOrder, FreeReissue, WindowPayment, readTariff, type Application } from '#persistence';
import type { EntityManager } from 'typeorm';
import { lockCase, moveCase } from '../casework/index.js';
import type { RecordDeps } from '../deps.js';
import { feeLines, holdSlips, makeOrder, receiveAtWindow } from '../payment/index.js';

const METHODS = { card: '刷卡 card', transfer: '转账 transfer' } as const;

export interface WindowPaymentInput {
  applicationId: string;
  method: keyof typeof METHODS;
  slipNumber: string;
  amountFen: number;
  by: string;
}

export const windowPaymentActivities = ({ data, now }: RecordDeps) => ({
  /** `published`: the tariff has the amount, and nobody needs to set it. */
  async openFeeConfirmation({ applicationId, until }: { applicationId: string; until: string }): Promise<{ published: boolean }> {
    return data.transaction(async (tx) => {
      const application = await lockCase(tx, applicationId);
      const lines = await feeLines(tx, application, now());
      const tariff = await readTariff(tx);
      if (lines.every(({ code }) => tariff.every((item) => item.code !== code || item.confirmed))) return { published: true };
      const move = { stage: 'fee-confirmation', waitingFor: 'supervisor', until: new Date(until) } as const;
      await moveCase(tx, application, move, { action: 'application.started', onceKey: 'fee-opened' }, now());
      return { published: false };
    });
  },

  /** An amount of nothing is an answer too: then nothing is to be paid, and there is no order. */
  async confirmFee({ applicationId, amountFen, by }: { applicationId: string; amountFen: number; by: string }): Promise<void> {
    await data.transaction(async (tx) => {
      const application = await lockCase(tx, applicationId);
      const amount = fen(amountFen);
      const actor = { kind: 'staff', id: by } as const;
      const event = { action: 'fee.confirmed', details: { amount: yuan(amount), fen: amount }, actor, onceKey: 'fee' } as const;
      const fresh = await moveCase(tx, application, { waitingFor: 'system', until: null }, event, now());
      if (!fresh || amount === 0) return;
      const [line] = await feeLines(tx, application, now());
      if (!line) throw new XinyinError('STAGE_REFUSES');
      const lines = [{ ...line, quantity: 1, unitFen: amount, amountFen: amount }];
      await makeOrder(tx, application, { expiresAt: new Date(now().getTime() + ORDER_LIFE_MS), at: now(), lines });
    });
  },

  /** `waivedBy`: whoever let it be free, and has had the case in hand by that. */
  async openWindowPayment({
    applicationId,
    until,
  }: {
    applicationId: string;
    until: string;
  }): Promise<{ due: boolean; waivedBy?: string }> {
    return data.transaction(async (tx) => {
      const application = await lockCase(tx, applicationId);
      const waivedBy = await useFreeReissue(tx, application, now());
      if (waivedBy !== null) return { due: false, waivedBy };
      const known = await tx.findOneBy(FeeOrder, { applicationId });
      const dueFen = known?.amountFen ?? totalFen(await feeLines(tx, application, now()));
      if (dueFen === 0) return { due: false };
      if (!known) await makeOrder(tx, application, { expiresAt: new Date(until), at: now() });
      const move = { stage: 'window-payment', waitingFor: 'clerk', until: new Date(until) } as const;
      const details = { amount: yuan(dueFen as Fen) };
      await moveCase(tx, application, move, { action: 'window.payment-opened', details, onceKey: 'window-payment' }, now());
      return { due: true };
    });
  },

  /** @throws XinyinError AMOUNT_DIFFERS, SLIP_USED */
  async takeWindowPayment({ applicationId, method, slipNumber, amountFen, by }: WindowPaymentInput): Promise<void> {
    await data.transaction(async (tx) => {
      // Before its case and order, as whoever decides the credit locks them: one of the two sees what the other has done.
      if (method === 'transfer') await holdSlips(tx, 'taking');
      const credit = method === 'transfer' ? await lockCreditOf(tx, slipNumber) : null;
      const application = await lockCase(tx, applicationId);
      const order = await tx.findOneOrFail(FeeOrder, { where: { applicationId }, lock: { mode: 'pessimistic_write' } });
      const taken = await tx.findOneBy(WindowPayment, { orderId: order.id });
      if (taken?.slipNumber === slipNumber && taken.method === method) return;
      if (taken) throw new XinyinError('ALREADY_DECIDED');
      // Withdrawn or closed meanwhile: nothing is taken for what will not be made.
      if (order.status !== 'open') throw stageRefused();
      if (amountFen !== order.amountFen) throw new XinyinError('AMOUNT_DIFFERS', { params: { amount: yuan(fen(order.amountFen)) } });
      if (await tx.existsBy(WindowPayment, { method, slipNumber })) throw new XinyinError('SLIP_USED');
      // The bank has told this transfer before, and it pays something else or has gone back.
      if (credit !== null && credit.state !== 'recorded' && credit.state !== 'held') throw new XinyinError('SLIP_USED');
      await tx.insert(WindowPayment, { orderId: order.id, method, slipNumber, amountFen, takenBy: by, takenAt: now() });
      await receiveAtWindow(tx, order.id, amountFen, now());
      if (credit?.state === 'held' && credit.heldReason !== 'contradicted')
        await tx.update(BankCredit, { id: credit.id }, { heldReason: 'at-window', orderId: order.id });
      await tx.update(FeeOrder, { id: order.id }, { receivedFen: amountFen, status: 'paid', paidAt: now() });
      const details = { amount: yuan(fen(amountFen)), method: METHODS[method] };
      const actor = { kind: 'staff', id: by } as const;
      await moveCase(
        tx,
        application,
        { waitingFor: 'system', until: null },
        { action: 'window.paid', details, actor, onceKey: 'window-paid' },
        now(),
      );
    });
  },
});

/** A transfer as the bank has told it: the slip bears the bank's own number. */
async function lockCreditOf(tx: EntityManager, slipNumber: string): Promise<BankCredit | null> {
  const named = [{ bankReference: slipNumber }, { otherReference: slipNumber }];
  return tx.findOne(BankCredit, { where: named, lock: { mode: 'pessimistic_write' } });
}

/** Lost in the post: what a supervisor has granted is used by one case. Answers who granted it. */
async function useFreeReissue(tx: EntityManager, application: Application, at: Date): Promise<string | null> {
  const { id, business, subjectSerial: serial } = application;
  if (business !== 'reissue' || serial === null) return null;
  const granted = await tx.findOne(FreeReissue, { where: { serial }, lock: { mode: 'pessimistic_write' } });
  if (!granted || (granted.usedBy !== null && granted.usedBy !== id)) return null;
  await tx.update(FreeReissue, { serial }, { usedBy: id });
  const actor = { kind: 'staff', id: granted.grantedBy } as const;
  await moveCase(tx, application, { waitingFor: 'system' }, { action: 'fee.waived', actor, onceKey: 'fee-waived' }, at);
  return granted.grantedBy;
}

/** D: an order at a window lives through the day and a night; the stage's own deadline closes it. */
const ORDER_LIFE_MS = 86_400_000;
