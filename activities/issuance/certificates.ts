/**
 * The pair of certificates of one token, its encryption key and its seal: on the `pki` queue, which alone has the keys.
 * "Never two certificates": the row with serial and to-be-signed bytes is committed before the signature is made, and there is one row a place.
 */
import { businesses, notAfterBy, XinyinError, type IssuingRule } from '#domain';
import { appendAudit, Application, Certificate, EscrowedKey, FeeOrder, KeyRecoveryApproval, Seal, Token } from '#persistence';
import { publicKeyFromPoint, publicPoint, readCertificationRequest, type SubjectName } from '#pki';
import { drawSeal, makeSeal } from '#seal';
import type { KeyObject } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { WORKFLOW } from '../casework/index.js';
import type { PkiDeps } from '../deps.js';
import { subjectOf } from '../predecessor/index.js';
import { place, type Place } from './place.js';

const PROFILE = { signing: 'organisation-signing', encryption: 'organisation-encryption' } as const;
/** D: who made the seal, in SES_Header.Vid. */
const SEAL_VENDOR = 'XINYIN';

export const pkiActivities = (deps: PkiDeps) => {
  const { data, now, authority } = deps;

  /** 1. The key management centre makes the pair, or takes back the one of before, and keeps it before anything uses it. */
  const escrowedKey = async (at: Place, application: Application): Promise<EscrowedKey> => {
    const known = await data.manager.findOneBy(EscrowedKey, { ...at });
    if (known) return known;
    const pair = ruleOf(application).encryptionKey === 'recovered' ? await recovered(application) : made();
    const row = { id: uuidv7(), ...at, ...pair, createdAt: now() };
    await data.createQueryBuilder().insert().into(EscrowedKey).values(row).orIgnore().execute();
    return data.manager.findOneByOrFail(EscrowedKey, { ...at });
  };

  const made = () => {
    const { publicKey, escrow } = authority.encryptionKeys.generate();
    return { publicPoint: publicPoint(publicKey), escrow };
  };

  /** D: two persons have approved; counted here, since whoever sends the work may have been deceived. */
  const recovered = async (application: Application) => {
    const approvals = await data.manager.countBy(KeyRecoveryApproval, { applicationId: application.id });
    if (approvals < 2) throw new XinyinError('FOUR_EYES');
    const { applicationId, index } = await subjectOf(data.manager, application);
    const { publicPoint: point, escrow } = await data.manager.findOneByOrFail(EscrowedKey, { applicationId, index });
    return { publicPoint: point, escrow };
  };

  const endOf = async (application: Application, notBefore: Date): Promise<Date> => {
    const before = application.subjectSerial === null ? null : (await subjectOf(data.manager, application)).notAfter;
    return notAfterBy(ruleOf(application).validity, { issuedAt: notBefore, years: application.form.certificates.years, before });
  };

  /** 2. Lint, then commit serial and bytes; whoever came first has the place. */
  const prepared = async (
    at: Place,
    kind: 'signing' | 'encryption',
    publicKey: KeyObject,
    { application, token, notBefore, notAfter }: { application: Application; token: Token; notBefore: Date; notAfter: Date },
  ): Promise<Certificate> => {
    const known = await data.manager.findOneBy(Certificate, { ...at, kind });
    if (known) return known;
    const linted = authority.prepare(PROFILE[kind], {
      subject: subjectName(application, token),
      uscc: application.uscc,
      publicKey,
      notBefore,
      notAfter,
    });
    const row = { id: uuidv7(), ...at, kind, serial: linted.serial, tbs: linted.tbs, state: 'prepared' as const, notBefore, notAfter };
    await data.createQueryBuilder().insert().into(Certificate).values(row).orIgnore().execute();
    return data.manager.findOneByOrFail(Certificate, { ...at, kind });
  };

  /** 3. Sign the committed bytes, prove them, and keep the result; of two attempts that cross, the first stays. */
  const signed = async (row: Certificate): Promise<void> => {
    if (row.der !== null) return;
    const { der } = authority.sign(authority.lintTbs(PROFILE[row.kind], row.tbs));
    await data.transaction(async (tx) => {
      const { affected } = await tx.update(Certificate, { id: row.id, state: 'prepared' }, { der, state: 'valid', issuedAt: now() });
      if (affected !== 1 || row.kind !== 'encryption') return;
      const { applicationId, index, serial } = row;
      await appendAudit(tx, {
        subject: `application/${applicationId}`,
        at: now(),
        actor: WORKFLOW,
        action: 'certificate.issued',
        details: { index, serial },
        next: 'system',
        onceKey: `certificate/${index}`,
      });
    });
  };

  return {
    /** `demoNotAfter`: demonstrations only, see `seedHolder`. */
    async issueCertificates(at: Place & { demoNotAfter?: string }): Promise<void> {
      if (at.demoNotAfter !== undefined && !deps.demo) throw new XinyinError('STAGE_REFUSES');
      const token = await data.manager.findOneByOrFail(Token, { ...pick(at) });
      if (!token.certificationRequest) throw new XinyinError('TOKEN_CONTENT');
      const { publicKey: signingKey } = readCertificationRequest(token.certificationRequest);
      const application = await data.manager.findOneByOrFail(Application, { id: at.applicationId });
      await requirePaid(data.manager, at.applicationId);
      const escrow = await escrowedKey(pick(at), application);
      // Whole seconds: a certificate's validity has no fractions (RFC 5280, 4.1.2.5).
      const notBefore = new Date(Math.floor(now().getTime() / 1000) * 1000);
      const notAfter = at.demoNotAfter === undefined ? await endOf(application, notBefore) : new Date(at.demoNotAfter);
      const signing = await prepared(pick(at), 'signing', signingKey, { application, token, notBefore, notAfter });
      const pair = { application, token, notBefore: signing.notBefore, notAfter: signing.notAfter };
      const encryption = await prepared(pick(at), 'encryption', publicKeyFromPoint(escrow.publicPoint), pair);
      await signed(signing);
      await signed(encryption);
      if (token.envelopedKey) return;
      const envelopedKey = authority.encryptionKeys.envelope(escrow.escrow, signingKey);
      await data.manager.update(Token, pick(at), { envelopedKey });
    },

    async makeSeal(at: Place): Promise<void> {
      if (await data.manager.existsBy(Seal, { ...pick(at) })) return;
      const application = await data.manager.findOneByOrFail(Application, { id: at.applicationId });
      const certificate = await data.manager.findOneByOrFail(Certificate, { ...pick(at), kind: 'signing' });
      if (!certificate.der) throw new XinyinError('TOKEN_CONTENT');
      const picture = await drawSeal({ name: application.certificateName, uscc: application.uscc });
      const madeAt = new Date(Math.floor(now().getTime() / 1000) * 1000);
      const esId = `${application.number.replaceAll('-', '')}${String(at.index).padStart(2, '0')}`;
      const der = makeSeal({
        esId,
        vendorId: SEAL_VENDOR,
        name: application.certificateName,
        holderCertificates: [certificate.der],
        picture: { type: 'PNG', data: picture.png, widthMm: picture.widthMm, heightMm: picture.heightMm },
        createdAt: madeAt,
        validFrom: certificate.notBefore,
        validTo: certificate.notAfter,
        makerCertificate: authority.sealMakerCertificate,
        signAsMaker: (bytes) => authority.signAsSealMaker(bytes),
      });
      await data.transaction(async (tx) => {
        const subject = `application/${at.applicationId}`;
        const fresh = await appendAudit(tx, {
          subject,
          at: now(),
          actor: WORKFLOW,
          action: 'seal.made',
          details: { index: at.index },
          next: 'system',
          onceKey: `seal/${place(at)}`,
        });
        if (fresh) await tx.insert(Seal, { id: uuidv7(), ...pick(at), esId, der, png: picture.png, madeAt });
      });
    },
  };
};

const pick = ({ applicationId, index }: Place): Place => ({ applicationId, index });

function ruleOf({ business }: Application): IssuingRule {
  const { issues } = businesses[business];
  // No business that issues nothing has a step that issues.
  if (issues === null) throw new XinyinError('STAGE_REFUSES');
  return issues;
}

/** OU tells the certificates of one organisation apart: it is the number printed on the token. */
function subjectName({ form, certificateName }: Application, { serialNumber }: Token): SubjectName {
  const { province, city } = form.organisation;
  return { province, locality: city, organisation: certificateName, unit: serialNumber, commonName: certificateName };
}

/** The bank may have taken the money back since it came: nothing is begun then. */
async function requirePaid(manager: EntityManager, applicationId: string): Promise<void> {
  const order = await manager.findOneBy(FeeOrder, { applicationId });
  if (order === null || order.status === 'paid' || (await manager.existsBy(Certificate, { applicationId }))) return;
  throw new XinyinError('ORDER_OPEN');
}
