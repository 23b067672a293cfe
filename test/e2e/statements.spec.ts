/** Statement files over HTTP: who may bring one, what is too much, and that no file whatever makes the office fail. */
import { createHash } from 'node:crypto';
import type { Person } from '../../apps/launcher/src/demo/person.js';
import { openOffice, type Office } from '../world/office.js';
import { zipBomb } from './zip-bomb.js';

const PATH = '/api/v1/credits/statements';
const NOTHING = Buffer.from('reference,booked_at,currency,amount_fen,payer_name,payer_account,payer_account_type,remittance\n#TOTAL,0,0\n');

describe('statement files', () => {
  let office: Office;
  let finance: Person;
  beforeAll(async () => {
    office = await openOffice();
    finance = await office.staff('finance');
  }, 120_000);
  afterAll(() => office.close(), 60_000);

  const codeOf = ({ status, body }: { status: number; body: unknown }) => `${status} ${(body as { code?: string }).code ?? ''}`;
  const statements = async () => (await office.data.query<{ n: number }[]>('SELECT count(*)::int AS n FROM bank_statement'))[0]?.n;

  it('come from finance, and from nobody else; who may not is told before the file is read', async () => {
    expect(codeOf(await office.person().attempt('POST', PATH, { file: NOTHING }))).toBe('401 LOGIN_REQUIRED');
    for (const who of ['clerk', 'auditor', 'supervisor'])
      expect(codeOf(await (await office.staff(who)).attempt('POST', PATH, { file: NOTHING }))).toBe('403 FORBIDDEN_ROLE');
    expect(await statements()).toBe(0);
  });

  it('that are too large or empty are refused', async () => {
    expect(codeOf(await finance.attempt('POST', PATH, { file: Buffer.alloc(81 * 1024 * 1024) }))).toBe('413 STATEMENT_TOO_LARGE');
    expect(codeOf(await finance.attempt('POST', PATH, { file: Buffer.alloc(0) }))).toBe('422 INPUT_INVALID');
    expect(await statements()).toBe(0);
  });

  it('are answered with the hash they are found by, and an auditor may look', async () => {
    const sha256 = createHash('sha256').update(NOTHING).digest('hex');
    expect(await finance.attempt('POST', PATH, { file: NOTHING })).toMatchObject({ status: 202, body: { sha256, source: 'upload' } });
    const auditor = await office.staff('auditor');
    const done = await office.until(async () => {
      const view = await auditor.get<{ state: string; entries: number; format: string }>(`${PATH}/${sha256}`);
      return view.state === 'done' ? view : null;
    }, 'the import');
    expect(done).toMatchObject({ entries: 0, format: 'csv' });
    expect(await auditor.get(`${PATH}/${sha256}/entries`)).toEqual([]);
    expect(await auditor.get<{ sha256: string }[]>(PATH)).toMatchObject([{ sha256 }]);
  }, 60_000);

  it('that nobody brought are not found, and a page that is none is refused', async () => {
    for (const sha256 of ['0'.repeat(64), 'x', '%00', 'F'.repeat(64)])
      expect(codeOf(await finance.attempt('GET', `${PATH}/${sha256}`))).toBe('404 NOT_FOUND');
    const known = createHash('sha256').update(NOTHING).digest('hex');
    for (const after of ['-1', 'x', '1.5', '99999999999'])
      expect(codeOf(await finance.attempt('GET', `${PATH}/${known}/entries?after=${after}`))).toBe('422 INPUT_INVALID');
  });

  /** Brought, and refused: with which reason, and in which words. */
  async function refused(file: Buffer) {
    const { body } = await finance.attempt('POST', PATH, { file });
    const { sha256 } = body as { sha256: string };
    return office.until(async () => {
      const view = await finance.get<{ state: string; refusal: object }>(`${PATH}/${sha256}`);
      return view.state === 'refused' ? view.refusal : null;
    }, 'the refusal');
  }

  it.each([
    ['half an archive', Buffer.concat([Buffer.from('PK\u0003\u0004'), Buffer.alloc(100)]), 'STATEMENT_CUT'],
    ['a picture', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 3]), 'STATEMENT_FORMAT'],
    ['neither encoding', Buffer.from([0x61, 0x0a, 0xff, 0xff]), 'STATEMENT_ENCODING'],
    ['entities', Buffer.from('<!DOCTYPE a [<!ENTITY b "c">]><Document>&b;</Document>'), 'STATEMENT_STRUCTURE'],
    ['words', Buffer.from('Sehr geehrte Damen und Herren'), 'STATEMENT_FORMAT'],
  ])(
    '%s is refused with its reason, in two languages',
    async (_, file, code) => {
      expect(await refused(file)).toMatchObject({
        code,
        place: expect.stringMatching(/^line \d+\//),
        zh: expect.any(String),
        en: expect.any(String),
      });
    },
    60_000,
  );

  // A workbook may unfold to 256 megabytes.
  it.each([
    ['by what it declares', { megabytes: 300 }, 'STATEMENT_INFLATED'],
    ['by what comes out of it, where it declares a thousand bytes', { megabytes: 300, declares: 1_000 }, 'STATEMENT_STRUCTURE'],
  ])(
    'a zip bomb is refused %s, and leaves nothing behind',
    async (_, choice, code) => {
      const bomb = await zipBomb(choice);
      expect(bomb.length).toBeLessThan(1024 * 1024);
      expect(await refused(bomb)).toMatchObject({ code, zh: expect.any(String) as string, en: expect.any(String) as string });
      const [kept] = await office.data.query<{ n: number }[]>('SELECT count(*)::int AS n FROM bank_statement_entry');
      expect(kept?.n).toBe(0);
    },
    60_000,
  );
});
