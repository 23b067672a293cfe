/** Postgres and the engine go away in the middle of a case, and come back: nobody restarts anything of ours, and the case goes on. */
import { Person } from '../../apps/launcher/src/demo/person.js';
import { casesOf, type Cases, type FiledCase } from '../world/cases.js';
import { issuedFor, issuedOnce } from '../world/issued.js';
import { openOffice, type Office } from '../world/office.js';
import { startApi, type OwnProcess } from '../world/own-process.js';
import { ownPostgres, ownTemporal, type OwnServer } from '../world/own-servers.js';

const AWAY = {
  status: 503,
  body: {
    type: 'urn:xinyin:problem:unavailable',
    status: 503,
    code: 'UNAVAILABLE',
    title: '服务暂时不可用，您的资料没有丢失。',
    titleEn: 'The service is away for a moment; nothing is lost.',
    detail: '请一分钟后重试。',
    detailEn: 'Try again in a minute.',
  },
};

describe('servers restarted in the middle of a case', () => {
  let postgres: OwnServer;
  let temporal: OwnServer;
  let office: Office;
  let cases: Cases;
  let api: OwnProcess & { url: string };
  beforeAll(async () => {
    [postgres, temporal] = await Promise.all([ownPostgres(), ownTemporal()]);
    office = await openOffice({ servers: { databaseUrl: postgres.address, temporalAddress: temporal.address } });
    cases = casesOf(office);
    // As production runs it: whatever nobody catches ends it.
    api = await startApi(office.environment);
  }, 120_000);
  afterAll(async () => {
    await api.kill();
    await office.close();
    await Promise.all([postgres.close(), temporal.close()]);
  }, 60_000);

  const answers = (person: Person, path: string) => person.attempt('GET', path);
  const issued = async (filed: FiledCase) => {
    await cases.reach(filed, 'dispatch');
    const { serials, ...rest } = await issuedFor(office, filed);
    expect(serials.given).toBe(serials.different);
    return rest;
  };

  it('Postgres is stopped and started: 503 meanwhile, from both APIs, and afterwards the case is issued once', async () => {
    const filed = await cases.awaitingPayment({ name: '成都停库医药有限公司' });
    const path = `/api/v1/applications/${filed.id}`;
    const elsewhere = new Person(api.url);
    const agreement = '/api/v1/agreements/personal-data';
    // A query of this process has left an idle connection, which will hear of the end with nobody to tell.
    expect(await elsewhere.attempt('POST', '/api/v1/login/staff', { json: { username: 'nobody', password: 'nothing' } })).toMatchObject({
      status: 401,
    });

    await postgres.stop();
    const refused = await answers(filed.agent, path);
    expect(refused).toMatchObject(AWAY);
    expect(refused.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(await elsewhere.attempt('POST', '/api/v1/login/staff', { json: { username: 'nobody', password: 'nothing' } })).toMatchObject(
      AWAY,
    );
    expect(await answers(elsewhere, agreement)).toMatchObject({ status: 200 });
    await postgres.start();

    await office.until(async () => ((await answers(filed.agent, path)).status === 200 ? true : null), 'the API to recover');
    await office.until(
      async () =>
        (await elsewhere.attempt('POST', '/api/v1/login/staff', { json: { username: 'nobody', password: 'nothing' } })).status === 401
          ? true
          : null,
      'the other API to recover',
    );
    expect(api.alive()).toBe(true);
    await cases.pay(filed);
    expect(await issued(filed)).toEqual(issuedOnce());
  }, 90_000);

  it('Postgres dies without a word while certificates are made: they are made once', async () => {
    const filed = await Promise.all(
      ['甲', '乙', '丙'].map((each) => cases.awaitingPayment({ name: `成都崩溃${each}医药有限公司`, count: 2 })),
    );
    for (const each of filed) await cases.transfer(each);
    await office.until(async () => {
      const [found]: { n: number }[] = await office.data.query(
        'SELECT count(*)::int AS n FROM certificate WHERE application_id = ANY($1)',
        [filed.map(({ id }) => id)],
      );
      return (found?.n ?? 0) > 0 ? true : null;
    }, 'the first certificate');
    postgres.crash();
    for (const each of filed) {
      await office.until(() => cases.row(each).catch(() => null), 'Postgres to be back');
      expect(await issued(each)).toEqual(issuedOnce(2));
    }
    expect(api.alive()).toBe(true);
  }, 90_000);

  it('the engine is stopped and started: screens go on, decisions get 503, and then the same decision is taken', async () => {
    const filed = await cases.file({ name: '成都停机医药有限公司' });
    const reviewer = await cases.claim(filed);
    const request = { json: { outcome: 'approved', reasons: [] }, headers: { 'Idempotency-Key': reviewer.key() } };
    const decide = () => reviewer.attempt('POST', `/api/v1/reviews/${filed.id}/decision`, request);
    await temporal.stop();
    expect(await answers(filed.agent, `/api/v1/applications/${filed.id}`)).toMatchObject({ status: 200 });
    expect(await decide()).toMatchObject(AWAY);
    await temporal.start();
    await office.until(async () => ((await decide()).status === 204 ? true : null), 'the decision to be taken');
    await cases.reach(filed, 'payment');
    await cases.pay(filed);
    expect(await issued(filed)).toEqual(issuedOnce());
  }, 120_000);

  it('the engine dies while certificates are made: they are made once', async () => {
    const filed = await Promise.all(['甲', '乙'].map((each) => cases.awaitingPayment({ name: `成都断机${each}医药有限公司`, count: 2 })));
    for (const each of filed) await cases.transfer(each);
    await office.until(async () => {
      const [found]: { n: number }[] = await office.data.query(
        'SELECT count(*)::int AS n FROM certificate WHERE application_id = ANY($1)',
        [filed.map(({ id }) => id)],
      );
      return (found?.n ?? 0) > 0 ? true : null;
    }, 'the first certificate');
    temporal.crash();
    for (const each of filed) expect(await issued(each)).toEqual(issuedOnce(2));
  }, 120_000);
});
