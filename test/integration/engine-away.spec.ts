/** The engine cannot be reached: what comes in is kept, decisions are refused politely, and both go on when it is back. */
import { Application, ReviewDecision } from '#persistence';
import { casesOf, type Cases } from '../world/cases.js';
import { openLine, type Line } from '../world/line.js';
import { openOffice, type Office } from '../world/office.js';

/** Nobody at a counter waits longer than this for an answer, whatever it is. */
const PATIENCE_MS = 20_000;

describe.each(['refused', 'silent'] as const)('the engine is away (%s)', (how) => {
  let office: Office;
  let cases: Cases;
  let line: Line;
  beforeAll(async () => {
    office = await openOffice({
      apiReachesEngineAt: async (address) => {
        line = await openLine(address);
        return line.address;
      },
    });
    cases = casesOf(office);
  }, 120_000);
  afterEach(() => line.mend());
  afterAll(async () => {
    await office.close();
    await line.close();
  }, 60_000);

  /** As the API does every ten seconds: what still does not succeed is tried again. */
  const sweepLater = () => {
    office.clock.forward(11_000);
    return office.until(() => office.sweep().catch(() => null), 'a sweep that succeeds');
  };

  it('while an application is submitted: 202 all the same, and the sweep starts the case later', async () => {
    const ready = await cases.prepare({ name: '成都提交医药有限公司' });
    const request = { json: {}, headers: { 'Idempotency-Key': ready.key } };
    line.cut(how);
    const asked = Date.now();
    const answer = await ready.agent.attempt('POST', ready.submission, request);
    expect(answer.status).toBe(202);
    expect(Date.now() - asked).toBeLessThan(PATIENCE_MS);
    const { id, number } = answer.body as { id: string; number: string };
    expect(await ready.agent.attempt('POST', ready.submission, request)).toMatchObject({ status: 202, body: { id, number } });
    expect(await office.data.manager.findOneByOrFail(Application, { id })).toMatchObject({ startedAt: null, stage: 'phone-verification' });

    line.mend();
    await sweepLater();
    await cases.reach({ ...ready, id, number }, 'review');
    expect(await office.data.manager.countBy(Application, { agentPhone: ready.phone })).toBe(1);
  }, 90_000);

  it('while the bank pushes a credit: it is recorded at once, and matched when the sweep can start its matching', async () => {
    const filed = await cases.awaitingPayment({ name: '成都到账医药有限公司' });
    line.cut(how);
    const reference = await cases.transfer(filed);
    await office.until(async () => {
      const rows: unknown[] = await office.data.query('SELECT 1 FROM bank_credit WHERE bank_reference = $1', [reference]);
      return rows.length > 0 ? true : null;
    }, 'the credit to be recorded');
    line.mend();
    await sweepLater();
    expect(await cases.decided(reference)).toMatchObject({ state: 'matched' });
    await cases.reach(filed, 'dispatch');
  }, 90_000);

  it('while the agent types the code: 503, and the same code proves the phone when it is back', async () => {
    const agentPhone = how === 'refused' ? '17100020001' : '17100020002';
    const ready = await cases.prepare({ name: '成都验码医药有限公司' });
    await ready.agent.patch(ready.submission.replace('/submission', ''), { form: { agent: { phone: agentPhone } } });
    const { id, number } = await ready.agent.post<{ id: string; number: string }>(ready.submission, {}, ready.key);
    const code = await office.sandbox.codeFor(agentPhone, '验证码 (\\d{6})');
    const prove = (json: object) => ready.agent.attempt('POST', `/api/v1/applications/${id}/phone-verification`, { json });
    line.cut(how);
    expect(await prove({ code })).toMatchObject({ status: 503, body: { code: 'UNAVAILABLE' } });

    line.mend();
    const another = String((Number(code) + 1) % 1_000_000).padStart(6, '0');
    expect(await prove({ code: another })).toMatchObject({ status: 422 });
    await office.until(async () => ((await prove({ code })).status === 204 ? true : null), 'the code to be taken');
    await cases.reach({ ...ready, id, number }, 'review');
  }, 90_000);

  it('while a reviewer decides: 503 with a remedy, and the same key decides once when it is back', async () => {
    const filed = await cases.file({ name: '成都裁决医药有限公司' });
    const reviewer = await cases.claim(filed);
    const request = { json: { outcome: 'approved', reasons: [] }, headers: { 'Idempotency-Key': reviewer.key() } };
    const decide = () => reviewer.attempt('POST', `/api/v1/reviews/${filed.id}/decision`, request);
    line.cut(how);
    const asked = Date.now();
    const refused = await decide();
    expect(Date.now() - asked).toBeLessThan(PATIENCE_MS);
    expect(refused).toMatchObject({
      status: 503,
      body: {
        type: 'urn:xinyin:problem:unavailable',
        code: 'UNAVAILABLE',
        status: 503,
        title: '服务暂时不可用，您的资料没有丢失。',
        detail: '请一分钟后重试。',
        detailEn: 'Try again in a minute.',
      },
    });
    expect(refused.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(refused.headers.get('retry-after')).toBe('60');
    expect(await cases.row(filed)).toMatchObject({ stage: 'review' });

    line.mend();
    await office.until(async () => ((await decide()).status === 204 ? true : null), 'the decision to be taken');
    await cases.reach(filed, 'payment');
    expect((await decide()).status).toBe(204);
    expect(await office.data.manager.countBy(ReviewDecision, { applicationId: filed.id })).toBe(1);
    const steps: { n: number }[] = await office.data.query(
      `SELECT count(*)::int AS n FROM audit_entry WHERE subject = $1 AND action = 'review.approved'`,
      [`application/${filed.id}`],
    );
    expect(steps).toEqual([{ n: 1 }]);
  }, 90_000);
});
