/** Judges a seal: everything that speaks against it, not only the first thing. */
import { XinyinError } from '#domain';
import { parseCertificate, sm2Verify, sm3, type CertificateView } from '#pki';
import { readSeal, type SealView } from './structure.js';

export type SealProblem =
  /** Not exactly one SESeal of version 4 in DER. */
  | 'structure'
  /** The maker's certificate cannot be read, or did not hold when the seal was made. */
  | 'maker-certificate'
  /** Made by somebody else than the one trusted. */
  | 'maker-untrusted'
  /** The maker did not sign these bytes. */
  | 'signature'
  | 'not-yet-valid'
  | 'expired'
  /** Nobody, or somebody unreadable, is allowed to use it. */
  | 'holders'
  | 'holder-not-listed';

export interface SealVerdict {
  readonly valid: boolean;
  readonly problems: readonly SealProblem[];
  /** What could be read, whatever is wrong with it; null when the structure is none. */
  readonly seal: SealView | null;
}

export interface SealExpectation {
  at: Date;
  /** The only maker's certificate to accept, DER. Without it the signature is checked against whatever maker the seal names. */
  trustedMaker?: Buffer;
  /** A certificate that must be among those allowed to use the seal. */
  holder?: Buffer;
}

/** Never throws for anything that the bytes can contain. */
export function verifySeal(der: Uint8Array, expected: SealExpectation): SealVerdict {
  const seal = orNull(() => readSeal(der));
  if (!seal) return { valid: false, problems: ['structure'], seal: null };
  const problems = [
    ...makerProblems(seal, expected.trustedMaker),
    ...periodProblems(seal, expected.at),
    ...holderProblems(seal, expected.holder),
  ];
  return { valid: problems.length === 0, problems, seal };
}

function makerProblems(seal: SealView, trustedMaker: Buffer | undefined): SealProblem[] {
  const problems: SealProblem[] = trustedMaker && !trustedMaker.equals(seal.makerCertificate) ? ['maker-untrusted'] : [];
  const maker = orNull(() => parseCertificate(seal.makerCertificate));
  if (!maker) return [...problems, 'maker-certificate'];
  if (!heldAt(maker, seal.createdAt)) problems.push('maker-certificate');
  if (!signedBy(maker, seal)) problems.push('signature');
  return problems;
}

/** RFC 5280, 4.1.2.5: both ends count in. */
const heldAt = ({ notBefore, notAfter }: CertificateView, at: Date) => notBefore <= at && at <= notAfter;

function signedBy(maker: CertificateView, seal: SealView): boolean {
  try {
    return sm2Verify(maker.publicKey, seal.signedBytes, seal.signature);
  } catch {
    // OpenSSL throws for some signatures that are no DER at all.
    return false;
  }
}

function periodProblems({ validFrom, validTo }: SealView, at: Date): SealProblem[] {
  return [...(at < validFrom ? (['not-yet-valid'] as const) : []), ...(at > validTo ? (['expired'] as const) : [])];
}

function holderProblems({ holders }: SealView, holder: Buffer | undefined): SealProblem[] {
  const listed = holders.kind === 'certificates' ? holders.certificates : holders.digests.map(({ value }) => value);
  if (listed.length === 0) return ['holders'];
  if (holders.kind === 'certificates' && listed.some((each) => !orNull(() => parseCertificate(each)))) return ['holders'];
  if (!holder) return [];
  const wanted = holders.kind === 'certificates' ? holder : sm3(holder);
  return listed.some((each) => each.equals(wanted)) ? [] : ['holder-not-listed'];
}

function orNull<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof XinyinError) return null;
    throw error;
  }
}
