/** What an organisation answers for each kind of role account. A password is in this file for as long as the platform is asked about it. */
import { bindingRefusal, XinyinError, type AccountKind, type ApplicationForm } from '#domain';
import { AccountBinding, answerBinding, appendAudit, Application, holdBinding, type KindOfOrganisation } from '#persistence';
import { caseWorkflowId, withdrawCase } from '#workflows/contract';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { formOf, Subjects, type Subject } from '../certificates/subjects.js';
import { CaseStarter } from '../cases/case-starter.js';
import { fileApplication, openDraft } from '../drafts/filing.js';
import type { Applicant, Principal } from '../platform/access.js';
import { ApiContext } from '../platform/context.js';
import { Decisions } from '../platform/decisions.js';
import { AccountChecks } from './account-checks.js';
import { readBindingInput, type BindingInput, type GivenAccount } from './binding-input.js';
import { kindsView, kindWords } from './kinds-view.js';

const BUSINESS = 'account-binding';

@Injectable()
export class AccountBindingsService {
  constructor(
    private readonly context: ApiContext,
    private readonly subjects: Subjects,
    private readonly checks: AccountChecks,
    private readonly starter: CaseStarter,
    private readonly decisions: Decisions,
  ) {}

  async list(caller: Principal, serial: string) {
    const { manager } = this.context.data;
    const { issuedBy } =
      caller.kind === 'staff' ? await this.subjects.named(manager, caller, serial) : await this.speakingFor(manager, caller, serial);
    return kindsView(manager, issuedBy.uscc);
  }

  async answer(caller: Applicant, key: string, input: BindingInput) {
    const { manager } = this.context.data;
    const { kind, given } = readBindingInput(input);
    const subject = await this.speakingFor(manager, caller, input.certificate);
    const of = { uscc: subject.issuedBy.uscc, kind };
    if (given === 'no account') await this.recordNoAccount(caller, of);
    else await this.submit(caller, key, subject, of, given);
    const [view] = (await kindsView(manager, of.uscc)).filter((each) => each.kind.code === kind);
    return view;
  }

  async unbind(caller: Applicant, kind: AccountKind, serial: string): Promise<void> {
    const { manager } = this.context.data;
    const { issuedBy } = await this.speakingFor(manager, caller, serial);
    const found = await manager.findOneBy(AccountBinding, { uscc: issuedBy.uscc, kind });
    const applicationId = found?.applicationId ?? '';
    switch (found?.state) {
      case 'approved':
        return this.starter.startUnbinding({ applicationId, by: caller.sessionId });
      case 'pending': {
        const requestId = `withdraw-${applicationId}`;
        return this.decisions.send(caseWorkflowId(applicationId), withdrawCase, requestId, { requestId });
      }
      case 'unbound':
        return;
      case 'refused':
      case 'no-account':
      case undefined:
        throw new XinyinError('BINDING_NONE');
    }
  }

  /** Answers are the organisation's, whichever of its certificates they came by: one that has ended, or is suspended, speaks for it no longer. */
  private async speakingFor(tx: EntityManager, caller: Principal, serial: string): Promise<Subject> {
    const subject = await this.subjects.named(tx, caller, serial);
    this.subjects.requirePossible(BUSINESS, subject.certificate);
    return subject;
  }

  /** G: a valid answer of its own. There is nothing for the platform to decide, so there is no case. */
  private async recordNoAccount({ sessionId }: Applicant, of: KindOfOrganisation): Promise<void> {
    const at = this.context.now();
    await this.context.data.transaction(async (tx) => {
      const before = await holdBinding(tx, of);
      if (before?.state === 'no-account') return;
      refuseAnswered(before);
      const nothing = { account: null, applicationId: null, checkId: null, submissionId: null };
      const id = await answerBinding(tx, { before, of, answer: { state: 'no-account', ...nothing }, at });
      const actor = { kind: 'applicant', id: sessionId } as const;
      await appendAudit(tx, { subject: `account-binding/${id}`, at, actor, action: 'binding.no-account', details: kindWords(of.kind) });
    });
  }

  private async submit(caller: Applicant, key: string, subject: Subject, of: KindOfOrganisation, given: GivenAccount): Promise<void> {
    const { manager } = this.context.data;
    const wanted = { of, account: given.account, serial: subject.certificate.serial };
    // Read first: what the same request, sent twice at once, has just written must be known as its own and not as an answer in the way.
    const standing = await manager.findOneBy(AccountBinding, of);
    if (await sentBefore(manager, caller, key, wanted)) return;
    refuseAnswered(standing);
    // Before the transaction: nothing is locked while the platform thinks about it.
    const checkId = await this.checks.require({ ...of, ...given }).catch(async (refusal: unknown) => {
      if (await sentBefore(manager, caller, key, wanted)) return null;
      throw refusal;
    });
    if (checkId === null) return;
    const application = await this.context.data.transaction(async (tx) => {
      await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 18))', [`${caller.phone} ${key}`]);
      if (await sentBefore(tx, caller, key, wanted)) return null;
      const before = await holdBinding(tx, of);
      refuseAnswered(before);
      const filed = await this.file(tx, caller, key, subject, { kind: of.kind, account: given.account });
      const answer = { state: 'pending', account: given.account, applicationId: filed.id, checkId, submissionId: null } as const;
      await answerBinding(tx, { before, of, answer, at: filed.submittedAt });
      return filed;
    });
    if (application) await this.begin(application);
  }

  private async file(
    tx: EntityManager,
    { phone, sessionId }: Applicant,
    idempotencyKey: string,
    { certificate, issuedBy }: Subject,
    roleAccount: ApplicationForm['roleAccount'],
  ): Promise<Application> {
    const at = this.context.now();
    const form = { ...formOf(issuedBy), roleAccount };
    const begun = { business: BUSINESS, system: issuedBy.system, channel: 'online', ownerPhone: phone, form } as const;
    const draft = await openDraft(tx, { ...begun, subjectSerial: certificate.serial }, at);
    return fileApplication(tx, draft, { idempotencyKey, phone, actor: { kind: 'applicant', id: sessionId }, at });
  }

  /** The row is the promise. If the engine is away, or this process dies here, the sweep starts the case. */
  private async begin(application: Application): Promise<void> {
    const { log } = this.context;
    await this.starter.start(application).catch((error: unknown) => {
      log.warn({ applicationId: application.id, failure: error instanceof Error ? error.name : '' }, 'the sweep will start this case');
    });
  }
}

/** The password is not compared: nobody has kept it. */
async function sentBefore(
  tx: EntityManager,
  { phone }: Applicant,
  idempotencyKey: string,
  { of, account, serial }: { of: KindOfOrganisation; account: string; serial: string },
): Promise<boolean> {
  const before = await tx.findOneBy(Application, { submittedByPhone: phone, idempotencyKey });
  if (!before) return false;
  const { kind, account: told } = before.form.roleAccount;
  const same = before.business === BUSINESS && before.subjectSerial === serial && kind === of.kind && told === account;
  if (!same) throw new XinyinError('IDEMPOTENCY_KEY_REUSED');
  return true;
}

function refuseAnswered(before: AccountBinding | null): void {
  const refusal = bindingRefusal(before?.state ?? 'open');
  if (refusal) throw new XinyinError(refusal);
}
