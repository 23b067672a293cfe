import { findingInWords, readAuditLine, summaryInWords } from './audit-words.js';

describe('what the verification of the audit tells', () => {
  it.each([
    [
      '{"finding":{"of":"chain","subject":"application/a","seq":3,"what":"changed"}}',
      'broken: application/a at entry 3, which was changed, or does not join the one before',
    ],
    ['{"finding":{"of":"chain","subject":"staff/b","seq":1,"what":"missing"}}', 'broken: staff/b at entry 1, which is missing'],
    ['{"finding":{"of":"checkpoint","number":7,"what":"unsigned"}}', 'broken: checkpoint 7, which is not signed by the authority'],
    ['{"finding":{"of":"copy","number":7,"what":"missing"}}', 'broken: checkpoint 7, which is not in checkpoints.jsonl'],
  ])('%s reads in words', (line, words) => {
    const told = readAuditLine(line);
    expect('finding' in told && findingInWords(told.finding)).toBe(words);
  });

  const summary = { chains: 2, entries: 9, checkpoints: 3, lastAt: '2026-03-02T04:00:00.000Z', uncovered: 1, findings: 0 };
  it.each([
    ['all holds', {}, '2 chains, 9 entries, 3 checkpoints: all hold; last checkpoint 2026-03-02T04:00:00.000Z, 1 entries since'],
    [
      'nothing was tied together yet',
      { checkpoints: 0, lastAt: null, uncovered: 9 },
      '2 chains, 9 entries, 0 checkpoints: all hold; no checkpoint yet, 9 entries since',
    ],
    ['something is broken', { findings: 2 }, '2 chains, 9 entries, 3 checkpoints: 2 broken'],
  ])('when %s, says so in one line', (_, change, words) => {
    expect(summaryInWords({ ...summary, ...change })).toBe(words);
  });
});
