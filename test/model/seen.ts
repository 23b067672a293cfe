/** What came of a case, as the office's own records and the agent's phone show it, in the model's words. */
import { Application, BankCredit, Certificate, FeeOrder, Seal } from '#persistence';
import type { Office } from '../world/office.js';
import type { Begun } from './beginnings.js';
import type { Standing } from './index.js';

/** @returns null while the case works by itself */
export async function seen(office: Office, { id, phones, holder }: Begun): Promise<(Standing & { parked: string | null }) | null> {
  const { manager } = office.data;
  const { stage, outcome, waitingFor, parkedReason } = await manager.findOneByOrFail(Application, { id });
  if (waitingFor === 'system' || stage === 'issuance') return null;
  const order = await manager.findOneBy(FeeOrder, { applicationId: id });
  const credits = order ? await manager.findBy(BankCredit, { orderId: order.id }) : [];
  if (credits.some(({ state }) => state === 'recorded')) return null;
  const refunds: { fen: string | null }[] = await office.data.query(
    `SELECT sum(amount_fen) AS fen FROM refund WHERE state = 'due' AND order_id = $1`,
    [order?.id ?? null],
  );
  return {
    at: stage,
    outcome,
    parked: parkedReason,
    order: order && { due: order.amountFen, got: order.receivedFen, status: order.status },
    surplus: credits.reduce((sum, { surplusFen }) => sum + surplusFen, 0),
    owed: Number(refunds[0]?.fen ?? 0),
    held: credits.flatMap(({ heldReason }) => heldReason ?? []).sort(),
    own: (await pairsOf(office, id)).filter((standing) => standing === 'valid').length,
    old: holder && ((await pairsOf(office, holder.id))[0] ?? null),
    told: (await Promise.all(phones.map((phone) => messages(office, phone)))).flat().sort(),
  };
}

/** `valid`, or the reason that stands on the certificates and on the seal; what they do not agree on is shown whole. */
async function pairsOf(office: Office, applicationId: string): Promise<string[]> {
  const { manager } = office.data;
  const certificates = await manager.findBy(Certificate, { applicationId });
  const seals = await manager.findBy(Seal, { applicationId });
  return [1, 2].flatMap((index) => {
    const pair = certificates.filter((each) => each.index === index);
    if (pair.length === 0) return [];
    const standings = [
      ...pair.map(({ state, revocationReason }) => (state === 'revoked' ? (revocationReason ?? 'revoked') : state)),
      ...seals.filter((each) => each.index === index).map(({ revokedAt, revocationReason }) => (revokedAt ? revocationReason : 'valid')),
    ];
    const [first] = standings;
    return standings.length === 3 && first && standings.every((each) => each === first) ? first : standings.join(' ');
  });
}

async function messages(office: Office, phone: string): Promise<string[]> {
  const all = (await office.sandbox.messages(phone)) as { template: string }[];
  return all.map(({ template }) => template).filter((template) => template !== 'login-code');
}
