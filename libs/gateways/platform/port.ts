import { fieldError, type AccountFinding, type AccountKind } from '#domain';
import { readInput } from '../contract-check.js';
import { platformContract } from './contract.js';

/** A role account of an organisation, under one of the eight kinds. */
export interface KindAccount {
  uscc: string;
  kind: AccountKind;
  account: string;
}

export interface KnownRoleAccount {
  status: 'certified' | 'uncertified' | 'unknown';
  kind: string | null;
  /** Since when; null where it is not certified, and where the platform does not tell. */
  certifiedAt: Date | null;
}

export interface BindingDecision {
  decisionId: string;
  submissionId: string;
  /** Our case. */
  reference: string;
  decision: 'approved' | 'refused';
  /** Null with an approval. */
  reason: string | null;
  /** ISO instant, UTC. */
  decidedAt: string;
}

export interface PlatformGateway {
  roleAccount(query: { uscc: string; account: string }): Promise<KnownRoleAccount>;
  /** Ties the role account to the certificate. The initial password goes onto the token's label and nowhere else. */
  bind(binding: {
    idempotencyKey: string;
    uscc: string;
    account: string;
    certificateSerial: string;
    certificateName: string;
  }): Promise<{ bindingId: string; initialPassword: string }>;
  /** For a label that has to be printed again. The same key answers the same password. */
  resetPassword(reset: { idempotencyKey: string; uscc: string; account: string; certificateSerial: string }): Promise<{
    initialPassword: string;
  }>;
  /** Whether the password is right. `checkId`, when it is, stands for the password in one submission: so nobody has to keep it. */
  checkAccount(account: KindAccount & { password: string }): Promise<{ finding: AccountFinding; checkId: string | null }>;
  /** Puts a checked account before the platform's administrator. The decision comes by push, under our `reference`. */
  submitAccount(
    submission: KindAccount & { idempotencyKey: string; reference: string; checkId: string; certificateSerial: string },
  ): Promise<{ submissionId: string }>;
  /** Takes back what was submitted or bound. */
  unbindAccount(unbinding: KindAccount & { idempotencyKey: string }): Promise<void>;
}

/** @throws XinyinError INPUT_INVALID naming each wrong field */
export function parseBindingDecision(body: unknown): BindingDecision {
  const { reason, decidedAt, ...told } = readInput(platformContract.decision, body);
  const said = reason.trim() !== '';
  if (said !== (told.decision === 'refused')) throw fieldError('reason', said ? 'FIELD_UNKNOWN' : 'FIELD_REQUIRED');
  return { ...told, reason: said ? reason : null, decidedAt: new Date(decidedAt).toISOString() };
}
