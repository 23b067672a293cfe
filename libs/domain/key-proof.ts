/** What a holder's key signs to prove that it is at hand: bound to a purpose, to one certificate, to one content, and good once. */
export type ProofPurpose = 'renewal' | 'installation' | 'installed';

/** D: long enough to find the PIN, short enough that nothing signed lies about. */
export const CHALLENGE_LIFE_MS = 5 * 60_000;

/** D: challenges that an address may ask for without a session, in an hour: enough for an office of many tokens behind one address. */
export const challengeRules = { perAddress: 120, windowMs: 60 * 60_000 } as const;

/** D: how long an installation that is done answers again: whoever lost the last answer asks the same day. */
export const INSTALLED_ANSWERS_MS = 24 * 60 * 60_000;

export interface ProofFacts {
  readonly purpose: ProofPurpose;
  /** Of the signing certificate, in hexadecimal. */
  readonly serial: string;
  /** 32 random bytes of the server's, in hexadecimal. */
  readonly nonce: string;
  /** SHA-256 of what it is bound to, in hexadecimal. */
  readonly digest: string;
}

/** Text that a person may read before signing, and that no certificate, seal or document could be mistaken for. */
export function proofText({ purpose, serial, nonce, digest }: ProofFacts): string {
  return ['xinyin-proof/1', purpose, serial, nonce, digest, ''].join('\n');
}
