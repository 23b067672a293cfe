/**
 * Secrets of this installation: made once, kept in files that only their owner may read. The passphrase of the CA keys and the secret
 * between responder and pki worker lie apart, in files that no process but the launcher opens: the one reaches the pki worker alone, the
 * other these two, by their environment.
 */
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { LaunchError } from './failure.js';

const SYSTEMS = [
  'sms',
  'sms2',
  'bank',
  'platform',
  'invoice',
  'courier',
  'bankPush',
  'platformPush',
  'courierPush',
  'smsReceipts',
  'sms2Receipts',
] as const;

export interface SystemKey {
  keyId: string;
  secret: string;
}

export type SharedSecrets = Readonly<Record<(typeof SYSTEMS)[number], SystemKey>> & {
  readonly postgresPassword: string;
  /** 32 bytes, base64. */
  readonly objectKey: string;
  readonly sessionSecret: string;
};

export interface Secrets {
  shared: SharedSecrets;
  pkiPassphrase: string;
  /** With which the responder's requests for certificates are known to be its own. */
  ocspSecret: string;
  files: { shared: string; sandbox: string };
}

/** Loads what is there and makes what is not, so that a later version can add a secret to an old installation. */
export function loadOrCreateSecrets(home: string): Secrets {
  const files = { shared: join(home, 'secrets.json'), sandbox: join(home, 'sandbox', 'secrets.json') };
  const shared: SharedSecrets = { ...newSecrets(), ...readJson(files.shared) };
  writePrivate(files.shared, JSON.stringify(shared, null, 2));
  writePrivate(files.sandbox, JSON.stringify(Object.fromEntries(SYSTEMS.map((name) => [name, shared[name]])), null, 2));
  const pkiPassphrase = loadOrCreateToken(join(home, 'pki', 'passphrase'));
  return { shared, pkiPassphrase, ocspSecret: loadOrCreateToken(join(home, 'pki', 'ocsp-secret')), files };
}

function newSecrets(): SharedSecrets {
  const key = (name: string): SystemKey => ({ keyId: `${name}-${token(4)}`, secret: token(32) });
  return {
    ...(Object.fromEntries(SYSTEMS.map((name) => [name, key(name)])) as Record<(typeof SYSTEMS)[number], SystemKey>),
    postgresPassword: token(24),
    objectKey: randomBytes(32).toString('base64'),
    sessionSecret: token(32),
  };
}

const token = (bytes: number): string => randomBytes(bytes).toString('hex');

function loadOrCreateToken(file: string): string {
  if (!existsSync(file)) writePrivate(file, `${token(32)}\n`);
  chmodSync(file, 0o600);
  return readFileSync(file, 'utf8').trim();
}

function readJson(file: string): Partial<SharedSecrets> {
  if (!existsSync(file)) return {};
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Partial<SharedSecrets>;
  } catch {
    // New secrets would lock us out of the data that the old ones protect.
    throw new LaunchError(`${file} is damaged. Put a copy of it back, or remove all data with: npm run reset`);
  }
}

/** Whole or not at all: half a secrets file would lose the database. */
function writePrivate(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const part = `${file}.part`;
  writeFileSync(part, text, { mode: 0o600 });
  chmodSync(part, 0o600);
  renameSync(part, file);
}
