/** What a label says of its token; the account and its password are added by whoever has them. */
import { shanghaiDay, tokenNumber } from '#domain';
import type { Application, Certificate } from '#persistence';

export function labelOf(application: Application, certificate: Certificate) {
  return {
    tokenNumber: tokenNumber(application.number, certificate.index),
    certificateName: application.certificateName,
    notBefore: shanghaiDay(certificate.notBefore),
    notAfter: shanghaiDay(certificate.notAfter),
  };
}
