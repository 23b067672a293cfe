/**
 * Makes an authority in its folder, or finds the one that is there: root, issuing CA, seal maker, master key of the KMC. Each step looks
 * whether it was done, so that a ceremony cut short goes on where it stopped; a folder that lost a key it once had is refused.
 */
import { randomBytes } from 'node:crypto';
import { parseCertificate, type CertificateView } from './certificate-view.js';
import { verifyChain } from './chain.js';
import { revocationList, thisUpdateOf } from './crl.js';
import type { SubjectName } from './distinguished-name.js';
import { issue } from './issue.js';
import { prepare, type CertificateRequest, type Issuer } from './linted.js';
import type { IssuerFacts } from './lints/index.js';
import { longestFrom, PROFILES } from './profiles.js';
import { refusal } from './refusal.js';
import { keySigner, type Signer } from './signer.js';
import { generateSm2KeyPair, privateKeyFromScalar, privateScalar, publicKeyFromPoint, publicPoint, type Sm2KeyPair } from './sm2.js';
import type { IssuerUrls } from './tbs-certificate.js';
import type { Vault } from './vault.js';

type Role = 'root' | 'issuing-ca' | 'seal-maker';

/** Names of the authority's own certificates, unless the operator gives others. */
export const AUTHORITY_NAMES: Readonly<Record<Role, SubjectName>> = {
  root: { organisation: '信印电子认证中心', commonName: '信印根证书 R1' },
  'issuing-ca': { organisation: '信印电子认证中心', commonName: '信印机构证书签发 CA 1' },
  'seal-maker': { organisation: '信印电子认证中心', commonName: '信印电子印章制作者' },
};

export interface CeremonyInput {
  readonly urls: IssuerUrls;
  readonly names: Readonly<Record<Role, SubjectName>>;
  readonly now: Date;
}

export interface Established {
  readonly root: CertificateView;
  readonly issuingCa: CertificateView;
  readonly sealMaker: CertificateView;
  readonly issuingSigner: Signer;
  readonly sealMakerSigner: Signer;
  readonly kmcMasterKey: Buffer;
  readonly rootCrl: Buffer;
}

const KMC_KEY = 'kmc-master.key';
const ROOT_CRL = 'root.crl';
const ROOT_CRL_DAYS = 400;
const ROOT_CRL_RENEWED_AFTER_DAYS = 30;
const DAY = 86_400_000;
const keyFile = (role: Role) => `${role}.key`;
const DEPENDANTS: Readonly<Record<Role, readonly Role[]>> = {
  root: ['root', 'issuing-ca', 'seal-maker'],
  'issuing-ca': ['issuing-ca', 'seal-maker'],
  'seal-maker': ['seal-maker'],
};
export const certificateFile = (role: Role) => `${role}.cer`;

export function issuerFactsOf({ subjectDer, subjectKeyIdentifier, publicKey, notBefore, notAfter }: CertificateView): IssuerFacts {
  if (!subjectKeyIdentifier) throw refusal('certificate');
  return { subjectDer, keyIdentifier: subjectKeyIdentifier, point: publicPoint(publicKey), notBefore, notAfter };
}

/** Root and issuing CA each have a list and a certificate to publish: the root's stand beside the issuing CA's as `root.crl`, `root.cer`. */
export function rootUrls(urls: IssuerUrls): IssuerUrls {
  return { ...urls, crl: new URL('root.crl', urls.crl).href, caIssuers: new URL('root.cer', urls.caIssuers).href };
}

/** The secret of that name, made if the authority is only now being made. */
async function secret(vault: Vault, name: string, madeBy: () => Buffer, mustExist: boolean): Promise<Buffer> {
  if (!(await vault.readSecret(name))) {
    // A new key would orphan everything that was made under the lost one.
    if (mustExist) throw refusal(`folder/${name}`);
    await vault.writeSecretOnce(name, madeBy());
  }
  const found = await vault.readSecret(name);
  if (!found) throw refusal(`folder/${name}`);
  return found;
}

/** Whether anything on file was made after that key, and would be orphaned by another. */
async function isDependedOn(vault: Vault, role: Role): Promise<boolean> {
  const files = await Promise.all(DEPENDANTS[role].map((dependant) => vault.read(certificateFile(dependant))));
  return files.some((file) => file !== null);
}

