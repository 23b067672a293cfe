/** Settings, read once at the start of a process. A missing or malformed one stops it with the name of what is wrong. */
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const SYSTEMS = ['sms', 'sms2', 'bank', 'platform', 'invoice', 'courier'] as const;

const keyed = z.object({ keyId: z.string().min(1), secret: z.string().min(16) });
const secretsSchema = z.object({
  sms: keyed,
  sms2: keyed,
  bank: keyed,
  platform: keyed,
  invoice: keyed,
  courier: keyed,
  /** With which the bank signs what it pushes to us. */
  bankPush: keyed,
  /** With which the platform signs what its administrator decided. */
  platformPush: keyed,
  /** With which the SMS operators sign their receipts. */
  smsReceipts: keyed,
  sms2Receipts: keyed,
  /** With which the courier signs what happened to a parcel. */
  courierPush: keyed,
  /** 32 bytes, base64: encrypts stored files. */
  objectKey: z.base64().refine((text) => Buffer.from(text, 'base64').length === 32, 'must be 32 bytes in base64'),
  /** Keys the digests of SMS codes and of limits. */
  sessionSecret: z.string().min(16),
});
export type Secrets = z.infer<typeof secretsSchema>;

const environmentSchema = z.object({
  XINYIN_HOME: z.string().min(1),
  DATABASE_URL: z.string().min(1),
  TEMPORAL_ADDRESS: z.string().min(1).default('127.0.0.1:7233'),
  TEMPORAL_NAMESPACE: z.string().min(1).default('default'),
  XINYIN_SECRETS_FILE: z.string().min(1),
  XINYIN_API_URL: z.url(),
  XINYIN_RESPONDER_URL: z.url(),
  XINYIN_SANDBOX_URL: z.url(),
  /** Whose pages may ask the codec server; absent where the UI is somebody else's. */
  XINYIN_TEMPORAL_UI_URL: z.url().optional(),
  /** `demo` lets a dispatch be run for a day that has not come, and shows demo accounts. */
  XINYIN_MODE: z.enum(['demo', 'production']).default('production'),
  /** The SMS operator that is asked first. */
  XINYIN_SMS_FIRST: z.enum(['sms', 'sms2']).default('sms'),
  /** How many calls a second the platform takes from each of our processes; what it asks for by 429 counts besides. */
  XINYIN_PLATFORM_PER_SECOND: z.coerce.number().positive().max(1000).default(20),
  /** Our accounts beside the one that orders are paid to, parted by commas: a statement of any other is refused. */
  XINYIN_OWN_ACCOUNTS: z.string().default(''),
  PORT: z.coerce.number().int().optional(),
});

/** How fast a process may call an outside system. */
export interface Pace {
  perSecond: number;
  burst: number;
}

export interface Settings {
  home: string;
  databaseUrl: string;
  /** `payloadKey`: encrypts what stands in histories; absent only where a test reads them as they are. */
  temporal: { address: string; namespace: string; payloadKey?: Buffer };
  urls: { api: string; responder: string; sandbox: string; temporalUi?: string };
  demo: boolean;
  /** Address and key of each outside system. */
  gateways: Record<(typeof SYSTEMS)[number], { baseUrl: string; keyId: string; secret: string; pace?: Pace }>;
  smsFirst: 'sms' | 'sms2';
  secrets: Secrets;
  /** Keys the digests of SMS codes and limits. The API checks what a worker sent, so both have it from here. */
  codeKey: Buffer;
  folders: { objects: string; pki: string; station: string; audit: string; responder: string };
  /** Where the transfer goes. D: seeded for the demo, replaced in production. */
  bankAccount: { holder: string; bank: string; account: string };
  /** All of ours, as they are printed, with that one. */
  ownAccounts: readonly string[];
}

export class SettingsError extends Error {}

