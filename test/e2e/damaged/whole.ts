/** Nothing is half applied: what rows say was done stands on the audit, the chains hold, and every fen is where the ledger says. */
import { AuditEntry, brokenLink } from '#persistence';
import type { Office } from '../../world/office.js';

const stands = (subject: string, action: string, more = '') =>
  `EXISTS (SELECT 1 FROM audit_entry a WHERE a.subject = ${subject} AND a.action = ${action} ${more})`;

/** Each finds the rows that lack their other half. */
const halves: Record<string, string> = {
  'a review that is decided': `SELECT r.id FROM review_decision r WHERE applied_at IS NOT NULL
     AND NOT ${stands(`'application/' || r.application_id`, `'review.' || r.outcome`)}`,
  'a correction that was submitted': `SELECT c.id FROM correction c WHERE applied_at IS NOT NULL
     AND NOT ${stands(`'application/' || c.application_id`, `'correction.submitted'`)}`,
  'a change of the agent that was asked for': `SELECT c.id FROM agent_change c WHERE state <> 'recorded'
     AND NOT ${stands(`'application/' || c.application_id`, `'agent.change-asked'`, `AND a.once_key LIKE '%/' || c.id`)}`,
  'a change of the agent that is decided': `SELECT d.change_id FROM agent_change_decision d
     WHERE NOT ${stands(`'application/' || d.application_id`, `'agent.change-' || d.outcome`, `AND a.once_key LIKE '%/' || d.change_id`)}`,
  'a change of the agent in effect': `SELECT c.id FROM agent_change c JOIN application p ON p.id = c.application_id
     WHERE (c.state = 'applied') <> ${stands(`'application/' || c.application_id`, `'agent.changed'`, `AND a.once_key LIKE '%/' || c.id`)}
       OR c.state = 'applied' AND p.agent_phone <> c.new_phone
         AND NOT EXISTS (SELECT 1 FROM agent_change later WHERE later.application_id = p.id AND later.state = 'applied' AND later.id <> c.id)`,
  'a paper of which one file counts': `SELECT draft_id, material FROM upload WHERE replaced_at IS NULL
     GROUP BY draft_id, material HAVING count(*) > 1`,
  'hours that were waived': `SELECT w.application_id FROM hours_waiver w
     WHERE NOT ${stands(`'application/' || w.application_id`, `'window.hours-overridden'`)}`,
  'a payment at a window': `SELECT o.application_id FROM window_payment p JOIN fee_order o ON o.id = p.order_id
     WHERE NOT ${stands(`'application/' || o.application_id`, `'window.paid'`)}`,
  'a task that is done': `SELECT t.id FROM staff_task t WHERE (done_by IS NOT NULL) <> ${stands('t.subject', `'task.done'`)}`,
  'a letter that is sent again': `SELECT d.id FROM dispatch_item d WHERE sendings > 1
     AND NOT ${stands(`'application/' || d.application_id`, `'parcel.resent'`)}`,
  'a reissue without a fee': `SELECT f.serial FROM free_reissue f
     WHERE NOT ${stands(`'application/' || f.application_id`, `'parcel.reissue-granted'`)}`,
  'a day of the calendar': `SELECT d.day FROM calendar_day d GROUP BY d.day
     HAVING count(*) <> (SELECT count(*) FROM audit_entry a WHERE a.subject = 'calendar/' || d.day AND a.action = 'calendar.day-set')`,
  'a statement that came to its end': `SELECT s.sha256 FROM bank_statement s WHERE s.state NOT IN ('done', 'refused')
     OR s.state = 'done' AND EXISTS (SELECT 1 FROM bank_statement_entry e WHERE e.statement_sha256 = s.sha256 AND e.outcome IS NULL)
     OR s.state = 'refused' AND EXISTS (SELECT 1 FROM bank_statement_entry e WHERE e.statement_sha256 = s.sha256 AND e.outcome = 'added')`,
  'a credit that was explained': `SELECT e.id FROM credit_explanation e
     WHERE NOT ${stands(`'bank-credit/' || e.credit_id`, `'credit.proposed'`, `AND a.details->>'explanation' = e.id::text`)}`,
  'a refund that is approved': `SELECT r.id FROM refund r WHERE r.approved_by IS NOT NULL
     AND NOT EXISTS (SELECT 1 FROM audit_entry a WHERE a.action = 'refund.approved' AND a.once_key LIKE 'refund-approved/' || r.id || '/%')`,
  'a correction of an invoice': `SELECT c.id FROM invoice_correction c
     WHERE NOT ${stands(`'application/' || c.application_id`, `'invoice.correction-asked'`, `AND a.details->>'correction' = c.id::text`)}`,
  'a case of finance that is closed': `SELECT f.id FROM finance_case f WHERE f.closed_at IS NOT NULL
     AND NOT ${stands(`'finance-case/' || f.id`, `'finance.closed'`)}`,
  'a movement of money': `SELECT posting_id FROM ledger_line GROUP BY posting_id HAVING sum(amount_fen) <> 0`,
  'money that came': `SELECT c.id FROM bank_credit c WHERE c.held_reason IS DISTINCT FROM 'contradicted'
     AND NOT EXISTS (SELECT 1 FROM ledger_posting p WHERE p.once_key = 'received/' || c.id)`,
};

export async function expectWhole({ data }: Office): Promise<void> {
  for (const [what, query] of Object.entries(halves)) expect([what, await data.query<unknown[]>(query)]).toEqual([what, []]);
  const entries = await data.manager.find(AuditEntry, { order: { subject: 'ASC', seq: 'ASC' } });
  const chains = new Map<string, AuditEntry[]>();
  for (const entry of entries) chains.set(entry.subject, [...(chains.get(entry.subject) ?? []), entry]);
  expect([...chains].flatMap(([subject, chain]) => (brokenLink(chain) === null ? [] : [subject]))).toEqual([]);
}
