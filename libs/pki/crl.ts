/** Certificate revocation lists, version 2 (RFC 5280, 5). */
import { elements, enumerated, explicit, integer, octetString, oid, only, sequence, TAG, timeOf, tlv, validityTime } from './der.js';
import { signedList } from './issue.js';
import type { IssuerFacts } from './lints/index.js';
import { OID } from './oids.js';
import { refusal } from './refusal.js';
import { REVOCATION_REASONS, type RevocationReason } from './revocation-reasons.js';
import type { Signer } from './signer.js';
import { SIGNATURE_ALGORITHM } from './tbs-certificate.js';

export interface RevokedCertificate {
  /** Hexadecimal. */
  readonly serial: string;
  readonly date: Date;
  readonly reason: RevocationReason;
}

export interface CrlContent {
  /** Greater than that of every list before (RFC 5280, 5.2.3). */
  readonly number: number;
  readonly thisUpdate: Date;
  readonly nextUpdate: Date;
  readonly revoked: readonly RevokedCertificate[];
}

function entry({ serial, date, reason }: RevokedCertificate): Buffer {
  if (!/^([0-9a-f]{2}){1,20}$/i.test(serial)) throw refusal('revoked/serial');
  const head = [integer(Buffer.from(serial, 'hex')), validityTime(date)];
  // RFC 5280, 5.3.1: leave the extension out rather than say "unspecified".
  if (reason === 'unspecified') return sequence(...head);
  const code = sequence(oid(OID.reasonCode), octetString(enumerated(REVOCATION_REASONS[reason])));
  return sequence(...head, sequence(code));
}

export function revocationList(issuer: IssuerFacts, signer: Signer, content: CrlContent): Buffer {
  if (!Number.isSafeInteger(content.number) || content.number < 0) throw refusal('number');
  if (content.nextUpdate <= content.thisUpdate) throw refusal('nextUpdate');
  const extensions = [
    sequence(oid(OID.authorityKeyIdentifier), octetString(sequence(tlv(0x80, issuer.keyIdentifier)))),
    sequence(oid(OID.crlNumber), octetString(integer(content.number))),
  ];
  const tbs = sequence(
    integer(1),
    SIGNATURE_ALGORITHM,
    issuer.subjectDer,
    validityTime(content.thisUpdate),
    validityTime(content.nextUpdate),
    // RFC 5280, 5.1.2.6: absent, not empty, when nothing is revoked.
    ...(content.revoked.length > 0 ? [sequence(...content.revoked.map(entry))] : []),
    explicit(0, sequence(...extensions)),
  );
  return signedList(tbs, signer);
}

export function thisUpdateOf(crl: Uint8Array): Date {
  const [tbs] = elements(only(crl, TAG.sequence).content);
  const thisUpdate = tbs && elements(tbs.content)[3];
  if (!thisUpdate) throw refusal('crl');
  return timeOf(thisUpdate);
}
