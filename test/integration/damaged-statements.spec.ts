/**
 * Damaged files through the whole import: brought over HTTP, read, recorded, decided. None is half applied: of a refused one there is no entry, no
 * credit and no posting, only the reason; a taken one has all its money in the ledger. As many of each kind as XINYIN_DAMAGED_FILES says (60).
 */
import { errorTable } from '#domain';
import { BankCredit, BankStatement, BankStatementEntry } from '#persistence';
import { In } from 'typeorm';
import type { Person } from '../../apps/launcher/src/demo/person.js';
import { damaged, fileKinds, moneyOf, moneyTold, twelveSamples } from '../../libs/bank-statements/damaged-samples.js';
import { openOffice, type Office } from '../world/office.js';

const FILES = Number(process.env['XINYIN_DAMAGED_FILES'] ?? 60);
const AT_ONCE = 6;
const PATH = '/api/v1/credits/statements';
/** Apart enough for twelve references each. */
const APART = 100;

interface Brought {
  seed: number;
  file: Buffer;
  whole: Buffer;
  status: number;
  /** Of a file that was taken in hand; of any other the reason stands in the answer. */
  sha256?: string;
  code?: string;
}

describe('damaged statements', () => {
  let office: Office;
  let finance: Person;
  beforeAll(async () => {
    office = await openOffice();
    finance = await office.staff('finance');
  }, 120_000);
  afterAll(() => office.close(), 60_000);

  const counted = async (sql: string) => (await office.data.query<{ n: number }[]>(`SELECT count(*)::int AS n FROM ${sql}`))[0]?.n;

  /** Each file has references of its own, so that no other one makes its entries known. */
  async function bring(letter: string, write: (typeof fileKinds)[number]['write']): Promise<Brought[]> {
    const seeds = Array.from({ length: FILES }, (_, place) => place + 1);
    const brought: Brought[] = [];
    const hand = async () => {
      for (let seed = seeds.shift(); seed !== undefined; seed = seeds.shift()) {
        const whole = write(twelveSamples(letter, seed * APART));
        const file = damaged(whole, seed);
        const { status, body } = await finance.attempt('POST', PATH, { file });
        brought.push({ seed, file, whole, status, ...(body as { sha256?: string; code?: string }) });
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, hand));
    const under = { state: In(['received', 'recording', 'deciding']) };
    await office.until(async () => ((await office.data.manager.countBy(BankStatement, under)) === 0 ? true : null), 'the imports to end');
    return brought;
  }

  it.each(fileKinds.map((each, place) => ({ ...each, letter: 'PQRST'[place] ?? '' })))(
    '$kind: refused with its reason, or taken with the money that was written; nothing half applied',
    async ({ write, framed, letter }) => {
      const { manager } = office.data;
      const written = moneyOf(twelveSamples());
      for (const { seed, file, whole, status, sha256, code } of await bring(letter, write)) {
        if (status !== 202) {
          expect({ seed, status, known: Object.keys(errorTable).includes(code ?? '') }).toEqual({ seed, status: 422, known: true });
          continue;
        }
        const statement = await manager.findOneByOrFail(BankStatement, { sha256: sha256 ?? '' });
        const entries = await manager.find(BankStatementEntry, { where: { statementSha256: sha256 ?? '' }, order: { position: 'ASC' } });
        if (statement.state === 'refused') {
          expect({ seed, entries: entries.length }).toEqual({ seed, entries: 0 });
          expect(Object.keys(errorTable)).toContain(statement.refusal?.code);
          continue;
        }
        const told = moneyTold(file, whole, { framed, entries: entries.length }, written);
        expect({ seed, state: statement.state, money: moneyOf(entries) }).toEqual({ seed, state: 'done', money: told });
      }
      // Neither of a refused file, nor without a file, is there any money; and all that there is stands in the ledger, once. A reference that was
      // damaged into another's contradicts that one: it is kept, and is no money (0022).
      const ofDone = `SELECT e.credit_id FROM bank_statement_entry e JOIN bank_statement s ON s.sha256 = e.statement_sha256 WHERE s.state = 'done'`;
      expect(await counted(`bank_credit WHERE id NOT IN (${ofDone} AND e.credit_id IS NOT NULL)`)).toBe(0);
      expect(
        await counted(`bank_credit c WHERE CASE WHEN c.held_reason = 'contradicted' THEN 0 ELSE c.amount_fen END <>
          (SELECT coalesce(sum(l.amount_fen), 0) FROM ledger_line l WHERE l.credit_id = c.id AND l.account = 'received')`),
      ).toBe(0);
      expect(await counted(`ledger_line WHERE credit_id IS NULL`)).toBe(0);
      expect(await manager.count(BankCredit)).toBeGreaterThan(0);
    },
    60_000 + FILES * 2_000,
  );
});
