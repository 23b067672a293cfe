import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { loadSettings, SettingsError, takeSecret } from './settings.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'settings-spec-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const keyed = (keyId: string) => ({ keyId, secret: `secret-of-${keyId}-0123456789` });
const SECRETS = {
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
  objectKey: Buffer.alloc(32, 7).toString('base64'),
  sessionSecret: 'session-secret-0123456789',
};
function secretsFile(content: string): string {
  const file = join(folder, `${Math.random()}.json`);
  writeFileSync(file, content);
  return file;
}
const environment = (change: Record<string, string | undefined> = {}, secrets: unknown = SECRETS) => ({
  XINYIN_HOME: '/var/xinyin',
  DATABASE_URL: 'postgres://xinyin:hidden-password@127.0.0.1/xinyin',
  XINYIN_SECRETS_FILE: secretsFile(JSON.stringify(secrets)),
  XINYIN_API_URL: 'http://127.0.0.1:3000',
  XINYIN_RESPONDER_URL: 'http://127.0.0.1:3001',
  XINYIN_SANDBOX_URL: 'http://127.0.0.1:3002',
  ...change,
});
function refusal(env: Record<string, string | undefined>): SettingsError {
  try {
    loadSettings(env);
  } catch (error) {
    if (error instanceof SettingsError) return error;
    throw error;
  }
  throw new Error('the settings were taken');
}
/** All that a crash of the process would print of it. */
const printed = (error: unknown) => inspect(error, { depth: 10 });

describe('settings', () => {
  it('that are right are taken', () => {
    expect(loadSettings(environment({ XINYIN_MODE: 'demo' }))).toMatchObject({
      home: '/var/xinyin',
      temporal: { address: '127.0.0.1:7233', namespace: 'default', payloadKey: expect.any(Buffer) as Buffer },
      demo: true,
      smsFirst: 'sms',
      gateways: { bank: { baseUrl: 'http://127.0.0.1:3002/bank', keyId: 'bank', secret: 'secret-of-bank-0123456789' } },
      folders: {
        objects: '/var/xinyin/objects',
        pki: '/var/xinyin/pki',
        station: '/var/xinyin/station/tokens',
        audit: '/var/xinyin/audit',
        responder: '/var/xinyin/responder',
      },
    });
  });

  it('are those of production unless they say otherwise', () => {
    expect(loadSettings(environment()).demo).toBe(false);
  });

  it('name the SMS operator that is asked first', () => {
    expect(loadSettings(environment({ XINYIN_SMS_FIRST: 'sms2' })).smsFirst).toBe('sms2');
  });

  it('give the key of codes, which is not the secret itself and the same in every process', () => {
    const { codeKey } = loadSettings(environment());
    expect(codeKey).toEqual(createHmac('sha256', 'session-secret-0123456789').update('sms-code').digest());
    expect(loadSettings(environment()).codeKey).toEqual(codeKey);
  });

  it.each(['XINYIN_HOME', 'DATABASE_URL', 'XINYIN_SECRETS_FILE', 'XINYIN_API_URL', 'XINYIN_RESPONDER_URL', 'XINYIN_SANDBOX_URL'])(
    'without %s are refused by its name',
    (name) => {
      expect(refusal(environment({ [name]: undefined })).message).toContain(name);
      expect(refusal(environment({ [name]: '' })).message).toContain(name);
    },
  );

  it.each([
    ['XINYIN_API_URL', 'not-an-address-7f3a'],
    ['XINYIN_MODE', 'wrong-mode-7f3a'],
    ['XINYIN_SMS_FIRST', 'pigeon-7f3a'],
    ['PORT', 'wrong-port-7f3a'],
  ])('with a wrong %s name it, and never its value', (name, value) => {
    const error = refusal(environment({ [name]: value }));
    expect(error.message).toContain(name);
    expect(printed(error)).not.toContain(value);
  });

  it('that are wrong in several places name them all, and no value of any other', () => {
    const error = refusal(environment({ XINYIN_HOME: undefined, XINYIN_SANDBOX_URL: 'sandbox' }));
    expect(error.message).toContain('XINYIN_HOME');
    expect(error.message).toContain('XINYIN_SANDBOX_URL');
    expect(printed(error)).not.toContain('hidden-password');
  });
});

describe('a secret of few processes', () => {
  const name = 'XINYIN_OCSP_SECRET';
  const taken = (value: string | undefined) => {
    if (value !== undefined) process.env[name] = value;
    return () => takeSecret(name, 'be trusted', 8);
  };
  afterEach(() => delete process.env[name]);

  it('is taken out of the environment', () => {
    expect(taken('long-enough')()).toBe('long-enough');
    expect(process.env[name]).toBeUndefined();
  });

  it('that is missing or too short is named, and what it is for, and never its value', () => {
    expect(taken(undefined)).toThrow(new SettingsError('XINYIN_OCSP_SECRET: needed to be trusted'));
    expect(taken('7 chars')).toThrow(new SettingsError('XINYIN_OCSP_SECRET: needed to be trusted, with 8 characters'));
    expect(process.env[name]).toBeUndefined();
  });
});

describe('the secrets file', () => {
  it('that is not there is named', () => {
    const file = join(folder, 'nowhere.json');
    expect(refusal(environment({ XINYIN_SECRETS_FILE: file })).message).toBe(`the secrets file cannot be read: ${file}`);
  });

  it('that is a folder is named', () => {
    expect(refusal(environment({ XINYIN_SECRETS_FILE: folder })).message).toContain(folder);
  });

  it.each(['', '{', 'hunter2-hunter2', '{"sessionSecret": hunter2-hunter2}', '{"sessionSecret":"hunter2-hunter2" "bank"}'])(
    'that is no JSON (%j) is named, and nothing of it is printed',
    (content) => {
      const file = secretsFile(content);
      const error = refusal(environment({ XINYIN_SECRETS_FILE: file }));
      expect(error.message).toContain(file);
      expect(printed(error)).not.toContain('hunter2');
    },
  );

  it.each([
    ['sms', undefined, 'sms'],
    ['bank', { keyId: 'bank', secret: 'short-7f3a' }, 'bank.secret'],
    ['courier', { keyId: '', secret: 'long-enough-7f3a-0123' }, 'courier.keyId'],
    ['objectKey', Buffer.from('too-short-7f3a').toString('base64'), 'objectKey'],
    ['objectKey', 'no base64: 7f3a', 'objectKey'],
    ['sessionSecret', 'short-7f3a', 'sessionSecret'],
    ['bankPush', 'text-7f3a', 'bankPush'],
  ])('with a wrong %s names the key, and never its value', (key, value, path) => {
    const error = refusal(environment({}, { ...SECRETS, [key]: value }));
    expect(error.message).toContain(path);
    expect(printed(error)).not.toContain('7f3a');
    for (const { secret } of [SECRETS.sms, SECRETS.platform]) expect(printed(error)).not.toContain(secret);
  });

  it.each(['null', '[]', '"text"'])('that holds %s is refused', (content) => {
    expect(refusal(environment({ XINYIN_SECRETS_FILE: secretsFile(content) }))).toBeInstanceOf(SettingsError);
  });
});
