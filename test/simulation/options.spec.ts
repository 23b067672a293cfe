import { commandOf, readOptions } from './options.js';

describe('what is asked on the command line', () => {
  it('by itself it is a year of twenty thousand, of which two hundred live through the workflows', () => {
    expect(readOptions([])).toEqual({ days: 365, cases: 20_000, seed: 1, from: '2026-01-01', throughWorkflows: 200, out: 'docs' });
  });

  it('a small year has a small sample', () => {
    expect(readOptions(['--days', '30', '--cases', '100', '--seed', '7'])).toMatchObject({
      days: 30,
      cases: 100,
      seed: 7,
      throughWorkflows: 2,
    });
  });

  it.each([
    [['--cases', '-1']],
    [['--cases', '1e9']],
    [['--days', 'x']],
    [['--seed', '1.5']],
    [['--from', '2026-02-30']],
    [['--cases', '10', '--through-workflows', '11']],
    [['--case', '10']],
  ])('%j is refused in words that say how', (args) => {
    expect(() => readOptions(args)).toThrow(/npm run simulate -- \[--days 365\]/);
  });

  it('the page names the command that wrote it', () => {
    expect(commandOf(readOptions(['--seed', '7']))).toBe('npm run simulate -- --days 365 --cases 20000 --seed 7 --through-workflows 200');
  });
});
