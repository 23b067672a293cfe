/** For specs: an authority in a folder of its own, a certificate of an organisation, a responder, and OpenSSL to judge them. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openAuthority, type Authority } from '../../authority.js';
import { parseCertificate, type CertificateView } from '../../certificate-view.js';
import { toPem } from '../../pem.js';
import { keySigner } from '../../signer.js';
import { generateSm2KeyPair } from '../../sm2.js';
import type { OcspSigner } from '../response.js';

export const NOW = new Date('2026-11-24T01:02:03Z');
export const LATER = new Date('2026-11-24T02:02:03Z');
const urls = { crl: 'http://ca.test/issuing.crl', ocsp: 'http://ca.test/ocsp', caIssuers: 'http://ca.test/issuing.cer' };

export interface OcspWorld {
  readonly authority: Authority;
  readonly issuer: CertificateView;
  readonly leaf: CertificateView;
  readonly responder: OcspSigner;
  /** Path of a file in the world's folder. */
  file(name: string, content: Uint8Array | string): string;
  openssl(...args: string[]): string;
  close(): void;
}

export async function openOcspWorld(): Promise<OcspWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'ocsp-'));
  const authority = await openAuthority({ folder: join(folder, 'ca'), passphrase: 'four words of chance', urls, now: () => NOW });
  const name = '成都某某医药有限公司';
  const leaf = authority.sign(
    authority.prepare('organisation-signing', {
      subject: { organisation: name, commonName: name },
      publicKey: generateSm2KeyPair().publicKey,
      notBefore: NOW,
      notAfter: new Date('2028-11-24T01:02:03Z'),
      uscc: '91350100M000100Y43',
    }),
  );
  const file = (path: string, content: Uint8Array | string) => {
    const full = join(folder, path);
    writeFileSync(full, content);
    return full;
  };
  file('issuer.pem', toPem('CERTIFICATE', authority.issuingCertificate));
  file('leaf.pem', toPem('CERTIFICATE', leaf.der));
  return {
    authority,
    issuer: parseCertificate(authority.issuingCertificate),
    leaf: parseCertificate(leaf.der),
    responder: aResponder(authority),
    file,
    openssl: (...args) => execFileSync('openssl', args, { cwd: folder, encoding: 'utf8', stdio: 'pipe' }),
    close: () => rmSync(folder, { recursive: true }),
  };
}

/** A new key with its certificate by the profile, or by another one. */
export function aResponder(authority: Authority, profile: 'ocsp-responder' | 'seal-maker' = 'ocsp-responder'): OcspSigner {
  const { privateKey, publicKey } = generateSm2KeyPair();
  const linted = authority.prepare(profile, {
    subject: { organisation: '信印电子认证中心', commonName: '信印 OCSP 应答' },
    publicKey,
    notBefore: NOW,
    notAfter: new Date('2026-12-24T01:02:03Z'),
  });
  return { certificate: authority.sign(linted).der, signer: keySigner(privateKey, publicKey) };
}
