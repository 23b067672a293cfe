/** 账号绑定: one kind approved, one refused, one without an account, one unbound and bound again; a sub-account is turned away. */
import { randomInt } from 'node:crypto';
import type { AccountKind } from '#domain';
import { ended, type Filed } from './desk.js';
import { seedHolder, type Holder, type Scene } from './holder.js';
import { RefusedError } from './person.js';
import type { Ended } from './renewals.js';

const YEAR_MS = 365 * 86_400_000;
/** Of every account here. It goes to the platform and is kept by nobody else. */
const PASSWORD = `Demo-${randomInt(1_000_000)}`;
const REASON = '账号登记的单位名称与证书不一致';

export interface KindView {
  kind: { code: AccountKind };
  state: { code: string; zh: string };
  account: string | null;
  reason: string | null;
  application: Filed | null;
}

export const kindsOf = ({ agent, serial }: Holder) => agent.get<KindView[]>(`/api/v1/account-bindings?certificate=${serial}`);

export async function kindOf(holder: Holder, kind: AccountKind): Promise<KindView> {
  const found = (await kindsOf(holder)).find((each) => each.kind.code === kind);
  if (!found) throw new Error(`no kind ${kind}`);
  return found;
}

export const giveAccount = ({ agent, serial }: Holder, kind: AccountKind, account: string, password: string) =>
  agent.post<KindView>('/api/v1/account-bindings', { certificate: serial, kind, account, password }, agent.key());

export const unbind = ({ agent, serial }: Holder, kind: AccountKind) =>
  agent.post(`/api/v1/account-bindings/${kind}/unbinding`, { certificate: serial });

export async function accountBinding(scene: Scene): Promise<Ended> {
  const { teller, sandbox } = scene;
  const holder = await seedHolder(scene, new Date(Date.now() + YEAR_MS));
  const { agent, serial, form } = holder;
  const names = accountNames();
  await teller.step('平台账号 Accounts the organisation has at the platform', async () => {
    for (const { kind, account, subAccount } of names)
      await sandbox.registerAccount({ uscc: form.organisation.uscc, kind, account, password: PASSWORD, subAccount });
  });
  const [production, distribution, reagents, sub] = names;

  await teller.step('子账号无需绑定 A sub-account is refused by name', async () => {
    const code = await giveAccount(holder, sub.kind, sub.account, PASSWORD).then(
      () => 'taken',
      (error: unknown) => (error instanceof RefusedError ? (error.problem.code ?? '') : String(error)),
    );
    if (code !== 'SUB_ACCOUNT') throw new Error(`the sub-account was not refused as one: ${code}`);
    return code;
  });
  await teller.step('无账号 “No account” of a kind', async () => {
    await agent.post('/api/v1/account-bindings', { certificate: serial, kind: 'consumables-overseas', noAccount: true }, agent.key());
    return (await kindOf(holder, 'consumables-overseas')).state.zh;
  });
  const approved = await bind(scene, holder, production, 'approved');
  const refused = await bind(scene, holder, distribution, 'refused');
  const before = await bind(scene, holder, reagents, 'approved');
  await teller.step('解绑 Unbound by the holder', async () => {
    await unbind(holder, reagents.kind);
    return teller.until(async () => ((await kindOf(holder, reagents.kind)).state.code === 'unbound' ? '已解绑' : null), 'the unbinding');
  });
  const again = await bind(scene, holder, reagents, 'approved');
  return { holder, filed: approved, cases: [approved, refused, before, again] };
}

interface NamedAccount {
  kind: AccountKind;
  account: string;
  subAccount?: boolean;
}

/** Named as the platform names them: a letter code for the kind, and a number. */
function accountNames(): [NamedAccount, NamedAccount, NamedAccount, NamedAccount] {
  const number = String(randomInt(10_000)).padStart(4, '0');
  return [
    { kind: 'drug-production', account: `sc${number}` },
    { kind: 'drug-distribution', account: `PS2026${number}` },
    { kind: 'reagents-domestic-production', account: `sj_s${number}` },
    { kind: 'drug-production', account: `sc${number}-01`, subAccount: true },
  ];
}

async function bind(scene: Scene, holder: Holder, { kind, account }: NamedAccount, decision: 'approved' | 'refused'): Promise<Filed> {
  const { teller, sandbox } = scene;
  const filed = await teller.step(
    `校验并保存 Account and password checked, saved: ${account}`,
    async () => {
      const { application } = await giveAccount(holder, kind, account, PASSWORD);
      if (!application) throw new Error('no case was opened for the account');
      return application;
    },
    ({ number }) => `${number} 待审核`,
  );
  await teller.step(`平台${decision === 'approved' ? '审核通过 The platform approves' : '审核不通过 The platform refuses'}`, async () => {
    const submissionId = await teller.until(() => sandbox.submissionOf(filed.id), 'the submission at the platform');
    await sandbox.decideAccount(submissionId, decision, decision === 'refused' ? REASON : undefined);
  });
  await ended(scene, holder.agent, filed.id, decision === 'approved' ? 'bound' : 'binding-refused');
  return filed;
}
