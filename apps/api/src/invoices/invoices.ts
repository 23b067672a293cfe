/** Invoices of a case as its agent and finance see them; other data, another link, another try. What is made is made by the queue. */
import {
  buyerProblems,
  correctionRefusal,
  fieldError,
  invoiceRules,
  standingBlue,
  XinyinError,
  type Buyer,
  type InvoiceState,
} from '#domain';
import { appendAudit, Application, Invoice, InvoiceCorrection, invoiceLinkToken, liveInvoiceLink, makeInvoiceLink } from '#persistence';
import { Injectable } from '@nestjs/common';
import { IsNull, type EntityManager } from 'typeorm';
import { validate as isUuid } from 'uuid';
import { CaseStarter } from '../cases/case-starter.js';
import { ApplicationsService } from '../applications/applications.service.js';
import type { Applicant, Principal, Staff } from '../platform/access.js';
import { ApiContext } from '../platform/context.js';
import { decisionIdOf } from '../platform/decisions.js';
import { linkTo } from './links.js';

const LISTED = 500;

@Injectable()
export class Invoices {
  constructor(
    private readonly context: ApiContext,
    private readonly starter: CaseStarter,
    private readonly applications: ApplicationsService,
  ) {}

  /** The queue as it stands, what is due first at the front; or what has come of it, newest first. */
  async list(state: InvoiceState | undefined): Promise<Invoice[]> {
    const { manager } = this.context.data;
    const waiting = { dueAt: 'ASC', applicationId: 'ASC', sequence: 'ASC' } as const;
    if (state === undefined) return manager.find(Invoice, { order: { orderedAt: 'DESC', id: 'DESC' }, take: LISTED });
    return manager.find(Invoice, { where: { state }, order: state === 'queued' ? waiting : { orderedAt: 'DESC' }, take: LISTED });
  }

  /** Another link for whoever has lost theirs, or whose time is over. The one of before opens nothing any more. */
  async newLink(caller: Applicant, applicationId: string, invoiceId: string): Promise<{ link: string; until: string }> {
    await this.applications.visible(caller, applicationId);
    const { data, now, codeKey } = this.context;
    return data.transaction(async (tx) => {
      await lockCase(tx, applicationId);
      const invoice = await madeInvoice(tx, applicationId, invoiceId);
      const linkId = await makeInvoiceLink(tx, codeKey, invoiceId, now());
      const event = { action: 'invoice.link-asked', actor: { kind: 'applicant', id: 'agent' } } as const;
      await appendAudit(tx, { ...event, subject: `application/${applicationId}`, at: now(), details: { invoice: invoice.invoiceNumber } });
      const live = await liveInvoiceLink(tx, invoiceId, now());
      return { link: linkTo(this.context, invoiceLinkToken(codeKey, linkId)), until: live?.until.toISOString() ?? '' };
    });
  }

  /** To the agent, by SMS: who has it sent does not come to see it. The same key sends it once. */
  async sendLink({ staffId: by }: Staff, applicationId: string, invoiceId: string, key: string): Promise<void> {
    const { manager } = this.context.data;
    const invoice = isUuid(applicationId) ? await madeInvoice(manager, applicationId, invoiceId) : null;
    if (!invoice) throw new XinyinError('NOT_FOUND');
    const id = decisionIdOf(`${by}/${invoiceId}`, key);
    await this.starter.startInvoiceLink({ id, applicationId, invoiceId, by });
  }

  /** The same key asks once. Title and tax number are held against the rules before anything is written. */
  async correct(caller: Principal, applicationId: string, key: string, buyer: Buyer): Promise<{ id: string }> {
    await this.applications.visible(caller, applicationId);
    const problems = buyerProblems(buyer);
    if (problems.length > 0) throw new XinyinError('INPUT_INVALID', { fields: problems });
    const id = decisionIdOf(`application/${applicationId}`, key);
    const { data, log } = this.context;
    const correction = await data.transaction(async (tx) => {
      await lockCase(tx, applicationId);
      const before = await tx.findOneBy(InvoiceCorrection, { id });
      if (before && (before.title !== buyer.title || before.taxNumber !== buyer.taxNumber)) throw new XinyinError('IDEMPOTENCY_KEY_REUSED');
      return before ?? this.insert(tx, caller, { id, applicationId, buyer });
    });
    // The row is the promise: if the engine is away, the sweep starts its run.
    await this.starter.startInvoiceCorrection(correction).catch((error: unknown) => {
      log.warn({ correctionId: id, failure: error instanceof Error ? error.name : '' }, 'the sweep will start this correction');
    });
    return { id };
  }

