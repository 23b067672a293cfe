/** What a case left behind after issuance, read from the database, the drawer and the audit, in a form a test can compare whole. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AuditEntry, brokenLink, Certificate, EscrowedKey, Seal, Token } from '#persistence';
import { exportSpki, parseCertificate, publicPoint, sm2Encrypt, sm2Verify, toPem } from '#pki';
import { INITIAL_USER_PIN, openTokenDrawer, type SoftwareToken } from '#token';
import type { Office } from './office.js';

/** The token's container, as the station names it. */
const CONTAINER = 'xinyin';
const TEXT = Buffer.from('one pair, one seal, one token');

export interface Issued {
  certificates: string[];
  /** Serials in the whole database; one that stands twice would make the two figures differ. */
  serials: { given: number; different: number };
  seals: number;
  escrowedKeys: number;
  tokens: string[];
  drawer: number;
  everyTokenHoldsItsKeysAndSeal: boolean;
  auditHolds: boolean;
  /** Steps that may stand on the audit only once a place. */
  steps: string[];
}

/** What a case with `count` certificates must have left, whatever crashed where. */
export const issuedOnce = (count = 1): Omit<Issued, 'serials'> => {
  const places = Array.from({ length: count }, (_, index) => index + 1);
  return {
    certificates: places.flatMap((index) => [`${index} encryption valid`, `${index} signing valid`]),
    seals: count,
    escrowedKeys: count,
    tokens: places.map((index) => `${index} written`),
    drawer: count,
    everyTokenHoldsItsKeysAndSeal: true,
    auditHolds: true,
    steps: places.flatMap(() => ['certificate.issued', 'seal.made', 'token.written']),
  };
};

export async function issuedFor(office: Office, { id, number }: { id: string; number: string }): Promise<Issued> {
  const { manager } = office.data;
  const certificates = await manager.find(Certificate, { where: { applicationId: id }, order: { index: 'ASC', kind: 'ASC' } });
  const tokens = await manager.find(Token, { where: { applicationId: id }, order: { index: 'ASC' } });
  const audit = await manager.find(AuditEntry, { where: { subject: `application/${id}` }, order: { seq: 'ASC' } });
  const serials = (await manager.find(Certificate)).map(({ serial }) => serial);
  const drawer = openTokenDrawer(office.settings.folders.station);
  const whole = await Promise.all(tokens.map((token) => holdsItsOwn(office, token)));
  return {
    certificates: certificates.map(({ index, kind, state }) => `${index} ${kind} ${state}`),
    serials: { given: serials.length, different: new Set(serials).size },
    seals: await manager.countBy(Seal, { applicationId: id }),
    escrowedKeys: await manager.countBy(EscrowedKey, { applicationId: id }),
    tokens: tokens.map(({ index, state }) => `${index} ${state}`),
    drawer: drawer.serialNumbers().filter((serial) => serial.startsWith(number.replaceAll('-', ''))).length,
    everyTokenHoldsItsKeysAndSeal: whole.length > 0 && whole.every(Boolean),
    auditHolds: brokenLink(audit) === null,
    steps: audit.map(({ action }) => action).filter((action) => ['certificate.issued', 'seal.made', 'token.written'].includes(action)),
  };
}

/** The token signs for the signing certificate, opens what was encrypted to the encryption certificate, and carries the seal of record. */
async function holdsItsOwn(office: Office, { applicationId, index, serialNumber }: Token): Promise<boolean> {
  const { manager } = office.data;
  const of = async (kind: Certificate['kind']) => (await manager.findOneBy(Certificate, { applicationId, index, kind }))?.der;
  const [signing, encryption] = [await of('signing'), await of('encryption')];
  const seal = await manager.findOneBy(Seal, { applicationId, index });
  const escrowed = await manager.findOneBy(EscrowedKey, { applicationId, index });
  if (!signing || !encryption || !seal || !escrowed) return false;
  const token = openTokenDrawer(office.settings.folders.station).insert(serialNumber);
  token.login(INITIAL_USER_PIN);
  const [container] = token.describe().containers;
  const holds = (view: { publicKey: string; certificate: string | null } | null | undefined, der: Buffer) =>
    view?.certificate === toPem('CERTIFICATE', der) && view.publicKey === toPem('PUBLIC KEY', exportSpki(parseCertificate(der).publicKey));
  const encryptTo = parseCertificate(encryption).publicKey;
  return (
    holds(container?.signing, signing) &&
    holds(container?.encryption, encryption) &&
    publicPoint(encryptTo).equals(escrowed.publicPoint) &&
    sm2Verify(parseCertificate(signing).publicKey, TEXT, token.sign(CONTAINER, TEXT)) &&
    token.decrypt(CONTAINER, sm2Encrypt(encryptTo, TEXT)).equals(TEXT) &&
    token.readSeal(CONTAINER).equals(seal.der)
  );
}

/** OpenSSL's word for it: a signature made inside the token, checked with the certificate of record. Throws when it does not hold. */
export async function opensslAccepts(office: Office, { id }: { id: string }): Promise<string> {
  const { serialNumber } = await office.data.manager.findOneByOrFail(Token, { applicationId: id, index: 1 });
  const { der } = await office.data.manager.findOneByOrFail(Certificate, { applicationId: id, index: 1, kind: 'signing' });
  const token: SoftwareToken = openTokenDrawer(office.settings.folders.station).insert(serialNumber);
  token.login(INITIAL_USER_PIN);
  const folder = mkdtempSync(join(tmpdir(), 'xinyin-openssl-'));
  const file = (name: string, content: Uint8Array | string) => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  try {
    const certificate = file('certificate.pem', toPem('CERTIFICATE', der ?? Buffer.alloc(0)));
    const key = file('key.pem', execFileSync('openssl', ['x509', '-in', certificate, '-noout', '-pubkey']));
    const files = ['-in', file('text', TEXT), '-sigfile', file('signature', token.sign(CONTAINER, TEXT))];
    const options = ['-rawin', '-digest', 'sm3', '-pkeyopt', 'distid:1234567812345678'];
    return execFileSync('openssl', ['pkeyutl', '-verify', '-pubin', '-inkey', key, ...options, ...files])
      .toString()
      .trim();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
