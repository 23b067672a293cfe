/** Account binding as the platform does it: it checks a password, an administrator decides, and our API is told until it has heard. */
import { randomUUID } from 'node:crypto';
import { json as jsonBody, type Router } from 'express';
import { z } from 'zod';
import type { AccountFinding, AccountKind } from '#domain';
import { contracts } from '#gateways';
import { createCallbacks } from '../machine/callbacks.js';
import { json, machineOf } from '../machine/endpoint.js';
import { Refusal } from '../machine/refusal.js';
import { openJournal } from '../storage/journal.js';
import { createOnce } from '../storage/once.js';
import { readMessage, show } from './people.js';
import { isPassword } from './platform-passwords.js';
import { SAMPLE_USCC, sampleAccounts } from './platform-samples.js';
import type { World } from './system.js';

export interface OwnedAccount {
  uscc: string;
  account: string;
  kind: AccountKind;
}
export interface Submission extends OwnedAccount {
  submissionId: string;
  /** The caller's case; null for what was bound before there was one. */
  reference: string | null;
  state: 'pending' | 'approved' | 'refused' | 'unbound';
  reason: string;
  at: string;
}
/** What the platform itself knows of an account. */
interface Register {
  find(owner: { uscc: string; account: string }): (OwnedAccount & { passwordHash?: string; subAccount?: boolean }) | undefined;
  /** How often it was bound to a certificate on a Friday. */
  bound(owner: { uscc: string; account: string }): number;
}

interface Decision {
  decisionId: string;
  submissionId: string;
  decision: 'approved' | 'refused';
  reason: string;
  decidedAt: string;
}
type Entry =
  | { type: 'checked'; checkId: string; owner: OwnedAccount }
  | { type: 'submitted'; key: string; fingerprint: string; checkId: string; submission: Submission }
  | { type: 'unbound'; owner: OwnedAccount; bound: number }
  | { type: 'decided'; decision: Decision }
  | { type: 'told'; decisionId: string };

const { submissionId, decision, reason } = contracts.platform.decision.shape;
const decided = z
  .strictObject({ submissionId, decision, reason: reason.optional() })
  .refine((each) => each.decision === 'approved' || (each.reason ?? '').trim() !== '', { path: ['reason'] });

const nameOf = ({ uscc, account }: { uscc: string; account: string }) => `${uscc} ${account}`;

/** Everything remembered, and what follows from one more entry. */
function createMemory() {
  const checks = new Map<string, OwnedAccount>();
  const spent = new Set<string>();
  const submissions = new Map<string, Submission>();
  const decisions = new Map<string, Decision>();
  const untold = new Set<string>();
  const takenBack = new Map<string, number>();
  const once = createOnce<Submission>();
  sampleAccounts.forEach(({ account, kind, state }, index) => {
    const id = `S-sample-${index + 1}`;
    const at = '2025-01-24T02:00:00.000Z';
    submissions.set(id, { submissionId: id, reference: null, uscc: SAMPLE_USCC, account, kind, state, reason: '', at });
  });
  const change = (id: string, more: Partial<Submission>) => {
    const found = submissions.get(id);
    if (found) submissions.set(id, { ...found, ...more });
  };
  const of = (owner: { uscc: string; account: string }) => [...submissions.values()].filter((each) => nameOf(each) === nameOf(owner));

  const apply = (entry: Entry): void => {
    switch (entry.type) {
      case 'checked':
        return void checks.set(entry.checkId, entry.owner);
      case 'submitted':
        spent.add(entry.checkId);
        submissions.set(entry.submission.submissionId, entry.submission);
        return once.restore(entry.key, entry.fingerprint, entry.submission);
      case 'unbound':
        takenBack.set(nameOf(entry.owner), entry.bound);
        for (const each of of(entry.owner)) if (each.state !== 'refused') change(each.submissionId, { state: 'unbound' });
        return;
      case 'decided': {
        const { decisionId, submissionId: id, decision: state, reason: why } = entry.decision;
        decisions.set(decisionId, entry.decision);
        if (submissions.get(id)?.reference) untold.add(decisionId);
        return change(id, { state, reason: why });
      }
      case 'told':
        return void untold.delete(entry.decisionId);
    }
  };
  const inUse = (owner: { uscc: string; account: string }, bound: number) =>
    bound > (takenBack.get(nameOf(owner)) ?? 0) || of(owner).some(({ state }) => state === 'pending' || state === 'approved');
  return { apply, inUse, once, checks, spent, submissions, decisions, untold };
}

