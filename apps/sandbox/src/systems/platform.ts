/** The procurement platform: it owns the role accounts, says whether they are certified, and ties them to a certificate. */
import { randomInt } from 'node:crypto';
import { Router, json as jsonBody, type RequestHandler } from 'express';
import { z } from 'zod';
import { accountKinds, type AccountKind } from '#domain';
import { contracts } from '#gateways';
import { json, machineOf } from '../machine/endpoint.js';
import { Refusal } from '../machine/refusal.js';
import { openJournal } from '../storage/journal.js';
import { createOnce } from '../storage/once.js';
import { readMessage, show } from './people.js';
import { platformPage } from './platform-page.js';
import type { OutsideSystem, World } from './system.js';

export interface RoleAccount {
  uscc: string;
  account: string;
  kind: AccountKind;
  status: 'certified' | 'uncertified';
}
export interface Binding {
  bindingId: string;
  uscc: string;
  account: string;
  certificateSerial: string;
  certificateName: string;
  at: string;
}
type Bound = Binding & { initialPassword: string };
type Entry = { type: 'role-account'; roleAccount: RoleAccount } | { type: 'bound'; key: string; fingerprint: string; binding: Bound };

const { uscc, account } = contracts.platform.roleAccountQuery.shape;
const kinds = Object.keys(accountKinds) as [AccountKind, ...AccountKind[]];
const status = z.enum(['certified', 'uncertified']);
const newAccount = z.strictObject({ uscc, account, kind: z.enum(kinds), status });
const changedStatus = z.strictObject({ uscc, account, status });

export function openPlatform(world: World): OutsideSystem {
  const journal = openJournal<Entry>(world.folder, 'platform');
  const roleAccounts = new Map<string, RoleAccount>();
  const bindings: Binding[] = [];
  const once = createOnce<Bound>();
  const nameOf = (owner: { uscc: string; account: string }) => `${owner.uscc} ${owner.account}`;

  const apply = (entry: Entry) => {
    if (entry.type === 'role-account') return void roleAccounts.set(nameOf(entry.roleAccount), entry.roleAccount);
    const { initialPassword: _, ...binding } = entry.binding;
    bindings.push(binding);
    once.restore(entry.key, entry.fingerprint, entry.binding);
  };
  const record = (entry: Entry) => {
    journal.append(entry);
    apply(entry);
  };
  for (const entry of journal.past) apply(entry);

  const router = Router();
  const machine = machineOf(world, 'platform');
  router.post(
    '/role-accounts/query',
    machine(contracts.platform.roleAccountQuery, async (query) => {
      const found = roleAccounts.get(nameOf(query));
      return json({ status: found?.status ?? 'unknown', kind: found?.kind ?? null });
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

  router.post('/role-accounts', jsonBody(), (request, response) => {
    const roleAccount = readMessage(request, newAccount, (form) => form);
    record({ type: 'role-account', roleAccount });
    show(request, response, 'platform', roleAccount, 201);
  });
  const changeStatus: RequestHandler = (request, response) => {
    const change = readMessage(request, changedStatus, (form) => form);
    const found = roleAccounts.get(nameOf(change));
    if (!found) throw new Refusal(404, 'ACCOUNT_UNKNOWN');
    const roleAccount = { ...found, status: change.status };
    record({ type: 'role-account', roleAccount });
    show(request, response, 'platform', roleAccount);
  };
  router.patch('/role-accounts', jsonBody(), changeStatus);
  // A form cannot send PATCH.
  router.post('/role-accounts/status', changeStatus);
  router.get('/role-accounts', (_, response) => void response.json([...roleAccounts.values()].reverse()));
  router.get('/bindings', (_, response) => void response.json([...bindings].reverse()));
  router.get('/', (_, response) => {
    response.send(platformPage([...roleAccounts.values()].reverse(), [...bindings].reverse(), world.faults.list()));
  });
  return { router, close: () => journal.close() };
}

/** Without characters that look alike on a printed label: 0 O, 1 l I. */
function newPassword(): string {
  const alphabet = 'ABCDEFGHJKMNPQRSTUVWXYZabcdefghjkmnpqrstuvwxyz23456789';
  return Array.from({ length: 10 }, () => alphabet.charAt(randomInt(alphabet.length))).join('');
}
