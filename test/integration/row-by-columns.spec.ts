/** One row by its columns, in the short way: what is read is what TypeORM reads, and what is held is held. */
import { Application, Certificate, FeeOrder } from '#persistence';
import { In, type DataSource } from 'typeorm';
import { aCertificate, anApplication, anOrder, migratedDatabase, NOW } from './rows.js';

let data: DataSource;
beforeAll(async () => {
  data = await migratedDatabase();
}, 60_000);
afterAll(() => data.destroy());

it('instants, days, texts, JSON, numbers, money and bytes come as they were written', async () => {
  const id = await anApplication(data, { dueAt: NOW, dispatchDay: '2026-03-06', additional: true });
  const application = await data.manager.findOneBy(Application, { id });
  expect(application).toBeInstanceOf(Application);
  expect(application).toMatchObject({ stage: 'review', form: {}, additional: true, version: 1, outcome: null });
  expect([application?.dueAt, application?.dispatchDay]).toEqual([NOW, '2026-03-06']);
  const order = await data.manager.findOneByOrFail(FeeOrder, { id: await anOrder(data, { amountFen: 123_456_789_012 }) });
  expect([order.amountFen, order.lines]).toEqual([123_456_789_012, []]);
  const certificate = await data.manager.findOneByOrFail(Certificate, { id: await aCertificate(data) });
  expect(certificate.tbs).toEqual(Buffer.from('to be signed'));
});

it('is the row that TypeORM builds, property by property and in their order', async () => {
  const entities = [
    [Application, await anApplication(data)],
    [FeeOrder, await anOrder(data)],
    [Certificate, await aCertificate(data)],
  ] as const;
  for (const [entity, id] of entities) {
    const built = await data.createQueryBuilder().select('row').from(entity, 'row').where({ id }).getOneOrFail();
    const read = await data.manager.findOneByOrFail(entity, { id });
    expect(read).toStrictEqual(built);
    expect(Object.keys(read)).toEqual(Object.keys(built));
  }
});

it('by several columns, of which all have to fit', async () => {
  const applicationId = await anApplication(data);
  const id = await aCertificate(data, { applicationId, index: 2, kind: 'encryption' });
  const asked = (index: number, kind: Certificate['kind']) => data.manager.findOneBy(Certificate, { applicationId, index, kind });
  expect((await asked(2, 'encryption'))?.id).toBe(id);
  expect(await asked(2, 'signing')).toBeNull();
  expect(await asked(1, 'encryption')).toBeNull();
});

it('a value that is missing, and an operator, mean what they mean to TypeORM', async () => {
  const id = await anApplication(data);
  const missing = undefined as unknown as string;
  await expect(data.manager.findOneBy(Application, { id: missing })).rejects.toThrow('Undefined value');
  await expect(data.manager.findOneBy(Application, { id: In([id]) })).resolves.toMatchObject({ id });
  await expect(data.manager.findOneOrFail(Application, { where: { id }, order: { number: 'ASC' } })).resolves.toMatchObject({ id });
});

it('a lock holds the row until the transaction ends, and is refused without one', async () => {
  const id = await anApplication(data);
  const locked = { where: { id }, lock: { mode: 'pessimistic_write' } } as const;
  const takeIt = () => data.query('SELECT id FROM application WHERE id = $1 FOR KEY SHARE NOWAIT', [id]);
  await data.transaction(async (tx) => {
    await tx.findOne(Application, locked);
    await expect(takeIt()).rejects.toThrow('could not obtain lock');
  });
  await expect(takeIt()).resolves.toEqual([{ id }]);
  await expect(data.manager.findOne(Application, locked)).rejects.toThrow('transaction');
});

it('a row that is held against its end only may still be held so by another', async () => {
  const id = await anApplication(data);
  const lock = { mode: 'for_key_share' } as const;
  await data.transaction(async (tx) => {
    await tx.findOne(Application, { where: { id }, lock });
    await expect(data.query('SELECT id FROM application WHERE id = $1 FOR KEY SHARE NOWAIT', [id])).resolves.toEqual([{ id }]);
    await expect(data.query('SELECT id FROM application WHERE id = $1 FOR UPDATE NOWAIT', [id])).rejects.toThrow('could not obtain lock');
  });
});
