/**
 * The account's one-time password goes onto the label that hangs on the token, and nowhere else: not into the database, not into a log, not
 * into the engine's histories, not in clear onto the disk. The labels are printed by a worker as production runs it.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { AccountKind } from '#domain';
import { Certificate, DispatchItem, DocumentRow } from '#persistence';
import { getDocumentProxy } from 'unpdf';
import { casesOf, type Cases, type FiledCase } from '../world/cases.js';
import { openOffice, type Office } from '../world/office.js';
import { textsOf } from '../world/plain-history.js';
import { startApi, startWorker, type OwnProcess } from '../world/own-process.js';

describe('the one-time password on a label', () => {
  let office: Office;
  let cases: Cases;
  let filed: FiledCase;
  let password: string;
  const processes: OwnProcess[] = [];

  beforeAll(async () => {
    office = await openOffice({ workers: false });
    await office.startWorkers(['business', 'pki', 'station']);
    processes.push(await startWorker('documents', office.environment), await startApi(office.environment));
    cases = casesOf(office);
    filed = await cases.awaitingPayment({ name: '成都一次口令医药有限公司' });
    await cases.pay(filed);
    const { dispatchDay: day } = await cases.reach(filed, 'dispatch');
    await cases.certify(filed);
    await (await cases.desk('dispatcher')).post(`/api/v1/dispatches/${day}`);
    const packed = async () => (await office.data.manager.findOneByOrFail(DispatchItem, { applicationId: filed.id })).state === 'packed';
    await office.until(async () => ((await packed()) ? true : null), 'the letter to be packed');
    password = await passwordOf(office, filed);
  }, 180_000);
  afterAll(async () => {
    await Promise.all(processes.map((process) => process.kill()));
    await office.close();
  }, 60_000);

  it('stands on the Friday label', async () => {
    const pdf = await (await cases.desk('dispatcher')).download(`/api/v1/applications/${filed.id}/documents/token-label/1.pdf`);
    const text = await textOf(pdf);
    expect(password).toMatch(/^[A-Za-z2-9]{10}$/);
    expect(text).toContain(password);
    expect(text).toContain(filed.form.roleAccount.account);
  }, 60_000);

  it('is not in the database, in any column of any table, as text or as bytes', async () => {
    const tables: { name: string }[] = await office.data.query(
      `SELECT quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = 'public'`,
    );
    const forms = [password, Buffer.from(password).toString('hex'), Buffer.from(password).toString('base64').replace(/=+$/, '')];
    const found = [];
    let rows = 0;
    for (const { name } of tables) {
      const texts: { row: string }[] = await office.data.query(`SELECT t::text AS row FROM ${name} t`);
      rows += texts.length;
      if (texts.some(({ row }) => forms.some((form) => row.includes(form)))) found.push(name);
    }
    expect(found).toEqual([]);
    // The search sees what is there: it finds the account that is printed beside the password.
    const [application]: { row: string }[] = await office.data.query(`SELECT t::text AS row FROM application t WHERE id = $1`, [filed.id]);
    expect(application?.row).toContain(filed.form.roleAccount.account);
    expect(rows).toBeGreaterThan(30);
  });

  it('is not in what any process of ours has said', () => {
    const said = processes.map((process) => process.said()).join('\n');
    expect(said).toContain('worker ready');
    expect(said).not.toContain(password);
  });

  it('is not in the history of any workflow', async () => {
    const { client } = office.engine;
    const types = new Set<string>();
    for await (const { workflowId, runId, type } of client.workflow.list()) {
      const text = (await textsOf(office, client.workflow.getHandle(workflowId, runId))).join('\n');
      expect(text).not.toContain(password);
      if (workflowId.includes(filed.id)) expect(text).toContain(filed.id);
      types.add(type);
    }
    expect([...types].sort()).toEqual(['fridayDispatch', 'issueInvoices', 'matchCredit', 'newCertificate']);
  }, 60_000);

  it('is in no file of ours: what is stored is encrypted', () => {
    const ours = filesBelow(office.settings.home).filter((file) => !file.startsWith(join(office.settings.home, 'sandbox')));
    expect(ours.some((file) => file.startsWith(office.settings.folders.objects))).toBe(true);
    expect(ours.filter((file) => readFileSync(file).includes(password))).toEqual([]);
    expect(ours.filter((file) => readFileSync(file).subarray(0, 5).toString() === '%PDF-')).toEqual([]);
  });

  it('is printed once; again only with a new password, by which the first opens nothing any more', async () => {
    const dispatcher = await cases.desk('dispatcher');
    const label = `/api/v1/applications/${filed.id}/documents/token-label/1`;
    expect(await dispatcher.attempt('GET', `${label}.pdf`)).toMatchObject({ status: 409, body: { code: 'LABEL_PRINTED' } });
    expect(await office.data.manager.countBy(DocumentRow, { owner: `application/${filed.id}`, kind: 'token-label' })).toBe(0);

    expect((await dispatcher.attempt('POST', `${label}/reprinting`, { json: {} })).status).toBe(202);
    const pdf = await office.until(() => dispatcher.download(`${label}.pdf`).catch(() => null), 'the new label');
    const fresh = await resetPasswordOf(office, filed);
    expect(fresh).not.toBe(password);
    const text = await textOf(pdf);
    expect(text).toContain(fresh);
    expect(text).not.toContain(password);
    const { account, kind } = filed.form.roleAccount;
    const opens = async (tried: string) => {
      const { uscc } = filed.form.organisation;
      return (
        (await office.gateways.platform.checkAccount({ uscc, kind: kind as AccountKind, account, password: tried })).finding !== 'wrong'
      );
    };
    expect([await opens(password), await opens(fresh)]).toEqual([false, true]);
    expect(await dispatcher.attempt('GET', `${label}.pdf`)).toMatchObject({ status: 409 });
  }, 60_000);

  it('is not reset for a letter that has left', async () => {
    const dispatcher = await cases.desk('dispatcher');
    const { dispatchDay } = await cases.row(filed);
    await office.until(async () => {
      const headers = { 'Idempotency-Key': dispatcher.key() };
      const { status } = await dispatcher.attempt('POST', `/api/v1/dispatches/${dispatchDay}/hand-over`, { json: {}, headers });
      return status === 200 ? true : null;
    }, 'the hand-over');
    const reprinting = `/api/v1/applications/${filed.id}/documents/token-label/1/reprinting`;
    expect(await dispatcher.attempt('POST', reprinting, { json: {} })).toMatchObject({ status: 409, body: { code: 'LABEL_NOT_HERE' } });
  }, 60_000);
});

/** The platform answers the same binding again under its key: that is how the test learns what nobody stores. */
async function passwordOf(office: Office, { id, form }: FiledCase): Promise<string> {
  const { serial } = await office.data.manager.findOneByOrFail(Certificate, { applicationId: id, index: 1, kind: 'signing' });
  const { initialPassword } = await office.gateways.platform.bind({
    idempotencyKey: `${id}/bind/1`,
    uscc: form.organisation.uscc,
    account: form.roleAccount.account,
    certificateSerial: serial,
    certificateName: form.organisation.certificateName,
  });
  return initialPassword;
}

/** The same way: the first reset of this label, asked again under its key. */
async function resetPasswordOf(office: Office, { id, form }: FiledCase): Promise<string> {
  const { serial } = await office.data.manager.findOneByOrFail(Certificate, { applicationId: id, index: 1, kind: 'signing' });
  const { initialPassword } = await office.gateways.platform.resetPassword({
    idempotencyKey: `${id}/label/1/1`,
    uscc: form.organisation.uscc,
    account: form.roleAccount.account,
    certificateSerial: serial,
  });
  return initialPassword;
}

async function textOf(pdf: Buffer): Promise<string> {
  const document = await getDocumentProxy(new Uint8Array(pdf));
  const { items } = await (await document.getPage(1)).getTextContent();
  return items.map((item) => ('str' in item ? item.str : '')).join('');
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((file) => statSync(file).isFile());
}
