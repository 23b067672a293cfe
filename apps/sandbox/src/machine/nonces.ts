/** Nonces seen, for as long as their timestamps would still be accepted. Kept in memory: after a restart the idempotency keys still hold. */
export interface NonceMemory {
  remember(keyId: string, nonce: string, expiresAt: Date): Promise<boolean>;
}

export function createNonceMemory(now: () => Date): NonceMemory {
  const seen = new Map<string, number>();
  return {
    remember: (keyId, nonce, expiresAt) => {
      const at = now().getTime();
      // Written in order of arrival, so the oldest stand first and the sweep stops at the first that still counts.
      for (const [old, expiry] of seen) {
        if (expiry > at) break;
        seen.delete(old);
      }
      const name = `${keyId} ${nonce}`;
      if (seen.has(name)) return Promise.resolve(false);
      seen.set(name, expiresAt.getTime());
      return Promise.resolve(true);
    },
  };
}
