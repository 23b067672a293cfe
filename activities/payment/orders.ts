/** A fee order, made once a case from the tariff of the day. */
import {
  businesses,
  fen,
  normaliseAccountName,
  paymentReference,
  priceFees,
  shanghaiDay,
  totalFen,
  wayOf,
  type ApplicationNumber,
  type Fen,
  type FeeLine,
} from '#domain';
import { FeeOrder, readTariff, type Application } from '#persistence';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';

export async function feeLines(tx: EntityManager, { business, form }: Application, at: Date): Promise<FeeLine[]> {
  return priceFees(businesses[business].fees(form.certificates), await readTariff(tx), shanghaiDay(at));
}

/** @param lines where they are not those of the tariff: a supervisor has set the amount */
export async function makeOrder(
  tx: EntityManager,
  application: Application,
  { expiresAt, at, lines: given }: { expiresAt: Date; at: Date; lines?: FeeLine[] },
): Promise<{ id: string; amountFen: Fen }> {
  const lines = given ?? (await feeLines(tx, application, at));
  const amountFen = totalFen(lines);
  const { id: applicationId, business, channel, certificateName } = application;
  const id = uuidv7();
  await tx.insert(FeeOrder, {
    id,
    applicationId,
    certificateName,
    // Where the key has proven who asks, anybody may pay (D).
    payer: wayOf(business, channel)?.proof === 'corporate-transfer' ? 'organisation' : 'anybody',
    lines,
    amountFen,
    receivedFen: fen(0),
    status: 'open',
    reference: paymentReference(application.number as ApplicationNumber),
    payerKey: normaliseAccountName(certificateName),
    createdAt: at,
    expiresAt,
  });
  return { id, amountFen };
}
