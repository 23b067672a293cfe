/** Challenges that a holder's key signs. Each is good once, for minutes, for one certificate, and for the content it was made over. */
import { randomBytes } from 'node:crypto';
import { CHALLENGE_LIFE_MS, challengeRules, proofText, XinyinError, type ProofPurpose } from '#domain';
import { Certificate, KeyChallenge } from '#persistence';
import { parseCertificate, sm2Verify } from '#pki/public';
import { Injectable } from '@nestjs/common';
import { LessThan, type EntityManager } from 'typeorm';
import { v7 as uuidv7, validate as isUuid } from 'uuid';
import { allowAddress } from '../platform/address-allowance.js';
import { ApiContext } from '../platform/context.js';

/** What is to be proven: by which certificate's key, for what, over which content. */
export interface Claim {
  purpose: ProofPurpose;
  /** `draft/<uuid>` or `installation/<uuid>`. */
  subject: string;
  serial: string;
  digest: Buffer;
}

export interface Proof {
  challengeId: string;
  /** SM2 with SM3 over the challenge's text, DER in base64. */
  signature: string;
}

@Injectable()
export class KeyChallenges {
  constructor(private readonly context: ApiContext) {}

  /** Counts what an address asks for without having shown anything. @throws XinyinError ADDRESS_LIMIT */
  async allow(address: string): Promise<void> {
    await allowAddress(this.context.data.manager, this.context, { what: 'challenge', address, ...challengeRules });
  }

  async open({ purpose, subject, serial, digest }: Claim) {
    const createdAt = this.context.now();
    const expiresAt = new Date(createdAt.getTime() + CHALLENGE_LIFE_MS);
    const row = { id: uuidv7(), subject, serial, nonce: randomBytes(32), digest, createdAt, expiresAt, usedAt: null };
    await this.context.data.manager.insert(KeyChallenge, row);
    // What can be signed no more proves nothing: the case's audit says what was proven.
    await this.context.data.manager.delete(KeyChallenge, { expiresAt: LessThan(createdAt) });
    return { challengeId: row.id, serial, text: textOf(row, purpose), expiresAt: expiresAt.toISOString() };
  }

  /** Spends the challenge; `again` takes one that was spent, where it proves what is done already. @throws XinyinError CHALLENGE_INVALID, KEY_PROOF_WRONG */
  async prove(tx: EntityManager, claim: Claim, { challengeId, signature }: Proof, again?: 'again'): Promise<void> {
    const { purpose, subject, serial, digest } = claim;
    const where = { id: challengeId, subject, serial };
    const row = isUuid(challengeId) ? await tx.findOne(KeyChallenge, { where, lock: { mode: 'pessimistic_write' } }) : null;
    if (!row || (row.usedAt !== null && !again) || row.expiresAt <= this.context.now()) throw new XinyinError('CHALLENGE_INVALID');
    const certificate = await tx.findOneBy(Certificate, { serial, kind: 'signing' });
    // The content has changed since: the signature is over something else.
    if (!certificate?.der || !row.digest.equals(digest)) throw new XinyinError('KEY_PROOF_WRONG');
    const text = Buffer.from(textOf(row, purpose), 'utf8');
    if (!holds(certificate.der, text, Buffer.from(signature, 'base64'))) throw new XinyinError('KEY_PROOF_WRONG');
    if (row.usedAt === null) await tx.update(KeyChallenge, { id: row.id }, { usedAt: this.context.now() });
  }
}

function textOf({ serial, nonce, digest }: Pick<KeyChallenge, 'serial' | 'nonce' | 'digest'>, purpose: ProofPurpose): string {
  return proofText({ purpose, serial, nonce: nonce.toString('hex'), digest: digest.toString('hex') });
}

function holds(der: Buffer, text: Buffer, signature: Buffer): boolean {
  try {
    return sm2Verify(parseCertificate(der).publicKey, text, signature);
  } catch {
    // Bytes that are no signature at all.
    return false;
  }
}
