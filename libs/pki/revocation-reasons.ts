/** Why a certificate was revoked, RFC 5280, 5.3.1. */
export const REVOCATION_REASONS = {
  unspecified: 0,
  keyCompromise: 1,
  cACompromise: 2,
  affiliationChanged: 3,
  superseded: 4,
  cessationOfOperation: 5,
  certificateHold: 6,
  privilegeWithdrawn: 9,
} as const;
export type RevocationReason = keyof typeof REVOCATION_REASONS;

const isReason = (text: string): text is RevocationReason => Object.hasOwn(REVOCATION_REASONS, text);

/** The reason as a row names it; what is no reason of the standard is told to nobody. */
export function revocationReason(text: string | null): RevocationReason {
  return text !== null && isReason(text) ? text : 'unspecified';
}

export function reasonOfCode(code: number): RevocationReason {
  const [found] = Object.entries(REVOCATION_REASONS).find(([, value]) => value === code) ?? ['unspecified'];
  return revocationReason(found);
}
