/** Money coming in: pushed to the API and in the statement of its Shanghai day, whatever happens on the way. */
import { readStatement } from '#bank-statements';
import { calendarDay } from '#domain';
import { parseBankPush, type BankEntry } from '#gateways';
import { NOON, listen, specWorld } from '../spec/world.js';

const ear = await listen('/api/v1/callbacks/bank');
afterAll(() => ear.close());
let pauseMs: number;
const world = specWorld({ bankPush: ear.target, pauseMs: () => pauseMs });
beforeEach(async () => {
  ear.heard.length = 0;
  ear.refuseNext = 0;
  pauseMs = 1;
  await world.start();
});
afterEach(async () => {
  await settled();
  await world.close();
});
/** Until the bank itself knows that its pushes were taken: a push still under way would be heard by the next spec. */
const settled = async () => {
  while (((await world.people('GET', '/bank/entries')).value as { push: string }[]).some(({ push }) => push === 'waiting'));
};

const TRANSFER = {
  payerName: '成都某某药业有限公司',
  payerAccount: '5100123',
  payerAccountType: 'corporate',
  amountFen: 45000,
  remittance: 'XB-1, "加急"',
};
const CREDIT = { reference: '2026030600000001', bookedAt: NOON.toISOString(), ...TRANSFER };
const transfer = (change: object = {}) => world.people('POST', '/bank/transfers', { ...TRANSFER, ...change });
const order = (fault: object) => world.people('POST', '/faults', { system: 'bank', ...fault });
/** When the statements are read: all of their days have come. */
const AFTERWARDS = new Date('2026-03-08T00:00:00Z');
const statement = async (day = '2026-03-06'): Promise<BankEntry[]> => {
  const { entries } = await readStatement(await world.gateways.bank.statement(day), { now: AFTERWARDS, day: calendarDay(day) });
  return entries.map(({ identity, bookedAt, amountFen, payerName, payerAccount, payerAccountType, remittance }) => {
    return { reference: identity, bookedAt, amountFen, payerName, payerAccount, payerAccountType, remittance };
  });
};
const references = (entries: readonly unknown[]) => entries.map((entry) => (entry as BankEntry).reference.slice(-1));

describe('a transfer', () => {
  it('is pushed, signed, in the form our API reads', async () => {
    expect(await transfer()).toEqual({ status: 201, value: CREDIT });
    expect((await ear.until(1)).map(parseBankPush)).toEqual([CREDIT]);
  });

  it('stands in the statement as the same entry', async () => {
    await transfer();
    expect(await statement()).toEqual([CREDIT]);
  });

  it('belongs to its Shanghai day', async () => {
    await transfer({ bookedAt: '2026-03-06T16:00:00Z', push: false });
    expect(await statement()).toEqual([]);
    expect(await statement('2026-03-07')).toMatchObject([{ bookedAt: '2026-03-06T16:00:00.000Z' }]);
  });

  it('may go unpushed: the statement has it', async () => {
    await transfer({ push: false });
    await transfer();
    expect(references(await ear.until(1))).toEqual(['2']);
    expect(references(await statement())).toEqual(['1', '2']);
  });

  it('survives a restart, with its number', async () => {
    await transfer();
    await ear.until(1);
    await world.restart();
    expect((await transfer()).value).toMatchObject({ reference: '2026030600000002' });
    expect(references(await statement())).toEqual(['1', '2']);
  });

  it.each([{ amountFen: 0 }, { amountFen: 0.1 }, { amountFen: '45000' }, { payerAccountType: 'none' }, { surprise: 1 }])(
    'with %j is refused',
    async (change) => {
      expect((await transfer(change)).status).toBe(422);
      expect(await statement()).toEqual([]);
    },
  );

  it('without a readable payer goes through', async () => {
    expect((await transfer({ payerName: '' })).status).toBe(201);
    expect(await statement()).toMatchObject([{ payerName: '' }]);
  });
});

describe('the push', () => {
  it('is repeated until it is taken', async () => {
    ear.refuseNext = 3;
    await transfer();
    expect(references(await ear.until(1))).toEqual(['1']);
  });

  it('that was not taken goes out again after a restart; one that was does not', async () => {
    await transfer();
    await settled();
    pauseMs = 3_600_000;
    ear.refuseNext = 1;
    await transfer();
    while (ear.refuseNext > 0) await statement();
    expect(references(ear.heard)).toEqual(['1']);
    await world.restart();
    expect(references(await ear.until(2))).toEqual(['1', '2']);
  });

  it('duplicate: comes twice, the statement has it once', async () => {
    await order({ kind: 'duplicate', count: 1 });
    await transfer();
    expect(references(await ear.until(2))).toEqual(['1', '1']);
    expect(references(await statement())).toEqual(['1']);
  });

  it('out of order: three are held back, then come in reverse; the statement was there before', async () => {
    await order({ kind: 'out-of-order', count: 3 });
    await transfer();
    await transfer();
    expect([references(await statement()), ear.heard]).toEqual([['1', '2'], []]);
    await transfer();
    expect(references(await ear.until(3))).toEqual(['3', '2', '1']);
  });

  it('out of order without a count: held until cleared', async () => {
    await order({ kind: 'out-of-order' });
    await transfer();
    await transfer();
    await world.people('DELETE', '/faults/bank');
    expect(references(await ear.until(2))).toEqual(['2', '1']);
  });

  it('out of order, and killed while holding: they go out after the restart', async () => {
    await order({ kind: 'out-of-order' });
    await transfer();
    await world.restart();
    expect(references(await ear.until(1))).toEqual(['1']);
  });
});

it('a day that is none has no statement', async () => {
  await expect(world.gateways.bank.statement('2026-02-30')).rejects.toMatchObject({
    code: 'GATEWAY_REFUSED',
    params: { reason: 'INPUT_INVALID' },
  });
});
