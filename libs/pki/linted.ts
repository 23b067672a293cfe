/**
 * Certificates that may be signed. A `Linted` value exists only when every lint passed on exactly the bytes it holds: the class stays in
 * this module, so that nobody else can make one, and its bytes cannot be changed from outside.
 */
import { randomBytes, type KeyObject } from 'node:crypto';
import { XinyinError } from '#domain';
import { elements, only, TAG, timeOf } from './der.js';
import { nameDer, nameText, type SubjectName } from './distinguished-name.js';
import { failedLints, type IssuerFacts } from './lints/index.js';
import { PROFILES, type ProfileName } from './profiles.js';
import { refusal } from './refusal.js';
import { exportSpki, publicPoint } from './sm2.js';
import { tbsCertificate, type IssuerUrls } from './tbs-certificate.js';

/** What a certificate is asked to say. The profile says the rest. */
export interface CertificateRequest {
  readonly subject: SubjectName;
  readonly publicKey: KeyObject;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** Unified social credit code; organisations only. */
  readonly uscc?: string;
  /** The other key of the pair, which must be another key. */
  readonly pairedPublicKey?: KeyObject;
}

/** Who is going to sign, and what it writes about itself. `facts` is null for a root that signs itself. */
export interface Issuer {
  readonly kind: 'self' | 'root' | 'issuing-ca';
  readonly facts: IssuerFacts | null;
  readonly urls: IssuerUrls;
}

class LintedCertificate {
  readonly #tbs: Buffer;
  readonly serial: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly subjectName: string;
  readonly publicPoint: Buffer;

  constructor(
    tbs: Buffer,
    readonly profile: ProfileName,
    /** Point of the key that has to sign. */
    readonly issuerPoint: Buffer,
  ) {
    this.#tbs = Buffer.from(tbs);
    const [, serial, , , validity, subject, spki] = elements(only(this.#tbs, TAG.sequence).content);
    const [notBefore, notAfter] = elements(validity?.content ?? Buffer.alloc(0));
    if (!serial || !subject || !notBefore || !notAfter || !spki) throw refusal('tbs');
    this.serial = serial.content.toString('hex').replace(/^00(?=.)/, '');
    this.notBefore = timeOf(notBefore);
    this.notAfter = timeOf(notAfter);
    this.subjectName = nameText(subject.bytes);
    this.publicPoint = Buffer.from(spki.content.subarray(-65));
  }

  /** To be stored before signing, so that a retry signs the same certificate under the same serial number. */
  get tbs(): Buffer {
    return Buffer.from(this.#tbs);
  }

  static isLinted(value: unknown): value is LintedCertificate {
    return typeof value === 'object' && value !== null && #tbs in value;
  }
}

export type Linted = LintedCertificate;
export const isLinted = (value: unknown): value is Linted => LintedCertificate.isLinted(value);

/** 126 random bits in 16 bytes: the first two bits are 01, so that the number is positive and always as long. */
function randomSerial(): Buffer {
  const serial = randomBytes(16);
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40;
  return serial;
}

/** Builds and lints. Called twice for the same request it makes two different certificates: store the TBS, and use `lintTbs` for the retry. */
export function prepare(issuer: Issuer, profileName: ProfileName, request: CertificateRequest): Linted {
  const profile = PROFILES[profileName];
  const subjectDer = nameDer(request.subject);
  const spki = exportSpki(request.publicKey);
  const tbs = tbsCertificate({
    profile,
    serial: randomSerial(),
    issuerDer: issuer.facts?.subjectDer ?? subjectDer,
    subjectDer,
    notBefore: request.notBefore,
    notAfter: request.notAfter,
    spki,
    issuerPoint: issuer.facts?.point ?? publicPoint(request.publicKey),
    urls: issuer.urls,
    uscc: request.uscc,
  });
  return lintTbs(issuer, profileName, tbs, request.pairedPublicKey);
}

/** Lints bytes that were stored earlier. @throws XinyinError CERTIFICATE_LINT, whose params name the failed lints */
export function lintTbs(issuer: Issuer, profileName: ProfileName, tbs: Buffer, pairedPublicKey?: KeyObject): Linted {
  const profile = PROFILES[profileName];
  // Not a lint: the bytes may be fine, but this authority is not the one to sign them.
  if (profile.issuer !== issuer.kind) throw new XinyinError('CERTIFICATE_LINT', { params: { failed: 'profile-issuer' } });
  const bytes = Buffer.from(tbs);
  const pairedPoint = pairedPublicKey && publicPoint(pairedPublicKey);
  const failed = failedLints(bytes, { profile, issuer: issuer.facts, pairedPoint });
  if (failed.length > 0) throw new XinyinError('CERTIFICATE_LINT', { params: { failed: failed.join(' ') } });
  const [, , , , , , spki] = elements(only(bytes, TAG.sequence).content);
  return new LintedCertificate(bytes, profileName, issuer.facts?.point ?? Buffer.from(spki?.content.subarray(-65) ?? []));
}
