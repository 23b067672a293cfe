/** Writes the to-be-signed part of a certificate (RFC 5280, 4.1.2) as its profile says. It checks nothing: that is the lints' work. */
import { bitString, boolean, explicit, integer, nullValue, octetString, oid, printableString, sequence, tlv, validityTime } from './der.js';
import { OID } from './oids.js';
import { KEY_USAGES, type KeyUsage, type Profile } from './profiles.js';
import { sm3 } from './sm2.js';

/** Where relying parties find revocation lists, the responder and the issuer's certificate. */
export interface IssuerUrls {
  readonly crl: string;
  readonly ocsp: string;
  readonly caIssuers: string;
}

export interface TbsInput {
  readonly profile: Profile;
  readonly serial: Buffer;
  readonly issuerDer: Buffer;
  readonly subjectDer: Buffer;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly spki: Buffer;
  readonly issuerPoint: Buffer;
  readonly urls: IssuerUrls;
  readonly uscc?: string;
}

export const SIGNATURE_ALGORITHM = sequence(oid(OID.sm2WithSm3));
const VERSION_3 = explicit(0, integer(2));
const POINT_LENGTH = 65;

/** Method 1 of RFC 7093 with SM3 for SHA-256: the leftmost 160 bits of the hash of the key's BIT STRING. */
export function keyIdentifier(point: Uint8Array): Buffer {
  return sm3(point).subarray(0, 20);
}

/** BIT STRING of named bits without trailing zeros (X.690, 11.2.2). */
function keyUsageBits(usages: readonly KeyUsage[]): Buffer {
  const bits = usages.reduce((sum, usage) => sum | (0x8000 >> KEY_USAGES.indexOf(usage)), 0);
  const bytes = bits & 0xff ? Buffer.from([bits >> 8, bits & 0xff]) : Buffer.from([bits >> 8]);
  const lowest = bytes[bytes.length - 1] ?? 0;
  return bitString(bytes, Math.log2(lowest & -lowest));
}

function extension(type: string, critical: boolean, value: Buffer): Buffer {
  return critical ? sequence(oid(type), boolean(true), octetString(value)) : sequence(oid(type), octetString(value));
}

const uri = (address: string) => tlv(0x86, Buffer.from(address, 'ascii'));

/** Each extension by its identifier; the profile says which are written, and in which order. */
const WRITERS: Readonly<Record<string, (input: TbsInput) => Buffer>> = {
  [OID.subjectKeyIdentifier]: ({ spki }) =>
    extension(OID.subjectKeyIdentifier, false, octetString(keyIdentifier(spki.subarray(-POINT_LENGTH)))),
  [OID.authorityKeyIdentifier]: ({ issuerPoint }) =>
    extension(OID.authorityKeyIdentifier, false, sequence(tlv(0x80, keyIdentifier(issuerPoint)))),
  [OID.basicConstraints]: ({ profile }) =>
    extension(OID.basicConstraints, true, sequence(boolean(true), integer(profile.authority?.pathLength ?? 0))),
  [OID.keyUsage]: ({ profile }) => extension(OID.keyUsage, true, keyUsageBits(profile.keyUsages)),
  [OID.certificatePolicies]: ({ profile }) => extension(OID.certificatePolicies, false, sequence(sequence(oid(profile.policy ?? '')))),
  [OID.crlDistributionPoints]: ({ urls }) =>
    extension(OID.crlDistributionPoints, false, sequence(sequence(explicit(0, explicit(0, uri(urls.crl)))))),
  [OID.authorityInformationAccess]: ({ urls }) =>
    extension(
      OID.authorityInformationAccess,
      false,
      sequence(sequence(oid(OID.ocsp), uri(urls.ocsp)), sequence(oid(OID.caIssuers), uri(urls.caIssuers))),
    ),
  [OID.extendedKeyUsage]: ({ profile }) =>
    extension(OID.extendedKeyUsage, false, sequence(...profile.extendedKeyUsages.map((usage) => oid(usage)))),
  [OID.ocspNoCheck]: () => extension(OID.ocspNoCheck, false, nullValue()),
  [OID.organisationCode]: ({ uscc }) => extension(OID.organisationCode, false, printableString(uscc ?? '')),
};

export function tbsCertificate(input: TbsInput): Buffer {
  const extensions = input.profile.extensions.flatMap((type) => WRITERS[type]?.(input) ?? []);
  return sequence(
    VERSION_3,
    integer(input.serial),
    SIGNATURE_ALGORITHM,
    input.issuerDer,
    sequence(validityTime(input.notBefore), validityTime(input.notAfter)),
    input.subjectDer,
    input.spki,
    explicit(3, sequence(...extensions)),
  );
}
