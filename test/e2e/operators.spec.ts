/** What operators do in the Temporal UI, as far as it goes through us: histories in plain text after a login, terminations and resets in our rows. */
import { randomUUID } from 'node:crypto';
import { AuditEntry, StaffAccount } from '#persistence';
import { failureCode } from '#temporal';
import { caseWorkflowId, holdCase, resumeCase } from '#workflows/contract';
import { casesOf, type Cases } from '../world/cases.js';
import { openOffice, type Office } from '../world/office.js';

const UI = 'http://127.0.0.1:8233';

interface Wire {
  payloads: { metadata: Record<string, string>; data: string }[];
}

describe('histories', () => {
  let office: Office;
  let cases: Cases;
  beforeAll(async () => {
    office = await openOffice();
    cases = casesOf(office);
  }, 120_000);
  afterAll(() => office.close(), 60_000);

  /** The first input of a case as the engine keeps it, as the UI would send it to the codec. */
  async function stored(id: string): Promise<Wire> {
    const { events } = await office.engine.client.workflow.getHandle(caseWorkflowId(id)).fetchHistory();
    const [payload] = events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads ?? [];
    const text = (bytes: Uint8Array | null | undefined) => Buffer.from(bytes ?? []).toString('base64');
    const metadata = Object.fromEntries(Object.entries(payload?.metadata ?? {}).map(([name, value]) => [name, text(value)]));
    return { payloads: [{ metadata, data: text(payload?.data) }] };
  }

  it('an operator is told the staff id that signs what is sent to the engine, and that the audit names', async () => {
    const account = await office.data.manager.findOneByOrFail(StaffAccount, { username: 'operator' });
    const operator = await office.staff('operator');
    const { body } = await operator.attempt('GET', '/api/v1/login');
    expect(body).toEqual({ kind: 'staff', name: account.displayName, roles: ['operator'], staffId: account.id });
    const { password } = office.accounts.find(({ username }) => username === 'operator') ?? { password: '' };
    const json = { username: 'operator', password };
    expect((await office.person().attempt('POST', '/api/v1/login/staff', { json })).body).toEqual(body);
  });

  it('are not in plain text, and the codec asks for a staff login', async () => {
    const filed = await cases.file({ name: '成都密文医药有限公司' });
    const wire = await stored(filed.id);
    expect(Buffer.from(wire.payloads[0]?.data ?? '', 'base64').toString('latin1')).not.toContain(filed.id);
    const decode = { json: wire };
    expect((await office.person().attempt('POST', '/api/v1/codec/decode', decode)).status).toBe(401);
    expect((await (await office.staff('reviewer')).attempt('POST', '/api/v1/codec/decode', decode)).status).toBe(403);
    const { status, body } = await (await office.staff('operator')).attempt('POST', '/api/v1/codec/decode', decode);
    expect(status).toBe(200);
    const plain = Buffer.from((body as Wire).payloads[0]?.data ?? '', 'base64').toString('utf8');
    expect(JSON.parse(plain)).toMatchObject({ applicationId: filed.id, number: filed.number, business: 'new' });
  }, 60_000);

  it('what was sealed by somebody else is refused, not answered with 500', async () => {
    const forged = {
      metadata: { encoding: Buffer.from('binary/xinyin-aes-256-gcm').toString('base64') },
      data: Buffer.from('x'.repeat(60)).toString('base64'),
    };
    const answer = await (await office.staff('operator')).attempt('POST', '/api/v1/codec/decode', { json: { payloads: [forged] } });
    expect(answer.status).toBe(422);
  });

  it('only the pages of the Temporal UI may ask with a cookie', async () => {
    const preflight = (origin: string) =>
      fetch(`${office.api}/api/v1/codec/decode`, {
        method: 'OPTIONS',
        headers: { Origin: origin, 'Access-Control-Request-Method': 'POST', 'Access-Control-Request-Headers': 'x-namespace' },
      });
    const allowed = await preflight(UI);
    expect(allowed.headers.get('access-control-allow-origin')).toBe(UI);
    expect(allowed.headers.get('access-control-allow-credentials')).toBe('true');
    const foreign = await preflight('http://evil.example');
    expect(foreign.headers.get('access-control-allow-origin')).toBeNull();
  });

  const operatorId = async () => (await office.data.manager.findOneByOrFail(StaffAccount, { username: 'operator' })).id;
  /** In its form a staff id, and nobody's. */
  const NOBODY = '0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b';

  it.each([
    ['said who they are', '甲', async () => `${await operatorId()}: 重复`, operatorId],
    ['said nothing', '乙', () => Promise.resolve('by an operator'), () => Promise.resolve('unnamed')],
    ['said who nobody is', '丙', () => Promise.resolve(`${NOBODY}: 重复`), () => Promise.resolve('unnamed')],
  ])(
    'a case that an operator terminates who %s is closed in our rows, once, and in the audit',
    async (_, name, reason, named) => {
      const filed = await cases.file({ name: `成都终止${name}医药有限公司` });
      await cases.reach(filed, 'review');
      await office.engine.client.workflow.getHandle(caseWorkflowId(filed.id)).terminate(await reason());
      await office.until(async () => ((await office.lookForTerminations()) === 1 ? true : null), 'the termination to be seen');
      expect(await cases.row(filed)).toMatchObject({ stage: 'closed', outcome: 'terminated' });
      expect(await office.lookForTerminations()).toBe(0);
      const entries = await office.data.manager.findBy(AuditEntry, { subject: `application/${filed.id}`, action: 'case.closed' });
      expect(entries).toMatchObject([{ actorKind: 'operator', actorId: await named(), details: { code: 'terminated' } }]);
    },
    60_000,
  );

  it('a case is held and resumed by somebody who works here, and by nobody else', async () => {
    const filed = await cases.file({ name: '成都暂缓医药有限公司' });
    await cases.reach(filed, 'review');
    const handle = office.engine.client.workflow.getHandle(caseWorkflowId(filed.id));
    const hold = (by: string) => handle.executeUpdate(holdCase, { args: [{ reason: 'under-inquiry', by }] });
    const resume = (by: string) => handle.executeUpdate(resumeCase, { args: [{ reason: 'cause-mended', by }] });
    const code = (sent: Promise<unknown>) => sent.then(() => 'taken', failureCode);
    const by = await operatorId();
    expect(await code(hold(NOBODY))).toBe('INPUT_INVALID');
    expect(await cases.row(filed)).toMatchObject({ parkedReason: null, waitingFor: 'reviewer' });
    expect(await code(hold(by))).toBe('taken');
    expect(await code(resume(NOBODY))).toBe('INPUT_INVALID');
    expect(await cases.row(filed)).toMatchObject({ parkedReason: 'HELD', waitingFor: 'staff' });
    expect(await code(resume(by))).toBe('taken');
    expect(await cases.row(filed)).toMatchObject({ parkedReason: null, waitingFor: 'reviewer' });
    const acts = await office.data.manager.findBy(AuditEntry, { subject: `application/${filed.id}`, actorKind: 'operator' });
    expect(acts.map(({ action, actorId }) => [action, actorId]).sort()).toEqual([
      ['case.parked', by],
      ['case.resumed', by],
    ]);
  }, 60_000);

  it('histories are asked for by the command line too, which leaves out what is nothing', async () => {
    const { status, body } = await (await office.staff('operator')).attempt('POST', '/api/v1/codec/encode', { json: {} });
    expect({ status, body }).toEqual({ status: 200, body: { payloads: [] } });
  });

  describe('a case that an operator resets', () => {
    const resetsOf = (id: string) => office.data.manager.findBy(AuditEntry, { subject: `application/${id}`, action: 'case.reset' });

    /** To its first task that was completed. Answers the name of the run that goes on. */
    async function reset(id: string, reason: string): Promise<string> {
      const { workflow, workflowService, options } = office.engine.client;
      const handle = workflow.getHandle(caseWorkflowId(id));
      const { events } = await handle.fetchHistory();
      const { runId } = await workflow.getHandle(caseWorkflowId(id)).describe();
      const { runId: next } = await workflowService.resetWorkflowExecution({
        namespace: options.namespace,
        workflowExecution: { workflowId: caseWorkflowId(id), runId },
        workflowTaskFinishEventId: events?.find((event) => event.workflowTaskCompletedEventAttributes)?.eventId,
        requestId: randomUUID(),
        reason,
      });
      return next;
    }

    it('has it in its audit with the name that was given, once, and goes on', async () => {
      const filed = await cases.file({ name: '成都重置医药有限公司' });
      await cases.reach(filed, 'review');
      const by = await operatorId();
      const runId = await reset(filed.id, `root: ${by} the worker had a fault`);
      await office.until(async () => ((await office.lookForResets()) === 1 ? true : null), 'the reset to be seen');
      expect(await office.lookForResets()).toBe(0);
      expect(await resetsOf(filed.id)).toMatchObject([{ actorKind: 'operator', actorId: by, details: { run: runId } }]);
      expect(await cases.row(filed)).toMatchObject({ stage: 'review', waitingFor: 'reviewer', outcome: null });
    }, 60_000);

    it.each([
      ['甲', '王小明要求'],
      ['乙', NOBODY],
    ])(
      'by nobody who said who they are (%s): the audit says so, and nothing of what they wrote',
      async (name, said) => {
        const filed = await cases.file({ name: `成都无名${name}医药有限公司` });
        await cases.reach(filed, 'review');
        await reset(filed.id, `root: ${said}`);
        await office.until(async () => ((await office.lookForResets()) === 1 ? true : null), 'the reset to be seen');
        expect(await resetsOf(filed.id)).toMatchObject([{ actorKind: 'operator', actorId: 'unnamed' }]);
      },
      60_000,
    );
  });
});
