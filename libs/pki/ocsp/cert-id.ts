/** How OCSP names a certificate: hashes of its issuer's name and key, and its serial number (RFC 6960, 4.1.1). */
import { createHash } from 'node:crypto';
import type { CertificateView } from '../certificate-view.js';
import { elements, integer, nullValue, octetString, oid, oidText, sequence, sequenceOf, TAG, unsigned } from '../der.js';
import { OID } from '../oids.js';
import { refusal } from '../refusal.js';
import { publicPoint } from '../sm2.js';

const HASHES = { sha1: OID.sha1, sha256: OID.sha256, sm3: OID.sm3 } as const;
export type CertIdHash = keyof typeof HASHES;

export interface CertId {
  /** As the client wrote it: it is given back byte for byte, so that the client finds its question again. */
  readonly der: Buffer;
  /** Null for an algorithm that is not known here: then nobody can say whose certificate is meant. */
  readonly hash: CertIdHash | null;
  readonly issuerNameHash: Buffer;
  readonly issuerKeyHash: Buffer;
  /** Lower-case hexadecimal. */
  readonly serial: string;
}

const malformed = () => refusal('ocsp/certId');

/** RFC 5280, 4.1.2.2, allows 20 octets; a longer number is somebody's, and no reason to call the question malformed. */
const LONGEST_SERIAL = 64;

const hashOf = (name: CertIdHash, bytes: Uint8Array) => createHash(name).update(bytes).digest();

/** Name with tag and length; key without tag, length and unused bits (RFC 6960, 4.1.1). */
function issuerHashes(hash: CertIdHash, { subjectDer, publicKey }: CertificateView) {
  return { name: hashOf(hash, subjectDer), key: hashOf(hash, publicPoint(publicKey)) };
}

export function readCertId(der: Buffer): CertId {
  const [algorithm, name, key, serial] = sequenceOf(der, [TAG.sequence, TAG.octetString, TAG.octetString, TAG.integer]);
  if (!algorithm || !name || !key || !serial || serial.content.length > LONGEST_SERIAL) throw malformed();
  const [type, parameters, ...rest] = elements(algorithm.content);
  // What we sign of a client's bytes must leave it no room for its own: parameters are NULL or absent (RFC 5754, 2).
  if (!type || rest.length > 0 || (parameters && !parameters.bytes.equals(nullValue()))) throw malformed();
  const dotted = oidText(type);
  return {
    der,
    hash: Object.keys(HASHES).find((known): known is CertIdHash => HASHES[known as CertIdHash] === dotted) ?? null,
    issuerNameHash: name.content,
    issuerKeyHash: key.content,
    serial: unsigned(serial, serial.content.length)
      .toString('hex')
      .replace(/^00(?=.)/, ''),
  };
}

export function writeCertId(issuer: CertificateView, serial: string, hash: CertIdHash): Buffer {
  const { name, key } = issuerHashes(hash, issuer);
  return sequence(sequence(oid(HASHES[hash]), nullValue()), octetString(name), octetString(key), integer(Buffer.from(serial, 'hex')));
}

/** Whether the certificate meant is one of this issuer. */
export function isOfIssuer({ hash, issuerNameHash, issuerKeyHash }: CertId, issuer: CertificateView): boolean {
  if (hash === null) return false;
  const { name, key } = issuerHashes(hash, issuer);
  return name.equals(issuerNameHash) && key.equals(issuerKeyHash);
}
