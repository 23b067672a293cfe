/** Reads from the office's database what the invariants are checked on, and sets beside it what the simulation has. */
import { addDays } from '#domain';
import type { DataSource } from 'typeorm';
import type { CaseFact, CertificateFact, LetterFact, MoneyFact, Sums, YearFacts } from '../invariants.js';
import type { SimulatedCase } from '../office/case.js';
import { clock } from '../time/working-time.js';
import type { Year } from '../year.js';

export async function readFacts(data: DataSource, year: Year): Promise<YearFacts> {
  const cases = new Map(year.office.cases.map((each) => [each.facts.id, each]));
  return {
    end: clock(year.end, '00:00').getTime(),
    money: await readMoney(data, year),
    certificates: await readCertificates(data, cases),
    cases: await readCases(data, cases),
    letters: await readLetters(data),
  };
}

async function readMoney(data: DataSource, year: Year): Promise<MoneyFact[]> {
  const lines: { name: string; account: keyof Sums; amount: string }[] = await data.query(
    `SELECT coalesce(c.bank_reference, 'window/' || o.application_id) AS name, l.account,
            sum(CASE l.account WHEN 'received' THEN l.amount_fen ELSE -l.amount_fen END) AS amount
     FROM ledger_line l LEFT JOIN bank_credit c ON c.id = l.credit_id LEFT JOIN fee_order o ON o.id = l.order_id AND l.credit_id IS NULL
     GROUP BY 1, 2 HAVING sum(l.amount_fen) <> 0`,
  );
  const ledger = new Map<string, Sums>();
  for (const { name, account, amount } of lines) ledger.set(name, { ...ledger.get(name), [account]: Number(amount) });
  const credits: { name: string; amount: string; reversed: boolean }[] = await data.query(
    `SELECT bank_reference AS name, amount_fen AS amount, state = 'reversed' AS reversed FROM bank_credit
     UNION ALL SELECT 'window/' || o.application_id, p.amount_fen, false FROM window_payment p JOIN fee_order o ON o.id = p.order_id ORDER BY 1`,
  );
  const expected = year.bank.trail.byCredit();
  const known = new Set(credits.map(({ name }) => name));
  const lost = [...expected.keys()].filter((name) => !known.has(name)).map((name) => ({ name, amount: '0', reversed: false }));
  return [...credits, ...lost].map(({ name, amount, reversed }) => {
    return { name, amountFen: Number(amount), ledger: ledger.get(name) ?? {}, expected: expected.get(name) ?? {}, reversed };
  });
}

async function readCertificates(data: DataSource, cases: ReadonlyMap<string, SimulatedCase>): Promise<CertificateFact[]> {
  const rows: { id: string; number: string; index: number; kind: string; serial: string }[] = await data.query(
    `SELECT a.id, a.number, c."index", c.kind, c.serial FROM certificate c JOIN application a ON a.id = c.application_id ORDER BY c.serial`,
  );
  // Certificates of before the year are about one token each.
  return rows.map(({ id, ...row }) => ({ ...row, count: cases.get(id)?.facts.count ?? 1 }));
}

interface CaseRow {
  id: string;
  number: string;
  stage: string;
  waiting_for: string;
  outcome: string | null;
  parked_reason: string | null;
  due_at: Date | null;
  stage_since: Date;
  issued: string;
}

async function readCases(data: DataSource, cases: ReadonlyMap<string, SimulatedCase>): Promise<CaseFact[]> {
  const rows: CaseRow[] = await data.query(
    `SELECT a.id, a.number, a.stage, a.waiting_for, a.outcome, a.parked_reason, a.due_at, a.stage_since, count(c.id) AS issued
     FROM application a LEFT JOIN certificate c ON c.application_id = a.id AND c.kind = 'signing' GROUP BY a.id ORDER BY a.number`,
  );
  return rows.flatMap((row) => {
    const current = cases.get(row.id);
    if (!current) return [];
    const { number, stage, outcome } = row;
    const expected = { stage: current.stage, waitingFor: current.waitingFor, outcome: current.outcome, issued: current.issued.length };
    const times = { dueAt: row.due_at?.getTime() ?? null, since: row.stage_since.getTime() };
    return [
      {
        number,
        stage,
        outcome,
        waitingFor: row.waiting_for,
        parked: row.parked_reason !== null,
        ...times,
        expected,
        issued: Number(row.issued),
      },
    ];
  });
}

async function readLetters(data: DataSource): Promise<LetterFact[]> {
  const items: { id: string; number: string; completed_at: Date; day: string; handed_over_at: Date | null }[] = await data.query(
    `SELECT a.id, a.number, a.completed_at, i."day"::text AS day, i.handed_over_at
     FROM dispatch_item i JOIN application a ON a.id = i.application_id ORDER BY a.number`,
  );
  const outcomes: { id: string; day: string; carried: string | null; to: string | null; at: Date }[] = await data.query(
    `SELECT application_id AS id, "day"::text AS day, carried_reason AS carried, carried_to::text AS to, at FROM dispatch_outcome ORDER BY "day"`,
  );
  const byCase = new Map<string, LetterFact['outcomes']>();
  for (const { id, at, ...outcome } of outcomes) byCase.set(id, [...(byCase.get(id) ?? []), { ...outcome, at: at.getTime() }]);
  return items.map(({ id, number, completed_at, day, handed_over_at }) => {
    return {
      number,
      completedAt: completed_at.getTime(),
      day,
      handedOverAt: handed_over_at?.getTime() ?? null,
      outcomes: byCase.get(id) ?? [],
    };
  });
}

/** What was received, earned and paid back in each month of Shanghai, in fen. */
export async function readMonths(
  data: DataSource,
  year: Year,
): Promise<{ month: string; received: number; earned: number; refunded: number }[]> {
  const rows: { month: string; account: string; amount: string }[] = await data.query(
    `SELECT to_char(p.posted_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM') AS month, l.account,
            sum(CASE l.account WHEN 'received' THEN l.amount_fen ELSE -l.amount_fen END) AS amount
     FROM ledger_line l JOIN ledger_posting p ON p.id = l.posting_id WHERE l.account IN ('received', 'earned', 'refunded') GROUP BY 1, 2`,
  );
  const of = (month: string, account: string) => Number(rows.find((row) => row.month === month && row.account === account)?.amount ?? 0);
  return monthsOf(year).map((month) => ({
    month,
    received: of(month, 'received'),
    earned: of(month, 'earned'),
    refunded: of(month, 'refunded'),
  }));
}

function monthsOf({ options, end }: Year): string[] {
  const months = new Set<string>();
  for (let day = options.period.from; day < end; day = addDays(day, 1)) months.add(day.slice(0, 7));
  return [...months];
}