async function keyPair(vault: Vault, role: Role): Promise<Sm2KeyPair> {
  const fresh = () => privateScalar(generateSm2KeyPair().privateKey);
  const scalar = await secret(vault, keyFile(role), fresh, await isDependedOn(vault, role));
  const privateKey = privateKeyFromScalar(scalar);
  scalar.fill(0);
  return { privateKey, publicKey: publicKeyFromPoint(publicPoint(privateKey)) };
}

/** Loads the root key for one act and lets it go. */
async function withRoot<T>(vault: Vault, act: (signer: Signer) => T): Promise<T> {
  const { privateKey, publicKey } = await keyPair(vault, 'root');
  return act(keySigner(privateKey, publicKey));
}

function requestFor(role: Role, input: CeremonyInput, publicKey: Sm2KeyPair['publicKey']): CertificateRequest {
  const notAfter = longestFrom(input.now, PROFILES[role].validity);
  return { subject: input.names[role], publicKey, notBefore: input.now, notAfter };
}

/** The certificate on file, made by `make` when there is none. */
async function certificate(vault: Vault, role: Role, make: () => Promise<Buffer>): Promise<CertificateView> {
  const name = certificateFile(role);
  if (!(await vault.read(name))) await vault.writeOnce(name, await make());
  const der = await vault.read(name);
  if (!der) throw refusal(`folder/${name}`);
  return parseCertificate(der);
}

function issueFor(role: Role, issuer: Issuer, input: CeremonyInput, publicKey: Sm2KeyPair['publicKey'], signer: Signer): Buffer {
  return issue(prepare(issuer, role, requestFor(role, input, publicKey)), signer).der;
}

function assertFits({ publicKey }: CertificateView, pair: Sm2KeyPair, role: Role): void {
  if (!publicPoint(publicKey).equals(publicPoint(pair.publicKey))) throw refusal(`folder/${certificateFile(role)}`);
}

/** Made at each start that finds it older than a month: only then is the passphrase at hand, and the root key must not wait in memory. */
async function currentRootCrl(vault: Vault, root: CertificateView, now: Date): Promise<Buffer> {
  const kept = await vault.read(ROOT_CRL);
  if (kept && now.getTime() - thisUpdateOf(kept).getTime() < ROOT_CRL_RENEWED_AFTER_DAYS * DAY) return kept;
  const nextUpdate = new Date(now.getTime() + ROOT_CRL_DAYS * DAY);
  const content = { number: Math.floor(now.getTime() / 1000), thisUpdate: now, nextUpdate, revoked: [] };
  const list = await withRoot(vault, (signer) => revocationList(issuerFactsOf(root), signer, content));
  await vault.replace(ROOT_CRL, list);
  return list;
}

export async function establish(vault: Vault, input: CeremonyInput): Promise<Established> {
  const self: Issuer = { kind: 'self', facts: null, urls: input.urls };
  const root = await certificate(vault, 'root', () => withRoot(vault, (signer) => issueFor('root', self, input, signer.publicKey, signer)));
  const byRoot: Issuer = { kind: 'root', facts: issuerFactsOf(root), urls: rootUrls(input.urls) };

  const issuingPair = await keyPair(vault, 'issuing-ca');
  const issuingSigner = keySigner(issuingPair.privateKey, issuingPair.publicKey);
  const issuingCa = await certificate(vault, 'issuing-ca', () =>
    withRoot(vault, (signer) => issueFor('issuing-ca', byRoot, input, issuingPair.publicKey, signer)),
  );
  assertFits(issuingCa, issuingPair, 'issuing-ca');
  const byIssuingCa: Issuer = { kind: 'issuing-ca', facts: issuerFactsOf(issuingCa), urls: input.urls };

  // Before the seal maker's certificate, whose presence from then on says that this key must be there too.
  const kmcMasterKey = await secret(vault, KMC_KEY, () => randomBytes(32), await isDependedOn(vault, 'seal-maker'));
  const sealPair = await keyPair(vault, 'seal-maker');
  const sealMaker = await certificate(vault, 'seal-maker', () =>
    Promise.resolve(issueFor('seal-maker', byIssuingCa, input, sealPair.publicKey, issuingSigner)),
  );
  assertFits(sealMaker, sealPair, 'seal-maker');
  verifyChain([sealMaker.der, issuingCa.der, root.der], { at: sealMaker.notBefore });

  return {
    root,
    issuingCa,
    sealMaker,
    issuingSigner,
    sealMakerSigner: keySigner(sealPair.privateKey, sealPair.publicKey),
    kmcMasterKey,
    rootCrl: await currentRootCrl(vault, root, input.now),
  };
}
