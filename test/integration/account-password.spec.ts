/**
 * G/D binding: the password of a platform account is checked and forgotten. It is in no row, no history, no log and no file of ours; what
 * goes on to the platform is the platform's own word that it was right. The API, which alone ever has it, runs as production runs it.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import type { Holder } from '../../apps/launcher/src/demo/holder.js';
import { bound, give, holderOf, PASSWORD, register, stands, takeBack } from '../e2e/bindings-world.js';
import { openOffice, type Office } from '../world/office.js';
import { startApi, type OwnProcess } from '../world/own-process.js';
import { textsOf } from '../world/plain-history.js';

jest.setTimeout(60_000);

const WRONG = `${PASSWORD}-falsch`;
const forms = (text: string) => [text, Buffer.from(text).toString('hex'), Buffer.from(text).toString('base64').replace(/=+$/, '')];
const NEVER = [...forms(PASSWORD), ...forms(WRONG)];

describe('the password of a platform account', () => {
  let office: Office;
  let holder: Holder;
  let account: string;
  let api: OwnProcess & { url: string };

  beforeAll(async () => {
    office = await openOffice();
    api = await startApi(office.environment);
    holder = await holderOf({ ...office, api: api.url }, '成都口令医药有限公司');
    // Every way it can go: wrong, refused by name, put off, taken, sent again, unbound.
    account = await register(office, holder, 'drug-production');
    expect((await give(holder, { kind: 'drug-production', account, password: WRONG })).status).toBe(422);
    const sub = await register(office, holder, 'drug-distribution', { subAccount: true });
    expect((await give(holder, { kind: 'drug-distribution', account: sub, password: PASSWORD })).status).toBe(422);
    expect((await give(holder, { kind: 'drug-production', account, password: PASSWORD, remember: PASSWORD })).status).toBe(422);
    // A call that fails over there is made once more at its turn.
    await office.fault('platform', 'error', { count: 2 });
    expect((await give(holder, { kind: 'drug-production', account, password: PASSWORD })).status).toBe(503);
    await bound(office, holder, 'drug-distribution');
    const key = 'one-and-the-same';
    for (let sent = 0; sent < 2; sent += 1)
      expect((await give(holder, { kind: 'drug-production', account, password: PASSWORD }, key)).status).toBe(202);
    expect((await takeBack(holder, 'drug-distribution')).status).toBe(202);
    await stands(office, holder, 'drug-distribution', 'unbound');
  }, 180_000);
  afterAll(async () => {
    await api.kill();
    await office.close();
  }, 60_000);

  it('is not in the database, in any column of any table, as text or as bytes', async () => {
    const tables: { name: string }[] = await office.data.query(
      `SELECT quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = 'public'`,
    );
    const rows: string[] = [];
    for (const { name } of tables) {
      const found: { row: string }[] = await office.data.query(`SELECT t::text AS row FROM ${name} t`);
      rows.push(...found.map(({ row }) => row));
    }
    expect(rows.filter((row) => NEVER.some((form) => row.includes(form)))).toEqual([]);
    // The search sees what is there: the account beside the password.
    expect(rows.some((row) => row.includes(account))).toBe(true);
  });

  it('is not in the history of any workflow, nor is the account', async () => {
    const { client } = office.engine;
    const types = new Set<string>();
    for await (const { workflowId, runId, type } of client.workflow.list()) {
      const texts = (await textsOf(office, client.workflow.getHandle(workflowId, runId))).join('\n');
      expect([workflowId, [...NEVER, account].filter((form) => texts.includes(form))]).toEqual([workflowId, []]);
      // The search sees what was said, not how it is kept.
      expect(texts).toContain('applicationId');
      types.add(type);
    }
    expect([...types].sort()).toEqual(['accountBinding', 'seedHolder', 'unbindAccount']);
  });

  it('is not in what the API has said', () => {
    const said = api.said();
    expect(said).toContain('api ready');
    expect(NEVER.filter((form) => said.includes(form))).toEqual([]);
  });

  it('is in no file of ours, nor in clear in what the platform keeps', () => {
    const files = readdirSync(office.settings.home, { recursive: true, encoding: 'utf8' })
      .map((name) => join(office.settings.home, name))
      .filter((file) => statSync(file).isFile());
    const contents = files.map((file) => [file, readFileSync(file).toString('latin1')] as const);
    const latin = NEVER.map((form) => Buffer.from(form).toString('latin1'));
    expect(contents.filter(([, text]) => latin.some((form) => text.includes(form))).map(([file]) => file)).toEqual([]);
    expect(contents.some(([, text]) => text.includes(account))).toBe(true);
  });
});
