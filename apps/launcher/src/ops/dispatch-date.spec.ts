import { quietSteps } from '../steps.js';
import { printDispatchDates } from './dispatch-date.js';

it('npm run ops -- dispatch-date: a line for each instant, and that only the published days are known', () => {
  const said: string[] = [];
  const steps = { ...quietSteps, say: (line: string) => void said.push(line) };
  printDispatchDates({ root: '.', args: ['2026-03-05T23:59:59+08:00', '2026-03-05T16:00:00Z'], steps });
  expect(said).toEqual([
    expect.stringMatching(/^2026-03-05T23:59:59\+08:00 2026-03-06 /),
    expect.stringMatching(/^2026-03-05T16:00:00Z 2026-03-13 /),
    expect.stringContaining('仅按已公布的放假安排'),
  ]);
});
