/** OCSP requests (RFC 6960, 4.1.1), read by the responder and written by its clients. */
import type { CertificateView } from '../certificate-view.js';
import { elements, explicit, octetString, oid, only, sequence, TAG } from '../der.js';
import { readExtensions } from '../extensions.js';
import { OID } from '../oids.js';
import { refusal } from '../refusal.js';
import { readCertId, writeCertId, type CertId, type CertIdHash } from './cert-id.js';

export interface OcspRequest {
  /** At least one. */
  readonly certIds: readonly CertId[];
  readonly nonce: Buffer | null;
}

const VERSION_1 = Buffer.from('a003020100', 'hex');
const CONTEXT = { version: 0xa0, signature: 0xa0, singleExtensions: 0xa0, requestorName: 0xa1, requestExtensions: 0xa2 } as const;
/** RFC 8954, 2.1. */
const LONGEST_NONCE = 32;

const malformed = () => refusal('ocsp/request');

/** @throws XinyinError when the length is not 1 to 32 octets: such a request is refused as malformed (RFC 8954, 2.1) */
export function readNonce(value: Buffer): Buffer {
  const { content } = only(value, TAG.octetString);
  if (content.length < 1 || content.length > LONGEST_NONCE) throw malformed();
  return content;
}

function certIdOf(request: Buffer): CertId {
  const [certId, extensions, ...rest] = elements(only(request, TAG.sequence).content);
  if (!certId || rest.length > 0 || (extensions && extensions.tag !== CONTEXT.singleExtensions)) throw malformed();
  // RFC 6960, 4.4: what is not recognised is ignored, unless it is critical.
  if ([...readExtensions(extensions, 'ocsp/request').values()].some(({ critical }) => critical)) throw malformed();
  return readCertId(certId.bytes);
}

/** @throws XinyinError when it is none. The optional signature is not looked at: anybody may ask. */
export function readOcspRequest(der: Uint8Array): OcspRequest {
  const [tbs, signature, ...more] = elements(only(der, TAG.sequence).content);
  if (tbs?.tag !== TAG.sequence || more.length > 0 || (signature && signature.tag !== CONTEXT.signature)) throw malformed();
  const fields = elements(tbs.content);
  const take = (tag: number) => (fields[0]?.tag === tag ? fields.shift() : undefined);
  const version = take(CONTEXT.version);
  // DER leaves the default out (X.690, 11.5); some clients write it.
  if (version && !version.bytes.equals(VERSION_1)) throw malformed();
  take(CONTEXT.requestorName);
  const list = take(TAG.sequence);
  const extensions = readExtensions(take(CONTEXT.requestExtensions), 'ocsp/request');
  const certIds = list ? elements(list.content).map(({ bytes }) => certIdOf(bytes)) : [];
  if (certIds.length === 0 || fields.length > 0) throw malformed();
  if ([...extensions].some(([type, { critical }]) => critical && type !== OID.ocspNonce)) throw malformed();
  const nonce = extensions.get(OID.ocspNonce);
  return { certIds, nonce: nonce ? readNonce(nonce.value) : null };
}

export const nonceExtension = (nonce: Uint8Array) => sequence(oid(OID.ocspNonce), octetString(octetString(nonce)));

export interface OcspQuestion {
  readonly issuer: CertificateView;
  /** Hexadecimal. */
  readonly serials: readonly string[];
  readonly hash?: CertIdHash;
  readonly nonce?: Uint8Array;
}

export function ocspRequest({ issuer, serials, hash = 'sha1', nonce }: OcspQuestion): Buffer {
  const list = serials.map((serial) => sequence(writeCertId(issuer, serial, hash)));
  return sequence(sequence(sequence(...list), ...(nonce ? [explicit(2, sequence(nonceExtension(nonce)))] : [])));
}
