/**
 * The last stage of every format: checks what all of them share, and gives each entry its identity. Rules: decision 0034.
 */
import { createHash } from 'node:crypto';
import { accountTypeByName, addDays, entryLikeness, shanghaiDay, startOfShanghaiDay, type CalendarDay } from '#domain';
import type { EntryDraft, StatementEntry } from './entry.js';
import { statementLimits } from './limits.js';
import { placeText, refusal, type StatementFault } from './refusal.js';
import { isDamaged } from './texts.js';

export interface EntryRules {
  now: Date;
  /** All entries must be of this day, where a day's statement was asked for. */
  day?: CalendarDay;
  maxEntries: number;
}

/** References that a bank gives; a colon or tilde in an identity can then only be ours. */
const REFERENCE = /^[A-Za-z0-9][A-Za-z0-9._/-]{2,63}$/;
export async function* identified(
  drafts: AsyncIterable<EntryDraft> | Iterable<EntryDraft>,
  rules: EntryRules,
): AsyncGenerator<StatementEntry> {
  const alike = new Map<string, number>();
  const told = new Map<string, string>();
  let position = 0;
  for await (const draft of drafts) {
    check(draft, rules);
    const likeness = entryLikeness({ ...draft, day: draft.bookedDay });
    const facts = digest(JSON.stringify([likeness, draft.valueDay, draft.reversal, draft.payerName, draft.remittance]));
    const identity = draft.reference === null ? numbered(draft, likeness, alike) : referenceOf(draft);
    const before = told.get(identity);
    // Listed twice under its own reference it is one entry; one reference for two leaves nothing to rely on.
    if (before === facts) continue;
    if (before !== undefined) throw fault(draft, 'STATEMENT_REFERENCE_TWICE');
    told.set(ownCopy(identity), facts);
    position += 1;
    if (position > rules.maxEntries) throw fault(draft, 'STATEMENT_TOO_MANY', { limit: rules.maxEntries });
    yield entryOf(draft, identity, position);
  }
}

function entryOf(
  { place, columns: _, bookedAt, payerAccountType, ...draft }: EntryDraft,
  identity: string,
  position: number,
): StatementEntry {
  return {
    ...draft,
    identity,
    position,
    place: placeText(place),
    bookedAt: (bookedAt ?? startOfShanghaiDay(draft.bookedDay)).toISOString(),
    payerAccountType: payerAccountType ?? accountTypeByName(draft.payerName),
  };
}

/** A reversal may bear the reference of what it takes back, and is another entry all the same. */
const referenceOf = ({ reference, reversal }: EntryDraft) => `${reference ?? ''}${reversal ? ':reversal' : ''}`;

/** Without a reference: what it is, and which of those that are alike on its day. */
function numbered({ reversal }: EntryDraft, likeness: string, alike: Map<string, number>): string {
  const key = `${likeness}${reversal ? '|reversal' : ''}`;
  const number = (alike.get(key) ?? 0) + 1;
  alike.set(key, number);
  return `none:${digest(`${key}#${number}`)}`;
}

function check(draft: EntryDraft, { now, day }: EntryRules): void {
  const { bookedDay, valueDay, reference, reversalOf, amountFen } = draft;
  if (bookedDay > shanghaiDay(now)) throw fault(draft, 'STATEMENT_DATE_FUTURE');
  if (valueDay > addDays(bookedDay, statementLimits.valueDaysAhead)) throw fault(draft, 'STATEMENT_DATE_FUTURE');
  if (day !== undefined && bookedDay !== day) throw fault(draft, 'STATEMENT_OTHER_DAY');
  if (amountFen === 0 || Math.abs(amountFen) > statementLimits.maxAmountFen) throw fault(draft, 'STATEMENT_AMOUNT');
  for (const each of [reference, reversalOf]) if (each !== null && !REFERENCE.test(each)) throw fault(draft, 'STATEMENT_REFERENCE');
  const texts = [
    [draft.payerName, statementLimits.longestName],
    [draft.payerAccount, statementLimits.longestAccount],
    [draft.remittance, statementLimits.longestRemittance],
  ] as const;
  for (const [text, limit] of texts) {
    if (isDamaged(text)) throw fault(draft, 'STATEMENT_TEXT');
    if (text.length > limit) throw fault(draft, 'STATEMENT_TEXT_LONG', { limit });
  }
}

function fault({ place, columns }: EntryDraft, code: StatementFault, params = {}) {
  const column = /DATE|DAY/.test(code) ? columns?.day : code === 'STATEMENT_AMOUNT' ? columns?.amount : undefined;
  return refusal({ line: place.line, column: column ?? place.column }, code, params);
}

/** What is kept to the end of the file: a piece cut out of its text would keep all of that in memory. Identities are ASCII. */
const ownCopy = (text: string) => Buffer.from(text, 'latin1').toString('latin1');

const digest = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 32);
