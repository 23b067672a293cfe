/**
 * Credits that are pushed one by one and the same credits in a statement come to the same rows: in the ledger, on the orders, in what is owed
 * back, on the timelines. Two offices with the same orders, and a random mix of credits; parts end where they happen to.
 */
import { randomUUID } from 'node:crypto';
import { accountTypeByName } from '#domain';
import { AuditEntry, BankCredit, brokenLink, receiveStatement, recordCredit, type CreditFacts, type FeeOrder } from '#persistence';
import { MockActivityEnvironment } from '@temporalio/testing';
import fc from 'fast-check';
import { In } from 'typeorm';
import { openLedger, type LedgerWorld } from './ledger-world.js';
import { anApplication, anOrder, NOW } from './rows.js';

const FEE = 25_000;
/** Before any order of `rows.ts` expires, and after. */
const [IN_TIME, LATE] = ['2026-03-01 10:00:00', '2026-03-02 11:00:00'];

interface Told {
  payer: number;
  amountFen: number;
  named: number[];
  late: boolean;
}
const told = fc.record<Told>({
  payer: fc.nat({ max: 7 }),
  amountFen: fc.constantFrom(1, 10_000, 15_000, FEE, FEE, FEE, FEE + 1_234, 2 * FEE),
  named: fc.array(fc.nat({ max: 6 }), { maxLength: 2 }),
  late: fc.boolean(),
});
const mix = fc.tuple(fc.array(told, { minLength: 5, maxLength: 40 }), fc.nat({ max: 39 }));

