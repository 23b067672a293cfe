/** Queue tickets at the windows. Rules: business.md, "Windows and hours". */
import { openOffice, type Office } from '../world/office.js';
import { expectRefusal } from './refusal.js';

const at = (text: string) => new Date(`${text}+08:00`);

describe('the queue at a window', () => {
  let office: Office;
  beforeAll(async () => {
    office = await openOffice({ workers: false });
  }, 120_000);
  afterAll(() => office.close(), 60_000);

  const take = (window: string) => office.person().attempt('POST', `/api/v1/windows/${window}/queue`);
  const call = async (window: string, desk: string) =>
    (await office.staff('clerk')).attempt('POST', `/api/v1/windows/${window}/queue/calls`, { json: { desk } });

  it('numbers from one each day and window, and tells how many are ahead', async () => {
    office.clock.set(at('2026-03-02T09:00:00'));
    expect((await take('chengnan')).body).toEqual({ label: 'A001', ahead: 0 });
    expect((await take('chengnan')).body).toEqual({ label: 'A002', ahead: 1 });
    expect((await take('xinchuan')).body).toEqual({ label: 'B001', ahead: 0 });
    office.clock.set(at('2026-03-03T09:00:00'));
    expect((await take('chengnan')).body).toEqual({ label: 'A001', ahead: 0 });
  });

  it('calls the next one once, in order, also when two clerks call at once', async () => {
    office.clock.set(at('2026-03-04T10:00:00'));
    for (let count = 0; count < 3; count += 1) await take('chengnan');
    const called = await Promise.all([call('chengnan', '1'), call('chengnan', '2')]);
    expect(called.map(({ body }) => (body as { label: string }).label).sort()).toEqual(['A001', 'A002']);
    expect((await call('chengnan', '1')).body).toEqual({ label: 'A003', desk: '1', waiting: 0 });
    expect(await call('chengnan', '1')).toMatchObject({ status: 409, body: { code: 'QUEUE_EMPTY' } });
    const board = await office.person().get<{ waiting: number; called: { label: string }[] }>('/api/v1/windows/chengnan/queue');
    expect(board.waiting).toBe(0);
    expect(board.called[0]).toEqual({ label: 'A003', desk: '1' });
  });

  it('G hours: no ticket at lunch in 新川, at night, on a holiday; one on a Saturday that was made a working day', async () => {
    office.clock.set(at('2026-03-02T12:30:00'));
    expect(await take('xinchuan')).toMatchObject({ status: 409, body: { code: 'WINDOW_CLOSED' } });
    expect((await take('chengnan')).status).toBe(201);
    office.clock.set(at('2026-03-02T17:30:00'));
    expect((await take('chengnan')).status).toBe(409);
    office.clock.set(at('2026-10-02T10:00:00'));
    expect((await take('chengnan')).status).toBe(409);
    office.clock.set(at('2026-02-14T10:00:00'));
    expect((await take('chengnan')).status).toBe(201);
  });

  it('D queue: an address takes 60 in an hour, at all windows together; then it waits, and others do not', async () => {
    office.clock.set(at('2026-03-05T10:00:00'));
    const [one, other] = [office.person(), office.person()];
    const taking = (who: typeof one, window: string) => who.attempt('POST', `/api/v1/windows/${window}/queue`);
    for (let count = 0; count < 60; count += 1) expect((await taking(one, count % 2 ? 'chengnan' : 'xinchuan')).status).toBe(201);
    const refused = await taking(one, 'chengnan');
    expectRefusal(refused, { status: 429, code: 'ADDRESS_LIMIT' });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(3500);
    expect((await taking(other, 'chengnan')).body).toEqual({ label: 'A031', ahead: 30 });
    office.clock.set(at('2026-03-05T11:00:30'));
    expect((await taking(one, 'chengnan')).body).toEqual({ label: 'A032', ahead: 31 });
  });

  it('there is no other window, and nobody but a clerk calls', async () => {
    expect(await take('__proto__')).toMatchObject({ status: 422 });
    const reviewer = await office.staff('reviewer');
    expect((await reviewer.attempt('POST', '/api/v1/windows/chengnan/queue/calls', { json: { desk: '1' } })).status).toBe(403);
  });
});
