/** Rows that the API would have written: submissions with their drafts, and the certificates that they are about. Many in one statement. */
import { randomUUID } from 'node:crypto';
import { wayOf, type ApplicationForm } from '#domain';
import { Application, Certificate, Draft } from '#persistence';
import type { EntityManager } from 'typeorm';
import type { CaseFacts, IssuedPair } from '../office/case.js';

/** Rows of one INSERT: its parameters are numbered in 16 bits. */
const AT_ONCE = 500;

export const formOf = ({ organisation, otherPhone, count, years, cause }: CaseFacts): ApplicationForm => ({
  organisation: { certificateName: organisation.name, uscc: organisation.uscc, province: '四川省', city: '成都市' },
  agent: { name: '李经办', identityNumber: '510104199001010019', phone: otherPhone ?? organisation.phone },
  delivery: { recipient: '李经办', phone: organisation.phone, address: '四川省成都市高新区交子大道 333 号 508' },
  roleAccount: { kind: 'drug-distribution', account: `PS${organisation.uscc.slice(-8)}` },
  certificates: { count, years },
  ...(cause === null ? {} : { cause }),
});

export async function insertSubmissions(tx: EntityManager, submitted: readonly CaseFacts[]): Promise<void> {
  const about = submitted.filter(({ subject }) => subject !== null);
  const holders = about.map((facts) => ({ facts, id: randomUUID() }));
  const rows = [...holders.map(({ facts, id }) => holderRows(facts, id)), ...submitted.map(submissionRows)];
  await inParts(rows, (part) =>
    tx.insert(
      Draft,
      part.map(({ draft }) => draft),
    ),
  );
  await inParts(rows, (part) =>
    tx.insert(
      Application,
      part.map(({ application }) => application),
    ),
  );
  const certificates = holders.flatMap(({ facts, id }) =>
    facts.subject ? pairRows(id, { index: 1, ...facts.subject }, facts.subject.notBefore) : [],
  );
  await inParts(certificates, (part) => tx.insert(Certificate, part));
}

async function inParts<T>(rows: readonly T[], insert: (part: T[]) => Promise<unknown>): Promise<void> {
  for (let from = 0; from < rows.length; from += AT_ONCE) await insert(rows.slice(from, from + AT_ONCE));
}

/** Both certificates of a pair. Their bytes say what they are; the authority is not part of the simulation. */
export function pairRows(applicationId: string, { index, serial, notAfter }: IssuedPair, issuedAt: Date) {
  const pair = { applicationId, index, state: 'valid' as const, notBefore: issuedAt, notAfter, issuedAt };
  return (['signing', 'encryption'] as const).map((kind) => {
    const own = kind === 'signing' ? serial : `${serial}e`;
    return { ...pair, id: randomUUID(), kind, serial: own, tbs: Buffer.from(`simulated ${own}`), der: Buffer.from(`simulated ${own}`) };
  });
}

function submissionRows(facts: CaseFacts) {
  const { id, business, channel, window, organisation, otherPhone, subject, enteredBy, submittedAt, number, twinOf } = facts;
  const agentPhone = otherPhone ?? organisation.phone;
  const draftId = randomUUID();
  const draft = draftRow(facts, draftId, id);
  const standing = {
    stage: wayOf(business, channel)?.stages[0] ?? ('closed' as const),
    waitingFor: 'system' as const,
    stageSince: submittedAt,
  };
  const who = { certificateName: organisation.name, uscc: organisation.uscc, agentPhone, submittedByPhone: organisation.phone };
  const what = { number, business, system: draft.system, channel, window, enteredBy, subjectSerial: subject?.serial ?? null };
  const application = {
    id,
    draftId,
    idempotencyKey: id,
    submittedAt,
    additional: twinOf !== null,
    form: formOf(facts),
    ...what,
    ...who,
    ...standing,
    version: 1,
  };
  return { draft, application };
}

/** Whoever holds the certificate got it by a case of before the year. */
function holderRows(facts: CaseFacts, id: string) {
  const { organisation, subject } = facts;
  const at = subject?.notBefore ?? facts.submittedAt;
  const { draft, application } = submissionRows({
    ...facts,
    ...{
      id,
      business: 'new',
      channel: 'online',
      window: null,
      enteredBy: null,
      subject: null,
      cause: null,
      submittedAt: at,
      otherPhone: null,
    },
    number: `XB-2000-${organisation.uscc.slice(10, 17)}` as CaseFacts['number'],
  });
  const ended = {
    stage: 'closed' as const,
    waitingFor: 'nobody' as const,
    outcome: 'dispatched' as const,
    completedAt: at,
    closedAt: at,
    startedAt: at,
  };
  return { draft, application: { ...application, ...ended } };
}

const draftRow = (facts: CaseFacts, id: string, applicationId: string) => ({
  ...{ id, applicationId, ownerPhone: facts.organisation.phone, business: facts.business, channel: facts.channel },
  ...{ system: 'sichuan-medicine-procurement', enteredBy: facts.enteredBy, subjectSerial: facts.subject?.serial ?? null },
  ...{ form: {}, createdAt: facts.submittedAt, updatedAt: facts.submittedAt, version: 1 },
});
