import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadOrCreateSecrets } from './secrets.js';

const homes: string[] = [];
const newHome = (): string => {
  const home = mkdtempSync(join(tmpdir(), 'xinyin-secrets-'));
  homes.push(home);
  return home;
};
afterAll(() => homes.forEach((home) => rmSync(home, { recursive: true, force: true })));
const mode = (path: string): string => (statSync(path).mode & 0o777).toString(8);

describe('secrets', () => {
  it('are readable by their owner only', () => {
    const home = newHome();
    const { files } = loadOrCreateSecrets(home);
    const ofFew = ['passphrase', 'ocsp-secret'].map((name) => join(home, 'pki', name));
    expect([files.shared, files.sandbox, ...ofFew].map(mode)).toEqual(['600', '600', '600', '600']);
    expect(mode(join(home, 'pki'))).toBe('700');
  });

  it('are closed again when somebody opened the file', () => {
    const home = newHome();
    const { files } = loadOrCreateSecrets(home);
    chmodSync(files.shared, 0o644);
    loadOrCreateSecrets(home);
    expect(mode(files.shared)).toBe('600');
  });

  it('stay the same from start to start, and differ between installations', () => {
    const home = newHome();
    const first = loadOrCreateSecrets(home);
    expect(loadOrCreateSecrets(home)).toEqual(first);
    const other = loadOrCreateSecrets(newHome());
    expect(other.shared.postgresPassword).not.toBe(first.shared.postgresPassword);
    expect(other.pkiPassphrase).not.toBe(first.pkiPassphrase);
  });

  it('gain what a later version needs, and keep the rest', () => {
    const home = newHome();
    const first = loadOrCreateSecrets(home);
    const { courier: _courier, ...older } = first.shared;
    writeFileSync(first.files.shared, JSON.stringify(older));
    const second = loadOrCreateSecrets(home).shared;
    expect(second.courier.secret).toHaveLength(64);
    expect(second.objectKey).toBe(first.shared.objectKey);
  });

  it('keep the passphrase of the CA keys, and the responder’s secret, out of the file that every process reads', () => {
    const { files, pkiPassphrase, ocspSecret } = loadOrCreateSecrets(newHome());
    for (const secret of [pkiPassphrase, ocspSecret]) {
      expect(secret).toHaveLength(64);
      expect(readFileSync(files.shared, 'utf8')).not.toContain(secret);
      expect(readFileSync(files.sandbox, 'utf8')).not.toContain(secret);
    }
    expect(ocspSecret).not.toBe(pkiPassphrase);
  });

  it('tell the sandbox the keys of the outside systems only', () => {
    const { files } = loadOrCreateSecrets(newHome());
    const known = JSON.parse(readFileSync(files.sandbox, 'utf8')) as Record<string, unknown>;
    expect(Object.keys(known).sort().join(' ')).toBe(
      'bank bankPush courier courierPush invoice platform platformPush sms sms2 sms2Receipts smsReceipts',
    );
  });

  it('has an object key of 32 bytes', () => {
    expect(Buffer.from(loadOrCreateSecrets(newHome()).shared.objectKey, 'base64')).toHaveLength(32);
  });

  it('are not replaced when the file is damaged', () => {
    const home = newHome();
    const { files } = loadOrCreateSecrets(home);
    writeFileSync(files.shared, '{ "objectKey": ');
    expect(() => loadOrCreateSecrets(home)).toThrow('is damaged');
    expect(readFileSync(files.shared, 'utf8')).toBe('{ "objectKey": ');
  });
});