  /** What the service refused, once the cause is mended there. */
  async retry(caller: Staff, invoiceId: string, key: string): Promise<void> {
    const invoice = isUuid(invoiceId) ? await this.context.data.manager.findOneBy(Invoice, { id: invoiceId }) : null;
    if (!invoice) throw new XinyinError('NOT_FOUND');
    const input = { invoiceId, by: caller.staffId };
    if (invoice.state !== 'refused') throw new XinyinError('INVOICE_NOT_REFUSED');
    await this.starter.startInvoiceRetry(input, key);
  }

  private async insert(
    tx: EntityManager,
    caller: Principal,
    { id, applicationId, buyer }: { id: string; applicationId: string; buyer: Buyer },
  ): Promise<InvoiceCorrection> {
    const now = this.context.now();
    const invoices = await tx.find(Invoice, { where: { applicationId }, order: { sequence: 'ASC' } });
    const standing = standingBlue(invoices);
    if (await tx.existsBy(InvoiceCorrection, { applicationId, doneAt: IsNull() })) throw new XinyinError('INVOICE_UNDER_WAY');
    const [last] = await tx.find(InvoiceCorrection, {
      where: { applicationId, askedByKind: 'applicant' },
      order: { askedAt: 'DESC' },
      take: 1,
    });
    const by = caller.kind;
    const known = { standing, firstIssuedAt: invoices[0]?.issuedAt ?? null, lastAskedAt: last?.askedAt ?? null };
    const refusal = correctionRefusal({ by, now }, known);
    if (refusal !== null) throw new XinyinError(refusal, { params: { days: daysIn(refusal) } });
    if (standing?.state === 'issued' && standing.title === buyer.title && standing.taxNumber === buyer.taxNumber)
      throw fieldError('title', 'INVOICE_UNCHANGED');
    const askedBy = caller.kind === 'staff' ? caller.staffId : null;
    await tx.insert(InvoiceCorrection, {
      id,
      applicationId,
      ...buyer,
      askedByKind: by,
      askedBy,
      askedAt: now,
      startedAt: null,
      doneAt: null,
    });
    const actor = { kind: by, id: askedBy ?? 'agent' } as const;
    const event = { action: 'invoice.correction-asked', details: { correction: id }, onceKey: `invoice-correction/${id}` } as const;
    await appendAudit(tx, { ...event, subject: `application/${applicationId}`, at: now, actor });
    return tx.findOneByOrFail(InvoiceCorrection, { id });
  }
}

/** One question about a case's invoices after the other. */
/** An invoice of the case that has been made: another has nothing to open. */
async function madeInvoice(tx: EntityManager, applicationId: string, invoiceId: string): Promise<Invoice> {
  const invoice = isUuid(invoiceId) ? await tx.findOneBy(Invoice, { id: invoiceId, applicationId }) : null;
  if (!invoice) throw new XinyinError('NOT_FOUND');
  if (invoice.state !== 'issued') throw new XinyinError(invoice.state === 'void' ? 'INVOICE_NONE' : 'INVOICE_UNDER_WAY');
  return invoice;
}

function lockCase(tx: EntityManager, id: string): Promise<Application> {
  return tx.findOneOrFail(Application, { where: { id }, lock: { mode: 'pessimistic_write' } });
}

const daysIn = (refusal: string) =>
  refusal === 'INVOICE_CORRECTION_LATE' ? invoiceRules.correctionWithinDays : invoiceRules.correctionEveryDays;
