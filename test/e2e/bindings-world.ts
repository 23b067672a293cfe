/** Holders of certificates and their accounts at the platform, for the tests of account binding. */
import { randomUUID } from 'node:crypto';
import type { AccountKind } from '#domain';
import { kindOf } from '../../apps/launcher/src/demo/bindings.js';
import { seedHolder, type Holder } from '../../apps/launcher/src/demo/holder.js';
import { createTeller } from '../../apps/launcher/src/demo/teller.js';
import type { Office } from '../world/office.js';

export const PASSWORD = 'Kx7-geheim-口令';
const YEAR_MS = 365 * 86_400_000;

/** With `uscc` another certificate of that organisation, in the hands of another agent. */
export function holderOf(
  office: Office,
  name: string,
  { uscc, endsIn = YEAR_MS }: { uscc?: string; endsIn?: number } = {},
): Promise<Holder> {
  const { settings, sandbox } = office;
  const choice = { name, ...(uscc ? { uscc } : {}) };
  const scene = {
    office,
    sandbox,
    teller: createTeller(() => undefined),
    choice,
    tokens: settings.folders.station,
    folderOf: () => '',
  };
  return seedHolder(scene, new Date(office.clock.now().getTime() + endsIn));
}

let accounts = 0;
/** An account of the holder's at the platform; each call another. */
export async function register(office: Office, holder: Holder, kind: AccountKind, more: { subAccount?: boolean } = {}): Promise<string> {
  const account = `sc${String((accounts += 1)).padStart(4, '0')}`;
  const { uscc } = holder.form.organisation;
  await office.sandbox.registerAccount({ uscc, kind, account, password: PASSWORD, ...more });
  return account;
}

/** One attempt, whatever the answer. */
export const give = ({ agent, serial }: Holder, input: object, key: string | null = randomUUID()) =>
  agent.attempt('POST', '/api/v1/account-bindings', {
    json: { certificate: serial, ...input },
    headers: key === null ? {} : { 'Idempotency-Key': key },
  });

export const takeBack = ({ agent, serial }: Holder, kind: string) =>
  agent.attempt('POST', `/api/v1/account-bindings/${kind}/unbinding`, { json: { certificate: serial } });

export async function stands(office: Office, holder: Holder, kind: AccountKind, state: string) {
  return office.until(async () => {
    const found = await kindOf(holder, kind);
    return found.state.code === state ? found : null;
  }, `${kind} to be ${state}`);
}

/** Submitted, and in the hands of the platform's administrator. */
export async function waiting(office: Office, holder: Holder, kind: AccountKind) {
  const account = await register(office, holder, kind);
  const answer = await give(holder, { kind, account, password: PASSWORD });
  expect(answer.status).toBe(202);
  const { id, number } = (answer.body as { application: { id: string; number: string } }).application;
  const submissionId = await office.until(() => office.sandbox.submissionOf(id), 'the submission');
  await office.until(async () => {
    const view = await holder.agent.get<{ waitingFor: { code: string } }>(`/api/v1/applications/${id}`);
    return view.waitingFor.code === 'platform' ? true : null;
  }, 'the case to wait for the platform');
  return { id, number, account, submissionId };
}

export async function bound(office: Office, holder: Holder, kind: AccountKind) {
  const submitted = await waiting(office, holder, kind);
  await office.sandbox.decideAccount(submitted.submissionId, 'approved');
  await stands(office, holder, kind, 'approved');
  return submitted;
}