export function openApprovals(world: World, router: Router, register: Register) {
  const journal = openJournal<Entry>(world.folder, 'platform-approvals');
  const memory = createMemory();
  const record = (entry: Entry) => {
    journal.append(entry);
    memory.apply(entry);
  };
  const callbacks = createCallbacks({
    target: world.platformPush,
    now: world.now,
    pauseMs: world.pauseMs,
    onAccepted: (decisionId) => void (memory.untold.has(decisionId) && record({ type: 'told', decisionId })),
    // Each is about an account of its own, and is answered when the case has taken it: one waits for no other.
    atOnce: 8,
  });
  const tell = (decisionId: string) => {
    const told = memory.decisions.get(decisionId);
    const reference = memory.submissions.get(told?.submissionId ?? '')?.reference;
    if (told && reference) callbacks.send(decisionId, { ...told, reference });
  };
  for (const entry of journal.past) memory.apply(entry);
  for (const decisionId of [...memory.untold]) tell(decisionId);

  addMachineEndpoints(world, router, { memory, record, register });
  router.post('/accounts/decisions', jsonBody(), (request, response) => {
    const { submissionId: id, decision: state, reason: why = '' } = readMessage(request, decided, (form) => form);
    const found = memory.submissions.get(id);
    if (!found) throw new Refusal(404, 'SUBMISSION_UNKNOWN');
    if (found.state !== 'pending') throw new Refusal(409, 'ALREADY_DECIDED');
    const decisionId = `D${String(memory.decisions.size + 1).padStart(8, '0')}`;
    const told: Decision = { decisionId, submissionId: id, decision: state, reason: why, decidedAt: world.now().toISOString() };
    record({ type: 'decided', decision: told });
    tell(decisionId);
    show(request, response, 'platform', told, 201);
  });
  const list = () => [...memory.submissions.values()].reverse();
  router.get('/accounts/submissions', (_, response) => void response.json(list()));
  return {
    list,
    close: () => {
      callbacks.close();
      journal.close();
    },
  };
}

interface Desk {
  memory: ReturnType<typeof createMemory>;
  record: (entry: Entry) => void;
  register: Register;
}

function addMachineEndpoints(world: World, router: Router, { memory, record, register }: Desk): void {
  const machine = machineOf(world, 'platform');
  router.post(
    '/accounts/checks',
    machine(contracts.platform.accountCheck, async ({ password, ...owner }) => {
      const finding = findingOf({ ...owner, password }, memory, register);
      if (finding !== 'right') return json({ finding, checkId: null });
      const checkId = randomUUID();
      record({ type: 'checked', checkId, owner });
      return json({ finding, checkId });
    }),
  );
  router.post(
    '/accounts/submissions',
    machine(contracts.platform.accountSubmission, async ({ idempotencyKey, ...content }) => {
      const { submissionId: id } = await memory.once.run(idempotencyKey, content, async (fingerprint) => {
        const { checkId, reference, uscc, kind, account } = content;
        const checked = memory.checks.get(checkId);
        if (checked?.kind !== kind || nameOf(checked) !== nameOf(content)) throw new Refusal(404, 'CHECK_UNKNOWN');
        if (memory.spent.has(checkId)) throw new Refusal(409, 'CHECK_SPENT');
        if (memory.inUse(content, register.bound(content))) throw new Refusal(409, 'ACCOUNT_IN_USE');
        const number = `S${String(memory.submissions.size + 1).padStart(8, '0')}`;
        const waiting = { submissionId: number, reference, uscc, kind, account, state: 'pending' as const, reason: '' };
        const submission: Submission = { ...waiting, at: world.now().toISOString() };
        record({ type: 'submitted', key: idempotencyKey, fingerprint, checkId, submission });
        return submission;
      });
      return json({ submissionId: id });
    }),
  );
  router.post(
    '/accounts/unbindings',
    machine(contracts.platform.accountUnbinding, async ({ idempotencyKey: _, ...owner }) => {
      if (memory.inUse(owner, register.bound(owner))) record({ type: 'unbound', owner, bound: register.bound(owner) });
      return json({ state: 'unbound' });
    }),
  );
}

function findingOf(given: OwnedAccount & { password: string }, memory: Desk['memory'], register: Register): AccountFinding {
  const found = register.find(given);
  if (!found || !isPassword(given.password, found.passwordHash)) return 'wrong';
  if (found.subAccount) return 'sub-account';
  if (found.kind !== given.kind) return 'other-kind';
  return memory.inUse(given, register.bound(given)) ? 'in-use' : 'right';
}
