/** The one place where a certificate is signed. */
import type { KeyObject } from 'node:crypto';
import { XinyinError } from '#domain';
import { bitString, elements, only, sequence, TAG, wholeBits } from './der.js';
import { isLinted, type Linted } from './linted.js';
import { toPem } from './pem.js';
import type { Signer } from './signer.js';
import { publicPoint, sm2Verify } from './sm2.js';
import { SIGNATURE_ALGORITHM } from './tbs-certificate.js';

export interface IssuedCertificate {
  readonly der: Buffer;
  readonly pem: string;
  /** Lower-case hexadecimal. */
  readonly serial: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly subjectName: string;
}

const mismatch = () => new XinyinError('ISSUANCE_MISMATCH');

export function issue(linted: Linted, signer: Signer): IssuedCertificate {
  // The type says so already; a value from code that was not type-checked must not get through either.
  if (!isLinted(linted)) throw mismatch();
  if (!publicPoint(signer.publicKey).equals(linted.issuerPoint)) throw mismatch();
  const der = sequence(linted.tbs, SIGNATURE_ALGORITHM, bitString(signer.sign(linted.tbs)));
  proveSigned(der, linted, signer.publicKey);
  const { serial, notBefore, notAfter, subjectName } = linted;
  return { der, pem: toPem('CERTIFICATE', der), serial, notBefore, notAfter, subjectName };
}

/** Reads the certificate back: the signed bytes must be the linted ones, and the signature must hold under the issuer's key. */
function proveSigned(der: Buffer, linted: Linted, issuerKey: KeyObject): void {
  const [tbs, , signature] = elements(only(der, TAG.sequence).content);
  if (!tbs || !signature || !tbs.bytes.equals(linted.tbs)) throw mismatch();
  if (!sm2Verify(issuerKey, tbs.bytes, wholeBits(signature))) throw mismatch();
}

/** A signed list or certificate in the outer form that RFC 5280 gives both, for what is not a certificate. */
export function signedList(tbs: Buffer, signer: Signer): Buffer {
  const signature = signer.sign(tbs);
  if (!sm2Verify(signer.publicKey, tbs, signature)) throw mismatch();
  return sequence(tbs, SIGNATURE_ALGORITHM, bitString(signature));
}