/** @throws SettingsError naming the variable or the key of the secrets file that is missing or wrong */
export function loadSettings(environment: NodeJS.ProcessEnv = process.env): Settings {
  const env = parse(environmentSchema, environment, 'environment');
  const secrets = parse(secretsSchema, readSecrets(env.XINYIN_SECRETS_FILE), env.XINYIN_SECRETS_FILE);
  const home = env.XINYIN_HOME;
  return {
    home,
    databaseUrl: env.DATABASE_URL,
    temporal: { address: env.TEMPORAL_ADDRESS, namespace: env.TEMPORAL_NAMESPACE, payloadKey: derived(secrets, 'temporal-payload') },
    urls: {
      api: env.XINYIN_API_URL,
      responder: env.XINYIN_RESPONDER_URL,
      sandbox: env.XINYIN_SANDBOX_URL,
      ...(env.XINYIN_TEMPORAL_UI_URL === undefined ? {} : { temporalUi: env.XINYIN_TEMPORAL_UI_URL }),
    },
    demo: env.XINYIN_MODE === 'demo',
    gateways: gatewaySettings(env.XINYIN_SANDBOX_URL.replace(/\/$/, ''), secrets, env.XINYIN_PLATFORM_PER_SECOND),
    smsFirst: env.XINYIN_SMS_FIRST,
    secrets,
    codeKey: derived(secrets, 'sms-code'),
    folders: {
      objects: join(home, 'objects'),
      pki: join(home, 'pki'),
      station: join(home, 'station', 'tokens'),
      audit: join(home, 'audit'),
      responder: join(home, 'responder'),
    },
    bankAccount: BANK_ACCOUNT,
    ownAccounts: ownAccountsOf(env.XINYIN_OWN_ACCOUNTS),
  };
}

const BANK_ACCOUNT = { holder: '信印电子认证服务有限公司', bank: '示例银行成都高新支行', account: '5101 0001 0002 0003' } as const;

/** All of ours, as they are printed: the one that orders are paid to, and those that the setting names beside it. */
export const ownAccountsOf = (setting: string): string[] => [
  BANK_ACCOUNT.account,
  ...setting.split(',').filter((text) => text.trim() !== ''),
];

/** 32 bytes for one purpose. */
const derived = ({ sessionSecret }: Secrets, purpose: string) => createHmac('sha256', sessionSecret).update(purpose).digest();

/**
 * A secret that only some processes are given, by their environment. It is removed from there: it is not for what this process starts.
 * @throws SettingsError naming the variable that is missing or too short
 */
export function takeSecret(name: 'XINYIN_PKI_PASSPHRASE' | 'XINYIN_OCSP_SECRET', neededTo: string, shortest = 1): string {
  const secret = process.env[name] ?? '';
  delete process.env[name];
  if (secret.length < shortest) throw new SettingsError(`${name}: needed to ${neededTo}${secret ? `, with ${shortest} characters` : ''}`);
  return secret;
}

/** Guessing it offline, from a request and its code in the database, must stay hopeless. */
export const SHORTEST_OCSP_SECRET = 32;

/** D: calls that may go at once after our own processor was busy for a moment; the second's sum stays what the platform takes, on average. */
const PLATFORM_BURST = 5;

function gatewaySettings(baseUrl: string, secrets: Secrets, platformPerSecond: number): Settings['gateways'] {
  const of = (system: (typeof SYSTEMS)[number]) => ({ baseUrl: `${baseUrl}/${system}`, ...secrets[system] });
  return {
    sms: of('sms'),
    sms2: of('sms2'),
    bank: of('bank'),
    platform: { ...of('platform'), pace: { perSecond: platformPerSecond, burst: PLATFORM_BURST } },
    invoice: of('invoice'),
    courier: of('courier'),
  };
}

function readSecrets(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new SettingsError(`the secrets file cannot be read: ${file}`, { cause });
  }
  try {
    return JSON.parse(text);
  } catch {
    // Without its cause: the parser quotes the text it stumbled over, which may be a secret.
    throw new SettingsError(`the secrets file is no JSON: ${file}`);
  }
}

function parse<T>(schema: z.ZodType<T>, value: unknown, where: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  // Names only: a value could be a secret.
  const wrong = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
  throw new SettingsError(`${where}: ${wrong}`);
}
