/** The procurement platform: it owns the role accounts, says whether they are certified, and ties them to a certificate. */
import { Router, json as jsonBody, type RequestHandler } from 'express';
import { z } from 'zod';
import { accountKinds, type AccountKind } from '#domain';
import { contracts } from '#gateways';
import { json, machineOf } from '../machine/endpoint.js';
import { Refusal } from '../machine/refusal.js';
import { openJournal } from '../storage/journal.js';
import { createOnce } from '../storage/once.js';
import { readMessage, show } from './people.js';
import { openApprovals } from './platform-approvals.js';
import { platformPage } from './platform-page.js';
import { hashPassword, newPassword } from './platform-passwords.js';
import { SAMPLE_PASSWORD, SAMPLE_USCC, sampleAccounts } from './platform-samples.js';
import type { OutsideSystem, World } from './system.js';

export interface RoleAccount {
  uscc: string;
  account: string;
  kind: AccountKind;
  status: 'certified' | 'uncertified';
  /** ISO instant since which it is certified; the guide's own examples do not say. */
  certifiedAt?: string | undefined;
  /** A sub-account belongs to a main one and is bound by nobody. */
  subAccount?: boolean;
}
type KnownAccount = RoleAccount & { passwordHash?: string };
export interface Binding {
  bindingId: string;
  uscc: string;
  account: string;
  certificateSerial: string;
  certificateName: string;
  at: string;
}
type Bound = Binding & { initialPassword: string };
interface Reset {
  uscc: string;
  account: string;
  certificateSerial: string;
  initialPassword: string;
}
type Entry =
  | { type: 'role-account'; roleAccount: KnownAccount }
  | { type: 'bound'; key: string; fingerprint: string; binding: Bound }
  | { type: 'password-reset'; key: string; fingerprint: string; reset: Reset };

const { uscc, account } = contracts.platform.roleAccountQuery.shape;
const kinds = Object.keys(accountKinds) as [AccountKind, ...AccountKind[]];
const status = z.enum(['certified', 'uncertified']);
const { password } = contracts.platform.accountCheck.shape;
const newAccount = z.strictObject({
  ...{ uscc, account, status, kind: z.enum(kinds) },
  ...{ password: password.optional(), subAccount: z.boolean().optional() },
  // For what a demonstration or a test was certified at; otherwise it is certified from now on.
  certifiedAt: z.iso.datetime().optional(),
});
const changedStatus = z.strictObject({ uscc, account, status });

