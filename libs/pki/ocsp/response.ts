/** OCSP responses (RFC 6960, 4.2.1): the basic response, signed by a delegated responder, and the refusals, which nobody signs. */
import { createHash } from 'node:crypto';
import { bitString, enumerated, explicit, generalizedTime, octetString, oid, sequence, tlv } from '../der.js';
import { OID } from '../oids.js';
import { REVOCATION_REASONS, type RevocationReason } from '../revocation-reasons.js';
import type { Signer } from '../signer.js';
import { publicPoint } from '../sm2.js';
import { SIGNATURE_ALGORITHM } from '../tbs-certificate.js';
import type { CertId } from './cert-id.js';
import { nonceExtension } from './request.js';

/** OCSPResponseStatus, RFC 6960, 4.2.1. Number 4 is not used. */
export const OCSP_RESPONSE_STATUSES = {
  successful: 0,
  malformedRequest: 1,
  internalError: 2,
  tryLater: 3,
  sigRequired: 5,
  unauthorized: 6,
} as const;
export type OcspResponseStatus = keyof typeof OCSP_RESPONSE_STATUSES;
export type OcspRefusal = Exclude<OcspResponseStatus, 'successful' | 'sigRequired'>;

export type CertificateStatus =
  | { readonly state: 'good' }
  | { readonly state: 'revoked'; readonly at: Date; readonly reason: RevocationReason }
  | { readonly state: 'unknown' };

/** Whoever signs in place of the authority: its key, and the certificate that allows it to. */
export interface OcspSigner {
  /** DER. */
  readonly certificate: Buffer;
  readonly signer: Signer;
}

export interface OcspResponseContent {
  readonly producedAt: Date;
  readonly thisUpdate: Date;
  readonly nextUpdate: Date;
  readonly answers: readonly { readonly certId: CertId; readonly status: CertificateStatus }[];
  readonly nonce: Uint8Array | null;
}

function statusDer(status: CertificateStatus): Buffer {
  if (status.state === 'good') return tlv(0x80);
  if (status.state === 'unknown') return tlv(0x82);
  // RFC 5280, 5.3.1: leave the reason out rather than say "unspecified".
  const reason = status.reason === 'unspecified' ? [] : [explicit(0, enumerated(REVOCATION_REASONS[status.reason]))];
  return tlv(0xa1, generalizedTime(status.at), ...reason);
}

/** RFC 6960, 4.2.1: KeyHash is always SHA-1, over the key without tag, length and unused bits. It finds a key and protects nothing. */
export const responderKeyHash = (point: Uint8Array) => createHash('sha1').update(point).digest();

const envelope = (status: OcspResponseStatus, ...bytes: readonly Buffer[]) =>
  sequence(enumerated(OCSP_RESPONSE_STATUSES[status]), ...bytes);

export function ocspResponse({ certificate, signer }: OcspSigner, content: OcspResponseContent): Buffer {
  const [thisUpdate, nextUpdate] = [generalizedTime(content.thisUpdate), explicit(0, generalizedTime(content.nextUpdate))];
  const data = sequence(
    explicit(2, octetString(responderKeyHash(publicPoint(signer.publicKey)))),
    generalizedTime(content.producedAt),
    sequence(...content.answers.map(({ certId, status }) => sequence(certId.der, statusDer(status), thisUpdate, nextUpdate))),
    ...(content.nonce ? [explicit(1, sequence(nonceExtension(content.nonce)))] : []),
  );
  const basic = sequence(data, SIGNATURE_ALGORITHM, bitString(signer.sign(data)), explicit(0, sequence(certificate)));
  return envelope('successful', explicit(0, sequence(oid(OID.ocspBasic), octetString(basic))));
}

/** RFC 6960, 2.3. */
export const ocspRefusal = (status: OcspRefusal): Buffer => envelope(status);
