/** How an entry joins its chain, without a database. */
import { auditHash, brokenLink, EMPTY_CHAIN, linkFault, type ChainEnd } from './audit.js';
import type { AuditEntry } from './entities/application.js';

function entryBehind(end: ChainEnd, change: Partial<AuditEntry> = {}): AuditEntry {
  const facts = {
    subject: 'application/a',
    seq: end.seq + 1,
    at: new Date('2026-03-02T04:00:00Z'),
    actorKind: 'staff',
    actorId: 'staff-1',
    action: 'review.claimed',
    details: {},
    next: null,
    until: null,
    onceKey: null,
    previousHash: end.hash,
    ...change,
  };
  return { ...facts, hash: auditHash(facts) };
}

describe('an entry', () => {
  const first = entryBehind(EMPTY_CHAIN);
  it('that joins the one before is without fault', () => {
    expect(linkFault(EMPTY_CHAIN, first)).toBeNull();
    expect(linkFault(first, entryBehind(first))).toBeNull();
  });
  it.each([
    ['whose content is not what was hashed', { ...entryBehind(first), actorId: 'staff-2' }, 'changed'],
    ['that joins another one', entryBehind({ seq: 1, hash: Buffer.alloc(32, 1) }), 'changed'],
    ['with the number of the one before', entryBehind(first, { seq: 1 }), 'changed'],
    ['behind a gap', entryBehind(first, { seq: 3 }), 'missing'],
    ['at an instant that cannot be written', { ...entryBehind(first), at: Infinity as unknown as Date }, 'changed'],
  ])('%s is seen', (_, entry, fault) => {
    expect(linkFault(first, entry)).toBe(fault);
  });
  it('is named by its own number where a chain breaks', () => {
    expect(brokenLink([first, entryBehind(first, { seq: 3 })])).toBe(3);
    expect(brokenLink([first, entryBehind(first)])).toBeNull();
  });
});
