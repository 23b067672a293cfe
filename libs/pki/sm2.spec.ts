import { execFileSync } from 'node:child_process';
import { createPublicKey, createSign, generateKeyPairSync, sign as oneShotSign } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { XinyinError } from '#domain';
import {
  exportPkcs8,
  exportSpki,
  generateSm2KeyPair,
  importPkcs8,
  importSpki,
  privateKeyFromScalar,
  privateScalar,
  publicKeyFromPoint,
  publicPoint,
  sm2Sign,
  sm2Verify,
  sm3,
} from './sm2.js';

/** GB/T 32918.5-2017, appendix A: the example on the recommended curve. */
const D = Buffer.from('3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8', 'hex');
const X = '09f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020';
const Y = 'ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13';
const R = 'f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3';
const S = 'b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa';
const MESSAGE = Buffer.from('message digest');

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sm2-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

function opensslVerifies(publicKey: Buffer, message: Buffer, signature: Buffer, options: string[]): boolean {
  const key = file('key.der', publicKey);
  const args = ['-verify', '-rawin', '-digest', 'sm3', '-pubin', '-keyform', 'DER', '-inkey', key, ...options];
  try {
    execFileSync('openssl', ['pkeyutl', ...args, '-in', file('message', message), '-sigfile', file('signature', signature)], {
      stdio: 'pipe',
    });
    return true;
  } catch {
    return false;
  }
}
const STANDARD_ID = ['-pkeyopt', 'distid:1234567812345678'];

describe('SM3', () => {
  it('GB/T 32905 appendix A.1: the hash of "abc"', () => {
    expect(sm3(Buffer.from('abc')).toString('hex')).toBe('66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0');
  });
  it('hashes chunks as one message', () => {
    expect(sm3(Buffer.from('a'), Buffer.from('bc'))).toEqual(sm3(Buffer.from('abc')));
  });
});

describe('SM2 signature', () => {
  it('GB/T 32918.5 appendix A: the example signature is accepted under its key', () => {
    const signature = Buffer.from(`3046022100${R}022100${S}`, 'hex');
    expect(sm2Verify(publicKeyFromPoint(Buffer.from(`04${X}${Y}`, 'hex')), MESSAGE, signature)).toBe(true);
  });
  it('GB/T 32918.5 appendix A: the public key of the example scalar', () => {
    expect(publicPoint(createPublicKey(privateKeyFromScalar(D))).toString('hex')).toBe(`04${X}${Y}`);
  });
  it('OpenSSL accepts what we sign under the standard signer id', () => {
    const { privateKey, publicKey } = generateSm2KeyPair();
    expect(opensslVerifies(exportSpki(publicKey), MESSAGE, sm2Sign(privateKey, MESSAGE), STANDARD_ID)).toBe(true);
  });
  it('OpenSSL refuses what we sign when it is told no signer id', () => {
    const { privateKey, publicKey } = generateSm2KeyPair();
    expect(opensslVerifies(exportSpki(publicKey), MESSAGE, sm2Sign(privateKey, MESSAGE), [])).toBe(false);
  });
  it('we accept what OpenSSL signs under the standard signer id', () => {
    const { privateKey, publicKey } = generateSm2KeyPair();
    const key = file('private.der', exportPkcs8(privateKey));
    const args = ['-sign', '-rawin', '-digest', 'sm3', '-keyform', 'DER', '-inkey', key, ...STANDARD_ID, '-in', file('message', MESSAGE)];
    expect(sm2Verify(publicKey, MESSAGE, execFileSync('openssl', ['pkeyutl', ...args]))).toBe(true);
  });
  it('trap: the one-shot call of Node signs with an empty id, so it is refused here', () => {
    const { privateKey, publicKey } = generateSm2KeyPair();
    expect(sm2Verify(publicKey, MESSAGE, oneShotSign('sm3', MESSAGE, privateKey))).toBe(false);
  });
  it('trap: a key that was not imported again signs ECDSA, so it is refused before use', () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'SM2' });
    expect(() => sm2Sign(privateKey, MESSAGE)).toThrow(XinyinError);
    expect(() => sm2Verify(publicKey, MESSAGE, Buffer.alloc(70))).toThrow(XinyinError);
  });
  it('trap: what such a key would have signed is no SM2 signature', () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'SM2' });
    const loaded = importSpki(publicKey.export({ type: 'spki', format: 'der' }));
    expect(sm2Verify(loaded, MESSAGE, createSign('sm3').update(MESSAGE).sign(privateKey))).toBe(false);
  });
  it('generated keys are loaded as SM2, not as a curve for ECDSA', () => {
    const { privateKey, publicKey } = generateSm2KeyPair();
    expect([privateKey.asymmetricKeyType, publicKey.asymmetricKeyType]).not.toContain('ec');
  });
  it('refuses a changed message and a changed signature', () => {
    const { privateKey, publicKey } = generateSm2KeyPair();
    const signature = sm2Sign(privateKey, MESSAGE);
    expect(sm2Verify(publicKey, Buffer.from('message digesT'), signature)).toBe(false);
    signature[20] = (signature[20] ?? 0) ^ 1;
    expect(sm2Verify(publicKey, MESSAGE, signature)).toBe(false);
  });
});

describe('SM2 keys', () => {
  it('come back from PKCS#8, SPKI, scalar and point as they were', () => {
    const { privateKey, publicKey } = generateSm2KeyPair();
    expect(importPkcs8(exportPkcs8(privateKey)).equals(privateKey)).toBe(true);
    expect(importSpki(exportSpki(publicKey)).equals(publicKey)).toBe(true);
    expect(privateKeyFromScalar(privateScalar(privateKey)).equals(privateKey)).toBe(true);
    expect(publicKeyFromPoint(publicPoint(publicKey)).equals(publicKey)).toBe(true);
  });
  it('another curve is refused', () => {
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    expect(() => importSpki(other.publicKey.export({ type: 'spki', format: 'der' }))).toThrow(XinyinError);
    expect(() => importPkcs8(other.privateKey.export({ type: 'pkcs8', format: 'der' }))).toThrow(XinyinError);
  });
  it('a point off the curve is refused', () => {
    const point = Buffer.from(`04${X}${Y}`, 'hex');
    point[64] = 0x12;
    expect(() => publicKeyFromPoint(point)).toThrow(XinyinError);
  });
  it('scalars 0 and n are refused', () => {
    const order = Buffer.from('fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123', 'hex');
    expect(() => privateKeyFromScalar(Buffer.alloc(32))).toThrow(XinyinError);
    expect(() => privateKeyFromScalar(order)).toThrow(XinyinError);
  });
});
