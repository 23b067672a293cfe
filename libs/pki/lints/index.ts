/** The checks that stand between building a certificate and signing it, as data; the TBS is parsed once and shared by all of them. */
import type { ProfileName } from '../profiles.js';
import { extensionLints } from './extensions.js';
import { keyLints } from './keys.js';
import type { Lint } from './lint.js';
import { nameLints } from './names.js';
import { ocspLints } from './ocsp.js';
import { readTbs, type LintContext, type TbsRead } from './reading.js';
import { structureLints } from './structure.js';
import { validityLints } from './validity.js';

export type { Lint } from './lint.js';
export type { IssuerFacts, LintContext } from './reading.js';

export const LINTS: readonly Lint[] = [...structureLints, ...validityLints, ...nameLints, ...keyLints, ...extensionLints, ...ocspLints];
/** What is said of bytes that no lint can look at (RFC 5280, 4.1). */
export const UNREADABLE = 'der-readable';

const byProfile = new Map<ProfileName, readonly Lint[]>();

function lintsOf(profile: ProfileName): readonly Lint[] {
  let lints = byProfile.get(profile);
  if (!lints) {
    lints = LINTS.filter(({ appliesTo }) => appliesTo.includes(profile));
    byProfile.set(profile, lints);
  }
  return lints;
}

/** A lint that cannot finish has not passed. */
function passes(lint: Lint, tbs: TbsRead): boolean {
  try {
    return lint.check(tbs);
  } catch {
    return false;
  }
}

/** The ids of the lints that the bytes fail; none when they may be signed. */
export function failedLints(tbs: Buffer, context: LintContext): string[] {
  const read = readTbs(tbs, context);
  if (!read) return [UNREADABLE];
  return lintsOf(context.profile.name)
    .filter((lint) => !passes(lint, read))
    .map(({ id }) => id);
}
