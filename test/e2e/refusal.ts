/** What every refusal must be: problem+json (RFC 9457) that says in both languages what is wrong, what to do, and which field is meant. */
import type { Person } from '../../apps/launcher/src/demo/person.js';
import type { Office } from '../world/office.js';

export interface Refusal {
  status: number;
  code: string;
  /** Codes by field; none when the refusal is not about a field. */
  fields?: Record<string, string>;
}

export interface Problem {
  type: string;
  title: string;
  titleEn: string;
  status: number;
  detail: string;
  detailEn: string;
  instance: string;
  code: string;
  requestId: string;
  errors: { field: string; code: string; reason: string; reasonEn: string; remedy: string; remedyEn: string }[];
}

export type Answer = Awaited<ReturnType<Person['attempt']>>;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export const invalid = (fields: Record<string, string>): Refusal => ({ status: 422, code: 'INPUT_INVALID', fields });
export const notFound: Refusal = { status: 404, code: 'NOT_FOUND' };

export function expectRefusal(answer: Answer, { status, code, fields = {} }: Refusal): Problem {
  const problem = answer.body as Problem;
  expect({ status: answer.status, code: problem.code, fields: fieldsOf(problem) }).toEqual({ status, code, fields });
  expectWellFormed(answer);
  return problem;
}

/** The form of a refusal, whatever it refuses. */
export function expectWellFormed(answer: Answer): void {
  const problem = answer.body as Problem;
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json(;|$)/);
  expect(problem.status).toBe(answer.status);
  expect(problem.type).toMatch(/^urn:xinyin:problem:[a-z-]+$/);
  expect(problem.instance).toMatch(/^\//);
  expect(problem.requestId).toMatch(UUID);
  expect(answer.headers.get('x-request-id')).toBe(problem.requestId);
  expectWords({ zh: [problem.title, problem.detail], en: [problem.titleEn, problem.detailEn] });
  for (const { reason, reasonEn, remedy, remedyEn } of problem.errors) expectWords({ zh: [reason, remedy], en: [reasonEn, remedyEn] });
}

/** Said in the language meant, with every blank filled in. */
function expectWords({ zh, en }: { zh: string[]; en: string[] }): void {
  for (const text of zh) expect(text).toMatch(/\p{Script=Han}/u);
  // A name's own characters may be quoted; Chinese words may not.
  for (const text of en) expect(text).toMatch(/^[A-Z][\x20-\x7e“”’]+/);
  for (const text of [...zh, ...en]) expect(text).not.toMatch(/\{\w+\}|undefined|null|（）|\(\)/);
}

const fieldsOf = ({ errors }: Partial<Problem>) => Object.fromEntries((errors ?? []).map(({ field, code }) => [field, code]));

/** What the office remembers of the work itself. Sessions, codes and limits change with every attempt and are looked at where they matter. */
const WORK = ['draft', 'upload', 'consent', 'application', 'application_counter', 'audit_entry', 'review_round', 'review_decision'];
const MONEY = ['correction', 'fee_order', 'bank_credit', 'window_payment', 'ledger_posting', 'ledger_line'];
const FINANCE = ['refund', 'refund_payee', 'refund_proposal', 'credit_explanation', 'credit_explanation_share', 'finance_case'];
const INVOICES = ['invoice_link', 'invoice_correction'];
const REST = ['agent_change', 'agent_change_decision', 'key_challenge', 'key_recovery_approval', 'certificate', 'seal', 'token'];

export async function remembered(office: Office): Promise<Record<string, string[]>> {
  const tables = [...WORK, ...MONEY, ...FINANCE, ...INVOICES, ...REST];
  const rows = await Promise.all(tables.map((table) => rowsOf(office, table)));
  return Object.fromEntries(tables.map((table, index) => [table, rows[index] ?? []]));
}

export async function rowsOf(office: Office, table: string): Promise<string[]> {
  const rows: { row: string }[] = await office.data.query(`SELECT t::text AS row FROM "${table}" t ORDER BY 1`);
  return rows.map(({ row }) => row);
}

export async function countOf(office: Office, table: string): Promise<number> {
  return (await rowsOf(office, table)).length;
}

/** Refused, and nothing of the work lost or half done. */
export async function expectUntouched(office: Office, attempt: () => Promise<Answer>, refusal: Refusal): Promise<Problem> {
  const before = await remembered(office);
  const problem = expectRefusal(await attempt(), refusal);
  expect(await remembered(office)).toEqual(before);
  return problem;
}
