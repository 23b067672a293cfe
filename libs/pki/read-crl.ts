/** Reads a revocation list with pkijs, for whoever publishes it: our own builder is not asked what it built. */
import { Integer } from 'asn1js';
import { OID } from './oids.js';
import { refusal } from './refusal.js';

export interface RevocationListView {
  /** cRLNumber, RFC 5280, 5.2.3. */
  number: number;
  thisUpdate: Date;
  nextUpdate: Date;
  /** Hexadecimal, lower case. */
  revokedSerials: string[];
}

/** @throws XinyinError when the bytes are no version 2 list with a number */
export async function readRevocationList(der: Uint8Array): Promise<RevocationListView> {
  // Half a megabyte of library for a start and a test: loaded when it is needed.
  const { CertificateRevocationList } = await import('pkijs');
  const list = CertificateRevocationList.fromBER(new Uint8Array(der).buffer);
  const number: unknown = list.crlExtensions?.extensions.find(({ extnID }) => extnID === OID.crlNumber)?.parsedValue;
  if (!(number instanceof Integer) || !list.nextUpdate) throw refusal('crl');
  return {
    number: number.valueBlock.valueDec,
    thisUpdate: list.thisUpdate.value,
    nextUpdate: list.nextUpdate.value,
    revokedSerials: (list.revokedCertificates ?? []).map(({ userCertificate }) =>
      Buffer.from(userCertificate.valueBlock.valueHexView).toString('hex'),
    ),
  };
}
