/** Makes the signed electronic seal. */
import { fieldError, textProblem, XinyinError } from '#domain';
import { parseCertificate, sm2Verify } from '#pki';
import { write } from './der.js';
import { CERT_LIST_TYPE, SEAL_HEADER, SEAL_TYPE, SEAL_VERSION, SM2_WITH_SM3 } from './structure.js';

export interface SealInput {
  /** Identifies this seal for ever. */
  esId: string;
  /** Identifies its maker. */
  vendorId: string;
  name: string;
  /** The signing certificates of those who may use it, DER. */
  holderCertificates: readonly Buffer[];
  picture: { type: 'PNG'; data: Buffer; widthMm: number; heightMm: number };
  createdAt: Date;
  validFrom: Date;
  validTo: Date;
  makerCertificate: Buffer;
  /** Signs DER(eSealInfo) with the key of the maker's certificate. */
  signAsMaker: (bytes: Buffer) => Buffer;
}

/**
 * A seal of a unit, structure version 4, that lists certificates themselves.
 * @throws XinyinError INPUT_INVALID naming the field; ISSUANCE_MISMATCH when the signer is not the maker
 */
export function makeSeal(input: SealInput): Buffer {
  checkInput(input);
  const info = sealInfo(input);
  const signature = input.signAsMaker(info);
  // A seal that nobody can verify must not leave: the signer may hold another key than the certificate names.
  if (!sm2Verify(parseCertificate(input.makerCertificate).publicKey, info, signature)) throw new XinyinError('ISSUANCE_MISMATCH');
  return write.sequence(info, write.octets(input.makerCertificate), write.oid(SM2_WITH_SM3), write.bits(signature));
}

function sealInfo({ esId, vendorId, name, holderCertificates, picture, createdAt, validFrom, validTo }: SealInput): Buffer {
  const header = write.sequence(write.ia5(SEAL_HEADER), write.integer(SEAL_VERSION), write.ia5(vendorId));
  const property = write.sequence(
    write.integer(SEAL_TYPE.unit),
    write.utf8(name),
    write.integer(CERT_LIST_TYPE.certificates),
    write.sequence(...holderCertificates.map(write.octets)),
    write.time(createdAt),
    write.time(validFrom),
    write.time(validTo),
  );
  const image = write.sequence(
    write.ia5(picture.type),
    write.octets(picture.data),
    write.integer(picture.widthMm),
    write.integer(picture.heightMm),
  );
  return write.sequence(header, write.ia5(esId), property, image);
}

const PNG_SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex');
const VISIBLE_ASCII = /^[\x21-\x7e]{1,64}$/;

function checkInput({ esId, vendorId, name, holderCertificates, picture, validFrom, validTo, makerCertificate }: SealInput): void {
  if (!VISIBLE_ASCII.test(esId)) throw fieldError('seal/esId', 'FIELD_FORMAT');
  if (!VISIBLE_ASCII.test(vendorId)) throw fieldError('seal/vendorId', 'FIELD_FORMAT');
  if (name.trim() === '') throw fieldError('seal/name', 'FIELD_REQUIRED');
  const problem = textProblem(name);
  if (problem) throw fieldError('seal/name', problem);
  if (holderCertificates.length === 0) throw fieldError('seal/holderCertificates', 'FIELD_REQUIRED');
  for (const certificate of holderCertificates) checkCertificate('seal/holderCertificates', certificate);
  checkCertificate('seal/makerCertificate', makerCertificate);
  if (!PNG_SIGNATURE.equals(picture.data.subarray(0, PNG_SIGNATURE.length))) throw fieldError('seal/picture', 'FIELD_FORMAT');
  // The standard gives the size in whole millimetres.
  for (const size of [picture.widthMm, picture.heightMm]) {
    if (!Number.isInteger(size) || size < 1 || size > 100) throw fieldError('seal/picture', 'FIELD_RANGE', { min: 1, max: 100 });
  }
  if (!(validFrom < validTo)) throw fieldError('seal/validTo', 'FIELD_FORMAT');
}

function checkCertificate(field: string, der: Buffer): void {
  try {
    parseCertificate(der);
  } catch {
    throw fieldError(field, 'FIELD_FORMAT');
  }
}
