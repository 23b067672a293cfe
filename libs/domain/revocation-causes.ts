/** Why an old certificate ends: what a holder says, and the reason of RFC 5280, 5.3.1, that the authority publishes for it. */
export const revocationCauses = {
  lost: { zh: '证书盘遗失', en: 'the token is lost' },
  damaged: { zh: '证书盘损坏', en: 'the token is damaged' },
  unused: { zh: '不再使用', en: 'no longer used' },
} as const;
export type RevocationCause = keyof typeof revocationCauses;
export const isRevocationCause = (name: string): name is RevocationCause => Object.hasOwn(revocationCauses, name);

/** RFC 5280, 5.3.1, as far as this office gives them. */
export type PublishedReason = 'keyCompromise' | 'affiliationChanged' | 'superseded' | 'cessationOfOperation' | 'certificateHold';

/** D: business.md, "What is applied for", line "old certificate and seal". */
export function reasonFor(
  business: 'renewal-valid' | 'renewal-expired' | 'change' | 'reissue' | 'revocation',
  cause: RevocationCause | null,
): PublishedReason {
  switch (business) {
    case 'renewal-valid':
    case 'renewal-expired':
      return 'superseded';
    case 'change':
      return 'affiliationChanged';
    case 'reissue':
      return cause === 'damaged' ? 'superseded' : 'keyCompromise';
    case 'revocation':
      return cause === 'unused' ? 'cessationOfOperation' : 'keyCompromise';
  }
}
