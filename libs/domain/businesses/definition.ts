/** What every certificate business says about itself. Catalogue, forms, OpenAPI, fee orders and documents read this; nothing else knows it. */
import type { FeeRequest } from '../fees.js';
import type { Agreement, Material } from '../materials.js';
import type { RevocationCause } from '../revocation-causes.js';
import type { Stage } from '../stages.js';

/** `telephone` (or QQ): only what cannot wait for papers, a suspension or an unlocking. */
export type Channel = 'online' | 'window' | 'telephone';

/** How an applicant proves to be the organisation. */
export type Proof = 'corporate-transfer' | 'current-key' | 'in-person' | 'call-back' | 'platform-password';

/** How a business is done over one channel. */
export interface Way {
  readonly materials: readonly Material[];
  readonly proof: Proof;
  /** In the order in which a case passes them. */
  readonly stages: readonly Stage[];
  /** What ends it, in words. */
  readonly ends: { readonly zh: string; readonly en: string };
}

/** What kind of certificates a business issues. */
export interface IssuingRule {
  /** From issue for the years bought; the old end plus the years bought; the old end, to the second. */
  readonly validity: 'from-issue' | 'added' | 'unchanged';
  readonly token: 'new' | 'same';
  /** `recovered`: the pair of before comes back from escrow, so that old ciphertext stays readable. */
  readonly encryptionKey: 'new' | 'recovered';
}

export interface BusinessDefinition {
  readonly slug: string;
  readonly zh: string;
  readonly en: string;
  /** Begins the application number, so that a number heard on the phone says which business it is. */
  readonly numberPrefix: string;
  /** An organisation that may have no certificate yet, or one pair of certificates that was issued. */
  readonly about: 'organisation' | 'certificate';
  readonly ways: Readonly<Partial<Record<Channel, Way>>>;
  readonly agreements: readonly Agreement[];
  readonly fees: (order: { count: number; years: number }) => readonly FeeRequest[];
  readonly issues: IssuingRule | null;
  /** Which reasons may be given for it; empty where nobody asks why. */
  readonly causes: readonly RevocationCause[];
  /** D: how long each stage may take before it is closed or counted as overdue. Calendar time, in days. */
  readonly deadlineDays: Readonly<Partial<Record<Stage, number>>>;
}

export function defineBusiness<const T extends BusinessDefinition>(definition: T): T {
  return definition;
}
