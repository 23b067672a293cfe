/** The settings of an office for tests, and what a process of its own is told so that it works in the same office. */
import { createHmac, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Settings } from '#config';

export interface OfficeFacts {
  home: string;
  databaseUrl: string;
  temporal: { address: string; namespace: string; payloadKey?: Buffer };
  sandboxUrl: string;
  secrets: ReturnType<typeof makeSecrets>;
  demo: boolean;
}

export const PKI_PASSPHRASE = 'for tests only';
/** Of the desk's own: a station that is started again opens the tokens of the one before. */
export const adminPin = (serialNumber: string) => `admin-${serialNumber}`.slice(0, 16);
export const OCSP_SECRET = 'shared by responder and pki worker in tests';

export function makeSecrets() {
  const keyed = (keyId: string) => ({ keyId, secret: randomBytes(24).toString('hex') });
  return {
    sms: keyed('sms'),
    sms2: keyed('sms2'),
    bank: keyed('bank'),
    platform: keyed('platform'),
    invoice: keyed('invoice'),
    courier: keyed('courier'),
    bankPush: keyed('bank-push'),
    platformPush: keyed('platform-push'),
    smsReceipts: keyed('sms-receipts'),
    sms2Receipts: keyed('sms2-receipts'),
    courierPush: keyed('courier-push'),
    objectKey: randomBytes(32).toString('base64'),
    sessionSecret: randomBytes(24).toString('hex'),
  };
}

export function makeSettings({ home, databaseUrl, temporal, sandboxUrl, secrets, demo }: OfficeFacts): Settings {
  const of = (system: 'sms' | 'sms2' | 'bank' | 'platform' | 'invoice' | 'courier') => ({
    baseUrl: `${sandboxUrl}/${system}`,
    timeoutMs: 1500,
    ...secrets[system],
  });
  return {
    home,
    databaseUrl,
    demo,
    smsFirst: 'sms',
    secrets,
    temporal,
    urls: { api: 'http://127.0.0.1', responder: 'http://127.0.0.1', sandbox: sandboxUrl, temporalUi: 'http://127.0.0.1:8233' },
    gateways: {
      sms: of('sms'),
      sms2: of('sms2'),
      bank: of('bank'),
      platform: of('platform'),
      invoice: of('invoice'),
      courier: of('courier'),
    },
    // As `loadSettings` derives it, so that a process of its own accepts the codes this one sent.
    codeKey: createHmac('sha256', secrets.sessionSecret).update('sms-code').digest(),
    folders: {
      objects: join(home, 'objects'),
      pki: join(home, 'pki'),
      station: join(home, 'station', 'tokens'),
      audit: join(home, 'audit'),
      responder: join(home, 'responder'),
    },
    bankAccount: { holder: '信印', bank: '示例银行', account: '1' },
    ownAccounts: ['5100'],
  };
}

/** The environment of a process that belongs to this office; whoever starts it may change an address. */
export function environmentOf(settings: Settings): NodeJS.ProcessEnv {
  const { home, databaseUrl, temporal, urls, demo, secrets } = settings;
  const file = join(home, 'secrets.json');
  writeFileSync(file, JSON.stringify(secrets), { mode: 0o600 });
  // Jest's own flags and its NODE_ENV are not for it.
  const { NODE_OPTIONS: _flags, NODE_ENV: _mode, ...inherited } = process.env;
  return {
    ...inherited,
    XINYIN_HOME: home,
    DATABASE_URL: databaseUrl,
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: temporal.namespace,
    XINYIN_SECRETS_FILE: file,
    XINYIN_API_URL: urls.api,
    XINYIN_RESPONDER_URL: urls.responder,
    XINYIN_SANDBOX_URL: urls.sandbox,
    XINYIN_MODE: demo ? 'demo' : 'production',
    XINYIN_PKI_PASSPHRASE: PKI_PASSPHRASE,
    XINYIN_OCSP_SECRET: OCSP_SECRET,
    PORT: '0',
  };
}
