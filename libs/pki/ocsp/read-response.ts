/** A client's reading of an OCSP response: what it says counts only after the checks of RFC 6960, 3.2. */
import { parseCertificate, type CertificateView } from '../certificate-view.js';
import { elements, oidText, only, sequenceOf, TAG, timeOf, wholeBits, type Element } from '../der.js';
import { readExtensions } from '../extensions.js';
import { OID } from '../oids.js';
import { refusal } from '../refusal.js';
import { reasonOfCode } from '../revocation-reasons.js';
import { publicPoint, sm2Verify } from '../sm2.js';
import { SIGNATURE_ALGORITHM } from '../tbs-certificate.js';
import { isOfIssuer, readCertId } from './cert-id.js';
import { readNonce } from './request.js';
import { assertMayRespond } from './responder-certificate.js';
import { OCSP_RESPONSE_STATUSES, responderKeyHash, type CertificateStatus, type OcspResponseStatus } from './response.js';

export interface OcspExpectation {
  /** The authority that issued the certificate asked about; the caller trusts it already. */
  readonly issuer: Uint8Array;
  /** Serial number of the certificate asked about, hexadecimal. */
  readonly serial: string;
  readonly at: Date;
  /** That of the request: then the response must bear the same. */
  readonly nonce?: Uint8Array;
}

export type OcspReading =
  | { readonly responseStatus: Exclude<OcspResponseStatus, 'successful'> }
  | {
      readonly responseStatus: 'successful';
      readonly status: CertificateStatus;
      readonly producedAt: Date;
      readonly thisUpdate: Date;
      readonly nextUpdate: Date;
      readonly nonce: Buffer | null;
      readonly responder: CertificateView;
    };

/** How far our clock may be behind the responder's. */
const CLOCK_TOLERANCE_MS = 5 * 60_000;
const malformed = () => refusal('ocsp/response');

function generalized(element: Element | undefined): Date {
  if (element?.tag !== TAG.generalizedTime) throw malformed();
  return timeOf(element);
}

function responseStatusOf(element: Element | undefined): OcspResponseStatus {
  const code = element?.tag === TAG.enumerated && element.content.length === 1 ? element.content[0] : undefined;
  const statuses = Object.keys(OCSP_RESPONSE_STATUSES) as OcspResponseStatus[];
  const found = statuses.find((name) => OCSP_RESPONSE_STATUSES[name] === code);
  if (!found) throw malformed();
  return found;
}

function statusOf(element: Element | undefined): CertificateStatus {
  if (element?.tag === 0x80 && element.content.length === 0) return { state: 'good' };
  if (element?.tag === 0x82 && element.content.length === 0) return { state: 'unknown' };
  if (element?.tag !== 0xa1) throw malformed();
  const [time, reason] = elements(element.content);
  const code = reason && only(reason.content, TAG.enumerated).content[0];
  return { state: 'revoked', at: generalized(time), reason: reasonOfCode(code ?? 0) };
}

interface SingleResponse {
  readonly status: CertificateStatus;
  readonly thisUpdate: Date;
  readonly nextUpdate: Date;
}

/** RFC 6960, 3.2 (1): the answer about the certificate that was asked about. */
function answerAbout(list: Element, issuer: CertificateView, serial: string): SingleResponse {
  for (const single of elements(list.content)) {
    const [id, status, thisUpdate, nextUpdate] = elements(single.content);
    if (!id) throw malformed();
    const certId = readCertId(id.bytes);
    if (certId.serial !== serial.toLowerCase() || !isOfIssuer(certId, issuer)) continue;
    // RFC 5019, 2.2.4: always there; a response without end could be shown for ever.
    if (nextUpdate?.tag !== 0xa0) throw refusal('ocsp/nextUpdate');
    const [end] = elements(nextUpdate.content);
    return { status: statusOf(status), thisUpdate: generalized(thisUpdate), nextUpdate: generalized(end) };
  }
  throw refusal('ocsp/certId');
}

/** RFC 6960, 3.2 (2) to (4): signed by the responder that it names, which the issuer has authorised. */
function signerOf(responderId: Element, certificates: Element | undefined, issuer: CertificateView, at: Date): CertificateView {
  const list = certificates ? elements(only(certificates.content, TAG.sequence).content) : [];
  const candidates = [issuer, ...list.map(({ bytes }) => parseCertificate(bytes))];
  const named = candidates.find(({ publicKey, subjectDer }) =>
    responderId.tag === 0xa2
      ? only(responderId.content, TAG.octetString).content.equals(responderKeyHash(publicPoint(publicKey)))
      : responderId.tag === 0xa1 && responderId.content.equals(subjectDer),
  );
  if (!named) throw refusal('ocsp/responder/unnamed');
  // The authority itself needs nobody's leave.
  if (named !== issuer) assertMayRespond(named, issuer, at);
  return named;
}

interface ResponseData {
  readonly responderId: Element;
  readonly producedAt: Date;
  readonly list: Element;
  readonly nonce: Buffer | null;
}

function responseData(data: Element): ResponseData {
  const fields = elements(data.content);
  // Version 1 is the default; another one is not known here.
  const [responderId, producedAt, list, extensions] = fields;
  if (!responderId || list?.tag !== TAG.sequence || (extensions && extensions.tag !== 0xa1)) throw malformed();
  const nonce = readExtensions(extensions, 'ocsp/response').get(OID.ocspNonce);
  return { responderId, producedAt: generalized(producedAt), list, nonce: nonce ? readNonce(nonce.value) : null };
}

function basicResponse(bytes: Element | undefined): Element[] {
  if (bytes?.tag !== 0xa0) throw malformed();
  const [type, response] = sequenceOf(bytes.content, [TAG.oid, TAG.octetString]);
  if (!type || oidText(type) !== OID.ocspBasic || !response) throw malformed();
  return elements(only(response.content, TAG.sequence).content);
}

/** @throws XinyinError whose field says which check failed; a refusal by the responder is returned, since nobody signs it */
export function readOcspResponse(der: Uint8Array, { issuer: issuerDer, serial, at, nonce }: OcspExpectation): OcspReading {
  const [outerStatus, bytes] = elements(only(der, TAG.sequence).content);
  const responseStatus = responseStatusOf(outerStatus);
  if (responseStatus !== 'successful') return { responseStatus };
  const [data, algorithm, signature, certificates] = basicResponse(bytes);
  if (data?.tag !== TAG.sequence || !algorithm?.bytes.equals(SIGNATURE_ALGORITHM) || !signature) throw malformed();
  const issuer = parseCertificate(issuerDer);
  const { responderId, producedAt, list, nonce: echoed } = responseData(data);
  const responder = signerOf(responderId, certificates, issuer, at);
  if (!sm2Verify(responder.publicKey, data.bytes, wholeBits(signature))) throw refusal('ocsp/signature');
  if (nonce && !echoed?.equals(nonce)) throw refusal('ocsp/nonce');
  const answer = answerAbout(list, issuer, serial);
  // RFC 6960, 3.2 (5) and (6).
  if (answer.thisUpdate.getTime() > at.getTime() + CLOCK_TOLERANCE_MS) throw refusal('ocsp/thisUpdate');
  if (answer.nextUpdate <= at) throw refusal('ocsp/nextUpdate');
  return { responseStatus, ...answer, producedAt, nonce: echoed, responder };
}
