/** What a certificate says, read for use. It proves nothing: signatures and paths are `verifyChain`'s. */
import type { KeyObject } from 'node:crypto';
import { elements, oidText, only, sequenceOf, TAG, timeOf, unsigned, wholeBits, type Element } from './der.js';
import { nameParts, nameText, type NameParts } from './distinguished-name.js';
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
  /** Unified social credit code, or null where there is none. */
  readonly uscc: string | null;
  /** Null on end entities; `pathLength` null means no limit. */
  readonly authority: { readonly pathLength: number | null } | null;
  readonly subjectKeyIdentifier: Buffer | null;
  readonly authorityKeyIdentifier: Buffer | null;
  /** Identifiers of critical extensions, so that a verifier can refuse what it does not know. */
  readonly criticalExtensions: readonly string[];
}

interface Extension {
  readonly critical: boolean;
  readonly value: Buffer;
}

function extensionsOf(list: Element | undefined): Map<string, Extension> {
  const found = new Map<string, Extension>();
  for (const item of list ? elements(only(list.content, TAG.sequence).content) : []) {
    const [type, second, third] = elements(item.content);
    const value = third ?? second;
    if (!type || value?.tag !== TAG.octetString) throw refusal('certificate');
    const name = oidText(type);
    // RFC 5280, 4.2: never twice; two readers could each believe another one.
    if (found.has(name)) throw refusal('certificate');
    found.set(name, { critical: third !== undefined && second?.content[0] === 0xff, value: value.content });
  }
  return found;
}

function keyUsageOf(extension: Extension | undefined): KeyUsage[] {
  if (!extension) return [];
  const bits = only(extension.value, TAG.bitString).content.subarray(1);
  return KEY_USAGES.filter((_usage, index) => ((bits[index >> 3] ?? 0) & (0x80 >> (index & 7))) !== 0);
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
  const extensions = extensionsOf(rest.find(({ tag }) => tag === 0xa3));
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
    uscc: code ? (elements(code.value)[0]?.content.toString('utf8') ?? null) : null,
    authority: authorityOf(extensions.get(OID.basicConstraints)),
    subjectKeyIdentifier: subjectKey ? only(subjectKey.value, TAG.octetString).content : null,
    authorityKeyIdentifier: authorityKeyOf(extensions.get(OID.authorityKeyIdentifier)),
    criticalExtensions: [...extensions].filter(([, { critical }]) => critical).map(([type]) => type),
  };
}
