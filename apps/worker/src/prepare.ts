/** Before the first process: migrates, seeds, and makes the Schedules. Doing it again changes nothing that people changed since. */
import { holidayDataVersion, loadSettings } from '#config';
import { createDataSource } from '#persistence';
import { connectEngine, registerSearchAttributes } from '#temporal';
import { Connection } from '@temporalio/client';
import { ensureSchedules, lookAtFridays } from './schedules.js';
import { noteHolidayData, seed } from './seed.js';

const settings = loadSettings();
const data = createDataSource({ url: settings.databaseUrl, applicationName: 'xinyin-prepare', poolSize: 2 });
await data.initialize();
const ran = await data.runMigrations();
console.log(`migrations: ${ran.length} run`);
const accounts = await seed(data, settings);
console.log('seeded: tariff, demo accounts');
if (await noteHolidayData(data, holidayDataVersion, new Date())) console.log(`holidays: data ${holidayDataVersion} is new`);
await data.destroy();

const connection = await Connection.connect({ address: settings.temporal.address });
await registerSearchAttributes(connection, settings.temporal.namespace);
await connection.close();
const { client, close } = await connectEngine(settings.temporal);
await ensureSchedules(client);
await lookAtFridays(client);
await close();
const named =
  'Friday dispatch, bank statement, revocation list, audit checkpoint, OCSP responders, reminders, undelivered messages, promised Fridays, invoices';
console.log(`schedules: ${named}`);
console.log(JSON.stringify({ accounts }));