export function openPlatform(world: World): OutsideSystem {
  const journal = openJournal<Entry>(world.folder, 'platform');
  const roleAccounts = new Map<string, KnownAccount>();
  const bindings: Binding[] = [];
  const once = createOnce<Bound>();
  const resetOnce = createOnce<Reset>();
  const nameOf = (owner: { uscc: string; account: string }) => `${owner.uscc} ${owner.account}`;

  /** What stands on the token's label opens the account. */
  const opensBy = (owner: { uscc: string; account: string; initialPassword: string }) => {
    const known = roleAccounts.get(nameOf(owner));
    if (known) roleAccounts.set(nameOf(owner), { ...known, passwordHash: hashPassword(owner.initialPassword) });
  };
  const apply = (entry: Entry) => {
    if (entry.type === 'role-account') return void roleAccounts.set(nameOf(entry.roleAccount), entry.roleAccount);
    if (entry.type === 'password-reset') {
      opensBy(entry.reset);
      return resetOnce.restore(entry.key, entry.fingerprint, entry.reset);
    }
    const { initialPassword: _, ...binding } = entry.binding;
    bindings.push(binding);
    opensBy(entry.binding);
    once.restore(entry.key, entry.fingerprint, entry.binding);
  };
  const record = (entry: Entry) => {
    journal.append(entry);
    apply(entry);
  };
  const passwordHash = hashPassword(SAMPLE_PASSWORD);
  for (const { account: name, kind } of sampleAccounts) {
    const roleAccount: KnownAccount = { uscc: SAMPLE_USCC, account: name, kind, status: 'certified', passwordHash };
    roleAccounts.set(nameOf(roleAccount), roleAccount);
  }
  for (const entry of journal.past) apply(entry);

  const router = Router();
  const machine = machineOf(world, 'platform');
  router.post(
    '/role-accounts/query',
    machine(contracts.platform.roleAccountQuery, async (query) => {
      const found = roleAccounts.get(nameOf(query));
      return json({ status: found?.status ?? 'unknown', kind: found?.kind ?? null, certifiedAt: found?.certifiedAt });
    }),
  );
  router.post(
    '/bindings',
    machine(contracts.platform.binding, async ({ idempotencyKey, ...content }) => {
      const { bindingId, initialPassword } = await once.run(idempotencyKey, content, async (fingerprint) => {
        const found = roleAccounts.get(nameOf(content));
        if (!found) throw new Refusal(404, 'ACCOUNT_UNKNOWN');
        if (found.status !== 'certified') throw new Refusal(409, 'ACCOUNT_NOT_CERTIFIED');
        const id = `B${String(bindings.length + 1).padStart(8, '0')}`;
        const binding: Bound = { bindingId: id, ...content, at: world.now().toISOString(), initialPassword: newPassword() };
        record({ type: 'bound', key: idempotencyKey, fingerprint, binding });
        return binding;
      });
      return json({ bindingId, initialPassword });
    }),
  );

  router.post(
    '/bindings/password-resets',
    machine(contracts.platform.passwordReset, async ({ idempotencyKey, ...content }) => {
      const { initialPassword } = await resetOnce.run(idempotencyKey, content, async (fingerprint) => {
        const isBound = bindings.some((each) => nameOf(each) === nameOf(content) && each.certificateSerial === content.certificateSerial);
        if (!isBound) throw new Refusal(404, 'BINDING_UNKNOWN');
        const reset: Reset = { ...content, initialPassword: newPassword() };
        record({ type: 'password-reset', key: idempotencyKey, fingerprint, reset });
        return reset;
      });
      return json({ initialPassword });
    }),
  );

  /** From now on, where nothing else is said; what is certified already stays so since then. */
  const certifiedSince = ({ status, certifiedAt }: Pick<RoleAccount, 'status' | 'certifiedAt'>, known: RoleAccount | undefined) => {
    if (status !== 'certified') return undefined;
    return certifiedAt ?? (known?.status === 'certified' ? known.certifiedAt : world.now().toISOString());
  };
  router.post('/role-accounts', jsonBody(), (request, response) => {
    const { password: given, ...entered } = readMessage(request, newAccount, ({ subAccount, ...form }) => ({
      ...form,
      ...(subAccount === undefined ? {} : { subAccount: subAccount === 'on' }),
    }));
    const roleAccount = { ...entered, certifiedAt: certifiedSince(entered, roleAccounts.get(nameOf(entered))) };
    record({
      type: 'role-account',
      roleAccount: { ...roleAccount, ...(given === undefined ? {} : { passwordHash: hashPassword(given) }) },
    });
    show(request, response, 'platform', roleAccount, 201);
  });
  const changeStatus: RequestHandler = (request, response) => {
    const change = readMessage(request, changedStatus, (form) => form);
    const found = roleAccounts.get(nameOf(change));
    if (!found) throw new Refusal(404, 'ACCOUNT_UNKNOWN');
    const roleAccount = { ...found, status: change.status, certifiedAt: certifiedSince(change, found) };
    record({ type: 'role-account', roleAccount });
    show(request, response, 'platform', shown(roleAccount));
  };
  router.patch('/role-accounts', jsonBody(), changeStatus);
  // A form cannot send PATCH.
  router.post('/role-accounts/status', changeStatus);
  const accounts = () => [...roleAccounts.values()].map(shown).reverse();
  router.get('/role-accounts', (_, response) => void response.json(accounts()));
  router.get('/bindings', (_, response) => void response.json([...bindings].reverse()));
  router.get('/', (_, response) => {
    const lists = { accounts: accounts(), bindings: [...bindings].reverse(), submissions: approvals.list() };
    response.send(platformPage(lists, world.faults.list()));
  });
  const approvals = openApprovals(world, router, {
    find: (owner) => roleAccounts.get(nameOf(owner)),
    bound: (owner) => bindings.filter((each) => nameOf(each) === nameOf(owner)).length,
  });
  return {
    router,
    close: () => {
      approvals.close();
      journal.close();
    },
  };
}

function shown({ passwordHash: _, ...roleAccount }: KnownAccount): RoleAccount {
  return roleAccount;
}
