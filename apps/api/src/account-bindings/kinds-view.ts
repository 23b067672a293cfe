/** The eight kinds as their holder sees them. */
import { accountKinds, bindingStates, type AccountKind, type BindingState } from '#domain';
import { AccountBinding, AccountBindingChange, Application } from '#persistence';
import { In, type EntityManager } from 'typeorm';

const stateView = (code: BindingState) => ({ code, ...bindingStates[code] });

export async function kindsView(tx: EntityManager, uscc: string) {
  const rows = await tx.findBy(AccountBinding, { uscc });
  const changes = await tx.find(AccountBindingChange, { where: { bindingId: In(rows.map(({ id }) => id)) }, order: { seq: 'ASC' } });
  const cases = await tx.findBy(Application, { id: In(rows.flatMap(({ applicationId }) => applicationId ?? [])) });
  return (Object.keys(accountKinds) as AccountKind[]).map((code) => {
    const row = rows.find(({ kind }) => kind === code);
    const application = cases.find(({ id }) => id === row?.applicationId);
    return {
      kind: { code, ...accountKinds[code] },
      state: stateView(row?.state ?? 'open'),
      account: row?.account ?? null,
      reason: row?.reason ?? null,
      since: row?.since.toISOString() ?? null,
      application: application ? { id: application.id, number: application.number } : null,
      history: changes
        .filter(({ bindingId }) => bindingId === row?.id)
        .map(({ at, state, account, reason }) => ({ at: at.toISOString(), state: stateView(state), account, reason })),
    };
  });
}

/** For the audit. */
export const kindWords = (code: AccountKind) => ({ kind: accountKinds[code].zh, kindEn: accountKinds[code].en, code });
