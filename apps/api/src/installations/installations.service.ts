/** New certificates for a token at the holder's. The old key says who asks, the new key says that it has arrived. */
import { createHash } from 'node:crypto';
import { fieldError, INSTALLED_ANSWERS_MS, serialOf, standingRefusal, XinyinError } from '#domain';
import { Application, Certificate, Seal, standingOf, Token } from '#persistence';
import { exportSpki, parseCertificate, readCertificationRequest } from '#pki/public';
import { caseWorkflowId, confirmInstallation, requestInstallation } from '#workflows/contract';
import { Injectable } from '@nestjs/common';
import { MoreThan, Not, type EntityManager } from 'typeorm';
import { KeyChallenges, type Claim, type Proof } from '../certificates/key-challenges.js';
import { ApiContext } from '../platform/context.js';
import { Decisions } from '../platform/decisions.js';

/** The one token that a business about a certificate fills. */
const index = 1;

@Injectable()
export class InstallationsService {
  constructor(
    private readonly context: ApiContext,
    private readonly challenges: KeyChallenges,
    private readonly decisions: Decisions,
  ) {}

  async challenge(serial: string, address: string) {
    await this.challenges.allow(address);
    const application = await this.found({ subjectSerial: requireSerial(serial) });
    await this.requireInstallable(application, serial);
    return this.open(application, this.claimOf(application, 'installation', serial));
  }

  async request({ serial, certificationRequest, ...proof }: Proof & { serial: string; certificationRequest: string }) {
    const application = await this.found({ subjectSerial: requireSerial(serial) });
    const request = Buffer.from(certificationRequest, 'base64');
    requireRequest(request);
    const { data } = this.context;
    await data.transaction(async (tx) => {
      await this.challenges.prove(tx, this.claimOf(application, 'installation', serial), proof);
      const held = await this.requireInstallable(application, serial, tx);
      requireNewKey(request, held);
      const { serialNumber } = await tx.findOneByOrFail(Token, { applicationId: held.applicationId, index: held.index });
      const row = { applicationId: application.id, index, serialNumber, container: application.number, state: 'keyed' as const };
      await tx
        .createQueryBuilder()
        .insert()
        .into(Token)
        .values({ ...row, certificationRequest: request })
        .orIgnore()
        .execute();
      // A token that brings another key than before has lost the first one: what was issued for that cannot be installed any more.
      const kept = await tx.findOneByOrFail(Token, { applicationId: application.id, index });
      if (!kept.certificationRequest || !sameKey(kept.certificationRequest, request)) throw new XinyinError('INSTALLATION_OTHER_KEY');
    });
    // Everything is on the token already: whoever lost the last answer gets what was issued then.
    if (await this.isInstalled(application)) return this.issued(application);
    const requestId = `install-${createHash('sha256').update(request).digest('hex').slice(0, 32)}`;
    await this.decisions.send(caseWorkflowId(application.id), requestInstallation, requestId, { requestId });
    return this.issued(application);
  }

  async confirmationChallenge(serial: string, address: string) {
    await this.challenges.allow(address);
    const { application, claim } = await this.newOne(serial);
    return this.open(application, claim);
  }

  async confirm({ serial, ...proof }: Proof & { serial: string }): Promise<void> {
    const { application, claim } = await this.newOne(serial);
    const installed = await this.isInstalled(application);
    await this.context.data.transaction((tx) => this.challenges.prove(tx, claim, proof, installed ? 'again' : undefined));
    if (installed) return;
    const confirmationId = `installed-${application.id}`;
    await this.decisions.send(caseWorkflowId(application.id), confirmInstallation, confirmationId, { confirmationId });
  }

  private async open(application: Application, claim: Claim) {
    const { id: applicationId, number } = application;
    return { applicationId, number, container: number, ...(await this.challenges.open(claim)) };
  }

  /** The case that waits for this token, or was installed on it just now. Anything else answers like not found: the caller has shown nothing yet. */
  private async found(where: { subjectSerial: string } | { id: string }): Promise<Application> {
    const justNow = MoreThan(new Date(this.context.now().getTime() - INSTALLED_ANSWERS_MS));
    const either = [
      { ...where, stage: 'installation' as const },
      { ...where, outcome: 'installed' as const, completedAt: justNow },
    ];
    const application = await this.context.data.manager.findOne(Application, { where: either, order: { submittedAt: 'DESC' } });
    if (!application) throw new XinyinError('NOT_FOUND');
    return application;
  }

