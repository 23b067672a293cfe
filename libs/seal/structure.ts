/** SESeal of GB/T 38540, structure version 4: its fields, and how they are read. The layout was checked against public verifiers. */
import { FieldReader, malformedSeal } from './der.js';
import { readBits, readBoolean, readIa5, readNumber, readOctets, readOid, readPrintable, readTime, readUtf8 } from './values.js';

/** SM2 signature over SM3, GM/T 0006. */
export const SM2_WITH_SM3 = '1.2.156.10197.1.501';
export const SEAL_HEADER = 'ES';
export const SEAL_VERSION = 4;
export const SEAL_TYPE = { unit: 1, person: 2 } as const;
export const CERT_LIST_TYPE = { certificates: 1, digests: 2 } as const;

export interface SealExtension {
  readonly oid: string;
  readonly critical: boolean;
  readonly value: Buffer;
}

/** Who may use the seal: certificates themselves, or their digests. */
export type SealHolders =
  | { readonly kind: 'certificates'; readonly certificates: readonly Buffer[] }
  | { readonly kind: 'digests'; readonly digests: readonly { readonly type: string; readonly value: Buffer }[] };

export interface SealInfo {
  readonly vendorId: string;
  readonly esId: string;
  readonly type: keyof typeof SEAL_TYPE;
  readonly name: string;
  readonly holders: SealHolders;
  readonly createdAt: Date;
  readonly validFrom: Date;
  readonly validTo: Date;
  readonly picture: { readonly type: string; readonly data: Buffer; readonly widthMm: number; readonly heightMm: number };
  readonly extensions: readonly SealExtension[];
}

export interface SealView extends SealInfo {
  readonly version: typeof SEAL_VERSION;
  readonly makerCertificate: Buffer;
  readonly signatureAlgorithm: typeof SM2_WITH_SM3;
  readonly signature: Buffer;
  /** DER(eSealInfo), the bytes under the signature. */
  readonly signedBytes: Buffer;
}

/**
 * All fields of a seal.
 * @throws XinyinError INPUT_INVALID when the bytes are not exactly one SESeal of version 4 in DER
 */
export function readSeal(der: Uint8Array): SealView {
  const outer = new FieldReader(Buffer.from(der));
  const seal = outer.sequence((fields) => {
    const { value: info, bytes: signedBytes } = fields.sequenceBytes(readInfo);
    const makerCertificate = readOctets(fields);
    if (readOid(fields) !== SM2_WITH_SM3) throw malformedSeal();
    const signature = readBits(fields);
    const version: typeof SEAL_VERSION = SEAL_VERSION;
    const signatureAlgorithm: typeof SM2_WITH_SM3 = SM2_WITH_SM3;
    return { ...info, version, makerCertificate, signatureAlgorithm, signature, signedBytes };
  });
  outer.end();
  return seal;
}

function readInfo(fields: FieldReader): SealInfo {
  const vendorId = fields.sequence(readHeader);
  const esId = readIa5(fields);
  const property = fields.sequence(readProperty);
  const picture = fields.sequence(readPicture);
  const extensions = fields.more ? fields.list(readExtension) : [];
  return { vendorId, esId, ...property, picture, extensions };
}

function readHeader(fields: FieldReader): string {
  if (readIa5(fields) !== SEAL_HEADER || readNumber(fields) !== SEAL_VERSION) throw malformedSeal();
  return readIa5(fields);
}

function readProperty(fields: FieldReader) {
  const type = keyOf(SEAL_TYPE, readNumber(fields));
  const name = readUtf8(fields);
  const holders = readHolders(fields, keyOf(CERT_LIST_TYPE, readNumber(fields)));
  return { type, name, holders, createdAt: readTime(fields), validFrom: readTime(fields), validTo: readTime(fields) };
}

function readHolders(fields: FieldReader, kind: keyof typeof CERT_LIST_TYPE): SealHolders {
  if (kind === 'certificates') return { kind, certificates: fields.list(readOctets) };
  return { kind, digests: fields.list((list) => list.sequence((item) => ({ type: readPrintable(item), value: readOctets(item) }))) };
}

function readPicture(fields: FieldReader): SealInfo['picture'] {
  return { type: readIa5(fields), data: readOctets(fields), widthMm: readNumber(fields), heightMm: readNumber(fields) };
}

function readExtension(list: FieldReader): SealExtension {
  return list.sequence((fields) => ({ oid: readOid(fields), critical: readBoolean(fields), value: readOctets(fields) }));
}

function keyOf<Key extends string>(table: Readonly<Record<Key, number>>, value: number): Key {
  for (const key in table) if (table[key] === value) return key;
  throw malformedSeal();
}
