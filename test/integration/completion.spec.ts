/** 办结 of a new certificate is when its last token was written, whatever the case waited for after that. Rules: business.md, "Friday dispatch". */
import { createBusinessActivities } from '#activities';
import { publishedHolidays } from '#config';
import { Application, Token } from '#persistence';
import { casesOf } from '../world/cases.js';
import { openOffice, type Office } from '../world/office.js';
import { anApplication } from './rows.js';

describe('the completion of a new certificate', () => {
  let office: Office;
  beforeAll(async () => {
    office = await openOffice({ workers: false });
    await office.startWorkers(['business', 'pki', 'station']);
  }, 120_000);
  afterAll(() => office.close(), 60_000);

  const row = (id: string) => office.data.manager.findOneByOrFail(Application, { id });

  /** At the stage of issuing, with tokens written at these instants. */
  async function issued(...written: string[]): Promise<string> {
    const id = await anApplication(office.data, { stage: 'issuance', waitingFor: 'system', startedAt: office.clock.now() });
    for (const [place, at] of written.entries()) {
      const token = { applicationId: id, index: place + 1, serialNumber: `${id}/${place}`, container: 'one' };
      await office.data.manager.insert(Token, { ...token, state: 'written', writtenAt: new Date(at) });
    }
    return id;
  }
  /** The case comes to say so at that instant, and asks at once. */
  async function completes(applicationId: string, said: string) {
    const { settings, data, gateways, objects } = office;
    const deps = {
      ...settings,
      apiUrl: settings.urls.api,
      data,
      now: () => new Date(said),
      holidays: publishedHolidays,
      gateways,
      objects,
    };
    return createBusinessActivities(deps).completeApplication({ applicationId, completedAt: said });
  }

  it('the last token written on Thursday 23:59:59, a label printed on Friday at ten: that Friday, whose batch is told', async () => {
    const id = await issued('2026-03-05T04:00:00.000Z', '2026-03-05T15:59:59.000Z');
    expect(await completes(id, '2026-03-06T02:00:00.000Z')).toEqual({ day: '2026-03-06', late: true });
    expect(await row(id)).toMatchObject({ completedAt: new Date('2026-03-05T15:59:59.000Z'), dispatchDay: '2026-03-06' });
  });

  it('written on Friday at 00:00:00 it goes the next Friday', async () => {
    const id = await issued('2026-03-05T16:00:00.000Z');
    expect(await completes(id, '2026-03-06T02:00:00.000Z')).toEqual({ day: '2026-03-13', late: false });
  });

  it('never later than the case says, whatever the clock of the station', async () => {
    const id = await issued('2026-03-05T16:00:01.000Z');
    await completes(id, '2026-03-05T15:59:59.000Z');
    expect(await row(id)).toMatchObject({ completedAt: new Date('2026-03-05T15:59:59.000Z'), dispatchDay: '2026-03-06' });
  });

  it('a printer that was away changes nothing of it', async () => {
    const cases = casesOf(office);
    const filed = await cases.awaitingPayment({ name: '成都打印机医药有限公司' });
    await cases.pay(filed);
    const token = await office.until(
      () => office.data.manager.findOneBy(Token, { applicationId: filed.id, state: 'written' }),
      'the token to be written',
    );
    await office.startWorkers(['documents']);
    expect(await cases.reach(filed, 'dispatch')).toMatchObject({ completedAt: token.writtenAt });
  }, 120_000);
});
