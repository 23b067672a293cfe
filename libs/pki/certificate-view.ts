/** What a certificate says, read for use. It proves nothing: signatures and paths are `verifyChain`'s. */
import type { KeyObject } from 'node:crypto';
import { elements, oidText, only, sequenceOf, TAG, timeOf, unsigned, wholeBits } from './der.js';
import { nameParts, nameText, type NameParts } from './distinguished-name.js';
import { readExtensions, type Extension } from './extensions.js';
import { OID } from './oids.js';
import { KEY_USAGES, type KeyUsage } from './profiles.js';
import { refusal } from './refusal.js';
import { importSpki } from './sm2.js';
import { SIGNATURE_ALGORITHM } from './tbs-certificate.js';

export interface CertificateView {
  readonly der: Buffer;
  readonly tbs: Buffer;
  readonly signature: Buffer;
  /** Lower-case hexadecimal. */
  readonly serial: string;
  readonly issuerDer: Buffer;
  readonly issuerName: string;
  readonly subjectDer: Buffer;
  readonly subject: NameParts;
  readonly subjectName: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly spki: Buffer;
  readonly publicKey: KeyObject;
  readonly keyUsage: readonly KeyUsage[];
  /** Identifiers of what else the key is for; empty where the certificate does not say (RFC 5280, 4.2.1.12). */
  readonly extendedKeyUsage: readonly string[];
  /** Whether its own status need not be asked: an OCSP responder's for its short life (RFC 6960, 4.2.2.2.1). */
  readonly ocspNoCheck: boolean;
  /** Unified social credit code, or null where there is none. */
  readonly uscc: string | null;
  /** Null on end entities; `pathLength` null means no limit. */
  readonly authority: { readonly pathLength: number | null } | null;
  readonly subjectKeyIdentifier: Buffer | null;
  readonly authorityKeyIdentifier: Buffer | null;
  /** Identifiers of critical extensions, so that a verifier can refuse what it does not know. */
  readonly criticalExtensions: readonly string[];
}

function keyUsageOf(extension: Extension | undefined): KeyUsage[] {
  if (!extension) return [];
  const bits = only(extension.value, TAG.bitString).content.subarray(1);
  return KEY_USAGES.filter((_usage, index) => ((bits[index >> 3] ?? 0) & (0x80 >> (index & 7))) !== 0);
}

function extendedKeyUsageOf(extension: Extension | undefined): string[] {
  return extension ? elements(only(extension.value, TAG.sequence).content).map(oidText) : [];
}

function authorityOf(extension: Extension | undefined): CertificateView['authority'] {
  if (!extension) return null;
  const [first, second] = elements(only(extension.value, TAG.sequence).content);
  if (first?.tag !== TAG.boolean || first.content[0] !== 0xff) return null;
  return { pathLength: second ? unsigned(second, 4).readUInt32BE() : null };
}

function authorityKeyOf(extension: Extension | undefined): Buffer | null {
  const first = extension && elements(only(extension.value, TAG.sequence).content).find(({ tag }) => tag === 0x80);
  return first?.content ?? null;
}

/** @throws XinyinError when it is no SM2 certificate of version 3 */
export function parseCertificate(bytes: Uint8Array): CertificateView {
  const der = Buffer.from(bytes);
  const [tbs, algorithm, signature] = sequenceOf(der, [TAG.sequence, TAG.sequence, TAG.bitString]);
  if (!tbs || !signature || !algorithm?.bytes.equals(SIGNATURE_ALGORITHM)) throw refusal('certificate');
  const [version, serial, inner, issuer, validity, subject, spki, ...rest] = elements(tbs.content);
  const [notBefore, notAfter] = elements(validity?.content ?? Buffer.alloc(0));
  if (version?.bytes.toString('hex') !== 'a003020102' || !inner?.bytes.equals(SIGNATURE_ALGORITHM)) throw refusal('certificate');
  if (serial?.tag !== TAG.integer || !issuer || !subject || !spki || !notBefore || !notAfter) throw refusal('certificate');
  const extensions = readExtensions(
    rest.find(({ tag }) => tag === 0xa3),
    'certificate',
  );
  const code = extensions.get(OID.organisationCode);
  const subjectKey = extensions.get(OID.subjectKeyIdentifier);
  return {
    der,
    tbs: tbs.bytes,
    signature: wholeBits(signature),
    serial: serial.content.toString('hex').replace(/^00(?=.)/, ''),
    issuerDer: issuer.bytes,
    issuerName: nameText(issuer.bytes),
    subjectDer: subject.bytes,
    subject: nameParts(subject.bytes),
    subjectName: nameText(subject.bytes),
    notBefore: timeOf(notBefore),
    notAfter: timeOf(notAfter),
    spki: spki.bytes,
    publicKey: importSpki(spki.bytes),
    keyUsage: keyUsageOf(extensions.get(OID.keyUsage)),
    extendedKeyUsage: extendedKeyUsageOf(extensions.get(OID.extendedKeyUsage)),
    ocspNoCheck: extensions.has(OID.ocspNoCheck),
    uscc: code ? (elements(code.value)[0]?.content.toString('utf8') ?? null) : null,
    authority: authorityOf(extensions.get(OID.basicConstraints)),
    subjectKeyIdentifier: subjectKey ? only(subjectKey.value, TAG.octetString).content : null,
    authorityKeyIdentifier: authorityKeyOf(extensions.get(OID.authorityKeyIdentifier)),
    criticalExtensions: [...extensions].filter(([, { critical }]) => critical).map(([type]) => type),
  };
}
