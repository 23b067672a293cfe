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
  type Payer,
  type Proof,
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
  const { id: applicationId, business, channel, certificateName, uscc } = application;
  const id = uuidv7();
  await tx.insert(FeeOrder, {
    id,
    applicationId,
    certificateName,
    uscc,
    payer: payerOf(wayOf(business, channel)?.proof),
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

/** G: the transfer proves the organisation where nothing else does. D: where the key has, anybody may pay; at a window it is paid there. */
function payerOf(proof: Proof | undefined): Payer {
  if (proof === 'corporate-transfer') return 'organisation';
  return proof === 'current-key' ? 'anybody' : 'on-the-spot';
}
