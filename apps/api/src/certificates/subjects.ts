/** The certificate that a business is about: whether the caller may name it, and whether the business may begin for it now. */
import {
  businesses,
  isApplied,
  renewableFrom,
  replacing,
  serialOf,
  shanghaiDay,
  subjectRefusal,
  usccProblem,
  XinyinError,
  type ApplicationForm,
  type BusinessSlug,
} from '#domain';
import { Application, Certificate, standingOf } from '#persistence';
import { Injectable } from '@nestjs/common';
import { In, Not, type EntityManager } from 'typeorm';
import type { Principal } from '../platform/access.js';
import { ApiContext } from '../platform/context.js';

export interface Subject {
  certificate: Certificate;
  /** The application that issued it. */
  issuedBy: Application;
}

@Injectable()
export class Subjects {
  constructor(private readonly context: ApiContext) {}

  /** An applicant names what their own phone applied for; anybody else's answers like not found. */
  async named(tx: EntityManager, caller: Principal, text: string): Promise<Subject> {
    const serial = serialOf(text);
    const where = { kind: 'signing' as const, state: In(['valid', 'revoked']) };
    const certificate = serial === null ? null : await tx.findOneBy(Certificate, { ...where, serial });
    const issuedBy = certificate && (await tx.findOneBy(Application, { id: certificate.applicationId }));
    if (!issuedBy || (caller.kind === 'applicant' && issuedBy.agentPhone !== caller.phone)) throw new XinyinError('NOT_FOUND');
    return { certificate, issuedBy };
  }

  /** @throws XinyinError when the business may not begin for the certificate now, or another that would replace it is open */
  async requireFree(tx: EntityManager, business: BusinessSlug, { certificate }: Subject): Promise<void> {
    this.requirePossible(business, certificate);
    // Two submissions for one certificate at the same moment: the second sees the first.
    await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 14))', [certificate.serial]);
    const rivals = replacing.includes(business) ? replacing : [business];
    const where = { subjectSerial: certificate.serial, business: In([...rivals]), stage: Not('closed' as const) };
    const open = await tx.findOneBy(Application, where);
    if (open) throw new XinyinError('CERTIFICATE_IN_WORK', { params: { number: open.number } });
  }

  /** @throws XinyinError CHANGE_NOTHING when neither name nor code differs from those in the certificate */
  requireChange({ issuedBy }: Subject, { organisation }: Pick<ApplicationForm, 'organisation'>): void {
    if (organisation.certificateName === issuedBy.certificateName && organisation.uscc === issuedBy.uscc)
      throw new XinyinError('CHANGE_NOTHING');
  }

  requirePossible(business: BusinessSlug, certificate: Certificate): void {
    const refusal = subjectRefusal(business, standingOf(certificate), this.context.now());
    if (refusal) throw new XinyinError(refusal, { params: { from: shanghaiDay(renewableFrom(certificate.notAfter)) } });
  }

  async list(caller: Principal, uscc?: string) {
    if (caller.kind === 'staff' && usccProblem(uscc ?? '') !== null) return [];
    const where = caller.kind === 'applicant' ? { agentPhone: caller.phone } : { uscc: uscc ?? '' };
    const applications = await this.context.data.manager.find(Application, { where, take: 200 });
    const certificates = await this.context.data.manager.find(Certificate, {
      where: { applicationId: In(applications.map(({ id }) => id)), kind: 'signing', state: In(['valid', 'revoked']) },
      order: { notAfter: 'DESC' },
    });
    const now = this.context.now();
    return certificates.flatMap((certificate) => {
      const issuedBy = applications.find(({ id }) => id === certificate.applicationId);
      if (!issuedBy) return [];
      const standing = standingOf(certificate);
      const possible = (Object.keys(businesses) as BusinessSlug[]).filter(
        (business) =>
          isApplied(business) && businesses[business].about === 'certificate' && subjectRefusal(business, standing, now) === null,
      );
      return [
        {
          serial: certificate.serial,
          number: issuedBy.number,
          certificateName: issuedBy.certificateName,
          state: standing.state,
          notBefore: certificate.notBefore.toISOString(),
          notAfter: certificate.notAfter.toISOString(),
          renewableFrom: shanghaiDay(renewableFrom(certificate.notAfter)),
          possible,
        },
      ];
    });
  }
}

/** What stands in the certificate, and what is kept of its holder: the applicant changes what has changed. Why another one ended is not kept. */
export function formOf({ form: { cause: _ofTheLast, ...form } }: Application): ApplicationForm {
  return { ...form, certificates: { count: 1, years: 1 }, remarks: '' };
}
