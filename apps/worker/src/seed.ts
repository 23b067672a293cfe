/** First data: the tariff as the guide publishes it, and, in demo mode, one account a role with a generated password. */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { roles, system, type Role, type TariffCode } from '#domain';
import type { Settings } from '#config';
import { appendAudit, CalendarData, StaffAccount, TariffRow } from '#persistence';
import { hash } from '@node-rs/argon2';
import type { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';

interface DemoAccount {
  username: string;
  password: string;
  roles: Role[];
}

/** G: 50 yuan once a certificate, 200 a certificate and year, 50 for a reissue. The fee of a change is not published: 0, unconfirmed. */
const TARIFF: { code: TariffCode; amountFen: number; confirmed: boolean }[] = [
  { code: 'opening', amountFen: 5_000, confirmed: true },
  { code: 'annual-service', amountFen: 20_000, confirmed: true },
  { code: 'reissue', amountFen: 5_000, confirmed: true },
  { code: 'change', amountFen: 0, confirmed: false },
];
/** The guide's version 1.0 took effect on this day. */
const TARIFF_FROM = '2021-05-08';

export async function seedTariff(data: DataSource): Promise<void> {
  for (const item of TARIFF) {
    const row = { id: uuidv7(), ...item, validFrom: TARIFF_FROM, validTo: null };
    await data.createQueryBuilder().insert().into(TariffRow).values(row).orIgnore().execute();
  }
}

export async function seed(data: DataSource, settings: Settings): Promise<DemoAccount[]> {
  await seedTariff(data);
  if (!settings.demo) return [];
  const accounts = loadOrMakeAccounts(join(settings.home, 'demo-accounts.json'));
  for (const [index, account] of accounts.entries()) await ensureAccount(data, account, index);
  return accounts;
}

/** Notes an edition of the published holidays that has not been in use here before. What it changes, the look at the Fridays finds. */
export async function noteHolidayData(data: DataSource, version: string, at: Date): Promise<boolean> {
  return data.transaction(async (tx) => {
    if (await tx.existsBy(CalendarData, { version })) return false;
    await tx.insert(CalendarData, { version, seenAt: at });
    const event = { action: 'calendar.data-seen', details: { version }, onceKey: version } as const;
    return appendAudit(tx, { subject: 'calendar/data', at, actor: system('prepare'), ...event });
  });
}

function loadOrMakeAccounts(file: string): DemoAccount[] {
  const known = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as DemoAccount[]) : [];
  // A role that came with a newer version gets its account too.
  const missing = (Object.keys(roles) as Role[]).filter((role) => !known.some(({ username }) => username === role));
  if (missing.length === 0) return known;
  const password = () => randomBytes(12).toString('base64url');
  const accounts = [...known, ...missing.map((role) => ({ username: role, password: password(), roles: [role] }))];
  const part = `${file}.part`;
  writeFileSync(part, JSON.stringify(accounts, null, 2), { mode: 0o600 });
  renameSync(part, file);
  return accounts;
}

async function ensureAccount(data: DataSource, { username, password, roles: held }: DemoAccount, index: number): Promise<void> {
  if (await data.manager.existsBy(StaffAccount, { username })) return;
  const passwordHash = await hash(password);
  const displayName = held.map((role) => roles[role].zh).join('、');
  // Numbers of a block that no operator gives out.
  const phone = `1900000000${index}`;
  await data.manager.insert(StaffAccount, {
    id: uuidv7(),
    username,
    displayName,
    phone,
    passwordHash,
    rolesText: held.join(','),
    disabledAt: null,
  });
}
