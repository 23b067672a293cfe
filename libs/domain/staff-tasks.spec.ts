import { claimRefusal, doneRefusal, type TaskHold } from './staff-tasks.js';

const at = (text: string) => new Date(`2026-03-02T${text}+08:00`);
const OPEN: TaskHold = { claimedBy: null, claimUntil: null, doneAt: null };
const HELD: TaskHold = { claimedBy: 'anna', claimUntil: at('12:30:00'), doneAt: null };
const DONE: TaskHold = { ...HELD, doneAt: at('12:10:00') };

describe('D tasks: one person at a time, and only who took it says what became of it', () => {
  it.each<[string, TaskHold, string, string, string | null]>([
    ['open', OPEN, 'anna', '12:00:00', null],
    ['held by oneself', HELD, 'anna', '12:10:00', null],
    ['held by a colleague', HELD, 'ben', '12:29:59', 'CLAIM_HELD'],
    ['left by a colleague', HELD, 'ben', '12:30:00', null],
    ['done', DONE, 'anna', '12:11:00', 'ALREADY_DECIDED'],
  ])('%s: claimed', (_, task, who, now, refusal) => {
    expect(claimRefusal(task, who, at(now))).toBe(refusal);
  });

  it.each<[string, TaskHold, string, string, string | null]>([
    ['open', OPEN, 'anna', '12:00:00', 'CLAIM_REQUIRED'],
    ['held by oneself', HELD, 'anna', '12:29:59', null],
    ['held too long', HELD, 'anna', '12:30:00', 'CLAIM_REQUIRED'],
    ['held by a colleague', HELD, 'ben', '12:10:00', 'CLAIM_REQUIRED'],
    ['done', DONE, 'anna', '12:11:00', 'ALREADY_DECIDED'],
  ])('%s: done', (_, task, who, now, refusal) => {
    expect(doneRefusal(task, who, at(now))).toBe(refusal);
  });
});