  /** A token that was reported lost installs nothing, whoever has its PIN. @throws XinyinError CERTIFICATE_REVOKED, CERTIFICATE_HELD */
  private async requireStanding(serial: string, tx: EntityManager = this.context.data.manager): Promise<Certificate> {
    const certificate = await tx.findOneByOrFail(Certificate, { serial: serial.toLowerCase(), kind: 'signing' });
    const refusal = standingRefusal(standingOf(certificate));
    if (refusal) throw new XinyinError(refusal);
    return certificate;
  }

  /** The old certificate stands until the new one is installed; from then on the new one has to. Answers the old one. */
  private async requireInstallable(application: Application, serial: string, tx: EntityManager = this.context.data.manager) {
    if (!(await this.isInstalled(application, tx))) return this.requireStanding(serial, tx);
    const installed = await tx.findOneByOrFail(Certificate, { applicationId: application.id, index, kind: 'signing' });
    await this.requireStanding(installed.serial, tx);
    return tx.findOneByOrFail(Certificate, { serial: serial.toLowerCase(), kind: 'signing' });
  }

  private isInstalled({ id: applicationId }: Application, tx: EntityManager = this.context.data.manager): Promise<boolean> {
    return tx.existsBy(Token, { applicationId, index, state: 'written' });
  }

  private async newOne(serial: string) {
    const where = { serial: requireSerial(serial), kind: 'signing' as const, state: Not('prepared' as const) };
    const certificate = await this.context.data.manager.findOneBy(Certificate, where);
    if (!certificate) throw new XinyinError('NOT_FOUND');
    const application = await this.found({ id: certificate.applicationId });
    return { application, claim: this.claimOf(application, 'installed', serial) };
  }

  private claimOf({ id }: Application, purpose: 'installation' | 'installed', serial: string): Claim {
    const digest = createHash('sha256').update(id).digest();
    return { purpose, subject: `${purpose}/${id}`, serial: serial.toLowerCase(), digest };
  }

  private async issued({ id: applicationId, number: container }: Application) {
    const { manager } = this.context.data;
    const certificates = await manager.findBy(Certificate, { applicationId, index, state: Not('prepared') });
    const token = await manager.findOneByOrFail(Token, { applicationId, index });
    const seal = await manager.findOneByOrFail(Seal, { applicationId, index });
    const of = (kind: Certificate['kind']) => certificates.find((each) => each.kind === kind)?.der;
    const base64 = (bytes: Buffer | null | undefined) => {
      if (!bytes) throw new XinyinError('TOKEN_CONTENT');
      return bytes.toString('base64');
    };
    return {
      container,
      signing: base64(of('signing')),
      encryption: base64(of('encryption')),
      envelope: base64(token.envelopedKey),
      seal: base64(seal.der),
    };
  }
}

/** @throws XinyinError NOT_FOUND for what can be no serial number */
function requireSerial(text: string): string {
  const serial = serialOf(text);
  if (serial === null) throw new XinyinError('NOT_FOUND');
  return serial;
}

/** A request made again is signed anew: the key in it is what it stands for. */
function sameKey(one: Buffer, other: Buffer): boolean {
  const key = (request: Buffer) => exportSpki(readCertificationRequest(request).publicKey);
  return key(one).equals(key(other));
}

/** Each certificate has a key of its own: what ends with the old one must not go on under the new. */
function requireNewKey(request: Buffer, { der }: Certificate): void {
  const old = der && exportSpki(parseCertificate(der).publicKey);
  if (old?.equals(exportSpki(readCertificationRequest(request).publicKey))) throw fieldError('certificationRequest', 'FIELD_CHOICE');
}

function requireRequest(bytes: Buffer): void {
  try {
    readCertificationRequest(bytes);
  } catch {
    throw fieldError('certificationRequest', 'FIELD_FORMAT');
  }
}
