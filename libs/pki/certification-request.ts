/** PKCS#10 requests (RFC 2986): how a key made on a token reaches the authority together with the proof that the token holds it. */
import type { KeyObject } from 'node:crypto';
import { bitString, elements, explicit, integer, only, sequence, sequenceOf, TAG, wholeBits } from './der.js';
import { nameDer, type SubjectName } from './distinguished-name.js';
import { refusal } from './refusal.js';
import { exportSpki, importSpki, sm2Sign, sm2Verify, type Sm2KeyPair } from './sm2.js';
import { SIGNATURE_ALGORITHM } from './tbs-certificate.js';

export function createCertificationRequest({ subject, privateKey, publicKey }: Sm2KeyPair & { subject: SubjectName }): Buffer {
  // RFC 2986, 4.1: version 0 and an empty set of attributes, which must be written.
  const info = sequence(integer(0), nameDer(subject), exportSpki(publicKey), explicit(0, Buffer.alloc(0)));
  return sequence(info, SIGNATURE_ALGORITHM, bitString(sm2Sign(privateKey, info)));
}

export interface VerifiedRequest {
  readonly publicKey: KeyObject;
  readonly subjectDer: Buffer;
  /** There is no other kind: a request without proof of possession is refused. */
  readonly verified: true;
}

/** @throws XinyinError when it is no SM2 request, or its signature does not prove possession of the key */
export function readCertificationRequest(der: Uint8Array): VerifiedRequest {
  const [info, algorithm, signature] = sequenceOf(der, [TAG.sequence, TAG.sequence, TAG.bitString]);
  if (!info || !signature || !algorithm?.bytes.equals(SIGNATURE_ALGORITHM)) throw refusal('request');
  const [version, subject, spki] = elements(info.content);
  if (version?.tag !== TAG.integer || subject?.tag !== TAG.sequence || !spki) throw refusal('request');
  const publicKey = importSpki(only(spki.bytes, TAG.sequence).bytes);
  if (!sm2Verify(publicKey, info.bytes, wholeBits(signature))) throw refusal('request');
  return { publicKey, subjectDer: Buffer.from(subject.bytes), verified: true };
}