describe('a statement and the same credits pushed one by one', () => {
  let pushed: LedgerWorld;
  let stated: LedgerWorld;
  beforeAll(async () => {
    [pushed, stated] = [await openLedger(), await openLedger()];
  }, 120_000);
  afterAll(() => Promise.all([pushed, stated].map(({ data }) => data.destroy())));

  let runs = 0;
  /** The same orders in both: two organisations of one name, an order that anybody may pay, one of a window, closed ones, one reopened. */
  async function orders(): Promise<{ names: string[]; references: string[]; applications: string[] }> {
    const run = (runs += 1);
    const name = (place: number) => `成都混合${run}之${place}医药有限公司`;
    const reference = (place: number) => `XB2026${String(run * 10 + place).padStart(6, '0')}`;
    const kinds: { name: string; order: Partial<FeeOrder>; completed?: boolean }[] = [
      { name: name(0), order: {} },
      { name: name(1), order: { payer: 'anybody' } },
      { name: name(2), order: {} },
      { name: name(2), order: { uscc: '91510100MA6DEUHB6R' } },
      { name: name(4), order: { payer: 'on-the-spot' } },
      { name: name(5), order: { status: 'cancelled' } },
      { name: name(6), order: {}, completed: true },
    ];
    const applications: string[] = [];
    for (const [place, { name: certificateName, order, completed }] of kinds.entries()) {
      const [id, applicationId] = [randomUUID(), randomUUID()];
      applications.push(applicationId);
      for (const { data } of [pushed, stated]) {
        await anApplication(data, {
          id: applicationId,
          certificateName,
          completedAt: completed ? NOW : null,
          startedAt: place % 2 ? NOW : null,
        });
        const facts = {
          certificateName,
          payerKey: certificateName,
          reference: reference(place),
          expiresAt: new Date('2026-03-02T02:00:00Z'),
        };
        await anOrder(data, { id, applicationId, ...facts, ...order });
      }
    }
    return {
      names: [...new Set(kinds.map((each) => each.name)), '绵阳无关贸易有限公司', '王小明'],
      references: kinds.map((_, place) => reference(place)),
      applications,
    };
  }

  async function push(credits: readonly CreditFacts[]): Promise<void> {
    for (const facts of credits) {
      const { id } = await pushed.data.transaction((tx) => recordCredit(tx, facts, 'push', NOW));
      await pushed.act.decideCredit({ creditId: id });
    }
  }

  /** Read, recorded, linked and decided as a run does it, in two parts. */
  async function state(credits: readonly CreditFacts[], cut: number): Promise<void> {
    const lines = credits.map(({ reference, bookedAt, amountFen, payerName, payerAccount, remittance }) => {
      const [day, time] = shanghai(bookedAt);
      return [day, time, (amountFen / 100).toFixed(2), payerName, payerAccount, remittance, reference].join(',');
    });
    const sha256 = await stated.objects.put(Buffer.from(['记账日期,时间,贷方发生额,对方户名,对方账号,附言,流水号', ...lines].join('\n')));
    await stated.data.transaction((tx) => receiveStatement(tx, { sha256, now: NOW, from: { source: 'upload', staffId: randomUUID() } }));
    const activity = new MockActivityEnvironment();
    const read = () => stated.act.readStatement({ sha256 });
    const { entries } = (await activity.run(read)) as Awaited<ReturnType<typeof read>>;
    expect(entries).toBe(credits.length);
    const parts = [
      { sha256, from: 1, to: cut },
      { sha256, from: cut + 1, to: entries },
    ].filter(({ from, to }) => from <= to);
    for (const part of parts) await stated.act.recordStatementPart(part);
    await stated.act.linkReversals({ sha256 });
    for (const part of parts) await stated.act.decideStatementPart({ ...part, toldAfterwards: true });
  }

  /** All that the credits have left, in words that are the same in both offices. */
  async function left({ data }: LedgerWorld, prefix: string, applications: readonly string[]): Promise<object> {
    const of = (sql: string, ...more: unknown[]) => data.query(sql, [`${prefix}%`, ...more]) as Promise<unknown[]>;
    return {
      credits: await of(`SELECT c.bank_reference, c.state, c.held_reason, o.reference, c.surplus_fen, c.decided_at FROM bank_credit c
        LEFT JOIN fee_order o ON o.id = c.order_id WHERE c.bank_reference LIKE $1 ORDER BY 1`),
      ledger: await of(`SELECT c.bank_reference, p.occasion, o.reference, l.line, l.account, l.amount_fen, l.refund_id FROM ledger_line l
        JOIN ledger_posting p ON p.id = l.posting_id JOIN bank_credit c ON c.id = l.credit_id LEFT JOIN fee_order o ON o.id = l.order_id
        WHERE c.bank_reference LIKE $1 AND p.occasion <> 'refund-due' ORDER BY 1, 2, l.line, 3`),
      refunds:
        await of(`SELECT c.bank_reference, o.reference, r.reason, r.amount_fen, r.state, r.payee_name, r.payee_account, r.attempt FROM refund r
        JOIN bank_credit c ON c.id = r.credit_id LEFT JOIN fee_order o ON o.id = r.order_id WHERE c.bank_reference LIKE $1 ORDER BY 1, 2`),
      orders: await data.query(`SELECT reference, status, received_fen, paid_at FROM fee_order WHERE application_id = ANY($1) ORDER BY 1`, [
        applications,
      ]),
      timelines: await of(
        `SELECT a.id, e.seq, e.action, e.actor_kind, e.details - 'credit' - 'refund' AS details, e.next, e.until, c.bank_reference
         FROM application a JOIN audit_entry e ON e.subject = 'application/' || a.id LEFT JOIN bank_credit c ON c.id::text = e.details->>'credit'
         WHERE a.id = ANY($2) AND $1 <> '' ORDER BY 1, 2`,
        applications,
      ),
      cases: await data.query(`SELECT id, started_at, stage, waiting_for, version FROM application WHERE id = ANY($1) ORDER BY 1`, [
        applications,
      ]),
    };
  }

  it('property: leave the same credits, ledger, refunds, orders and timelines', async () => {
    await fc.assert(
      fc.asyncProperty(mix, async ([list, place]) => {
        const { names, references, applications } = await orders();
        const prefix = `MIX${runs}X`;
        const credits = list.map(({ payer, amountFen, named, late }, index): CreditFacts => {
          const payerName = names[payer % names.length] ?? '';
          return {
            reference: `${prefix}${String(index).padStart(4, '0')}`,
            bookedAt: new Date(`${(late ? LATE : IN_TIME).replace(' ', 'T')}+08:00`).toISOString(),
            amountFen,
            payerName,
            payerAccount: `6222${1000 + index}`,
            payerAccountType: accountTypeByName(payerName),
            remittance: named.map((each) => references[each]).join(' '),
          };
        });
        await push(credits);
        await state(credits, place % credits.length);
        expect(await left(stated, prefix, applications)).toEqual(await left(pushed, prefix, applications));
        for (const id of applications) {
          const chain = await stated.data.manager.find(AuditEntry, { where: { subject: `application/${id}` }, order: { seq: 'ASC' } });
          expect(brokenLink(chain)).toBeNull();
        }
        expect(
          await stated.data.manager.countBy(BankCredit, {
            bankReference: In(credits.map(({ reference }) => reference)),
            state: 'recorded',
          }),
        ).toBe(0);
      }),
      { numRuns: 12, seed: 20_260_306, endOnFailure: true },
    );
  }, 240_000);
});

/** Day and time of Shanghai, as a bank prints them. */
const shanghai = (instant: string) =>
  new Date(Date.parse(instant) + 8 * 3_600_000).toISOString().slice(0, 19).split('T') as [string, string];
