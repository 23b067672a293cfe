import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { XinyinError } from '#domain';
import { sm2Decrypt, sm2Encrypt } from './sm2-encryption.js';
import { exportPkcs8, exportSpki, generateSm2KeyPair, privateKeyFromScalar } from './sm2.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sm2e-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function openssl(verb: '-encrypt' | '-decrypt', key: Buffer, input: Buffer): Buffer {
  writeFileSync(join(folder, 'key'), key);
  writeFileSync(join(folder, 'in'), input);
  const side = verb === '-encrypt' ? ['-pubin'] : [];
  return execFileSync('openssl', ['pkeyutl', verb, ...side, '-keyform', 'DER', '-inkey', join(folder, 'key'), '-in', join(folder, 'in')]);
}

/** GB/T 32918.5-2017, appendix C: d, C1, C3 and C2 of the example "encryption standard". */
const D = Buffer.from('3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8', 'hex');
const C1X = '04ebfc718e8d1798620432268e77feb6415e2ede0e073c0f4f640ecd2e149a73';
const C1Y = 'e858f9d81e5430a57b36daab8f950a3c64e6ee6a63094d99283aff767e124df0';
const C3 = '59983c18f809e262923c53aec295d30383b54e39d609d160afcb1908d0bd8766';
const C2 = '21886ca989ca9c7d58087307ca93092d651efa';
const EXAMPLE = Buffer.from(`307c0220${C1X}022100${C1Y}0420${C3}0413${C2}`, 'hex');

describe('SM2 encryption', () => {
  it('GB/T 32918.5 appendix C: the example decrypts to "encryption standard"', () => {
    expect(sm2Decrypt(privateKeyFromScalar(D), EXAMPLE).toString()).toBe('encryption standard');
  });
  it('OpenSSL decrypts what we encrypt', () => {
    const { privateKey, publicKey } = generateSm2KeyPair();
    const message = Buffer.from('密钥管理中心'.repeat(20));
    expect(openssl('-decrypt', exportPkcs8(privateKey), sm2Encrypt(publicKey, message))).toEqual(message);
  });
  it('we decrypt what OpenSSL encrypts', () => {
    const { privateKey, publicKey } = generateSm2KeyPair();
    expect(sm2Decrypt(privateKey, openssl('-encrypt', exportSpki(publicKey), Buffer.from('0123456789abcdef'))).toString()).toBe(
      '0123456789abcdef',
    );
  });
  it.each([
    ['cipher', EXAMPLE.length - 1],
    ['hash', 90],
    ['point', 20],
  ])('refuses a message whose %s was changed', (_part, index) => {
    const changed = Buffer.from(EXAMPLE);
    changed[index] = (changed[index] ?? 0) ^ 1;
    expect(() => sm2Decrypt(privateKeyFromScalar(D), changed)).toThrow(XinyinError);
  });
  it('refuses a message for another key', () => {
    expect(() => sm2Decrypt(generateSm2KeyPair().privateKey, EXAMPLE)).toThrow(XinyinError);
  });
});
