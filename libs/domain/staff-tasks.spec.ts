import type { Role } from './roles.js';
import { claimRefusal, doneRefusal, takesNote, taskReason, tasksShownTo, worksOnTask, type TaskHold } from './staff-tasks.js';

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

describe('D tasks: a phone to call is customer service’s, a case that is late a supervisor’s', () => {
  it.each<[Role, string[], string[]]>([
    ['customer-service', ['message-undelivered'], ['message-undelivered']],
    ['supervisor', ['message-undelivered', 'case-overdue'], ['message-undelivered', 'case-overdue']],
    ['auditor', ['message-undelivered', 'case-overdue'], []],
    ['reviewer', [], []],
    ['clerk', [], []],
  ])('%s is shown %j and works on %j', (role, shown, worked) => {
    expect(tasksShownTo([role])).toEqual(shown);
    expect((['message-undelivered', 'case-overdue'] as const).filter((kind) => worksOnTask([role], kind))).toEqual(worked);
  });

  it('what may be said of one is said of no other', () => {
    expect(takesNote('message-undelivered', 'called')).toBe(true);
    expect(takesNote('case-overdue', 'called')).toBe(false);
    expect(takesNote('case-overdue', 'followed-up')).toBe(true);
    expect(takesNote('message-undelivered', 'followed-up')).toBe(false);
    expect(takesNote('case-overdue', 'none')).toBe(true);
  });

  it('it says why: what became of the message, where the case is late', () => {
    expect(taskReason('message-undelivered', 'phone-off')).toEqual({ zh: '关机或不在服务区', en: 'the phone is off or out of reach' });
    expect(taskReason('case-overdue', 'review')).toEqual({ zh: '审核', en: 'Review' });
  });
});
