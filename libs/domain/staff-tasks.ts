/** What only a person can do beside the cases: who may take a task, and what is written down when it is done. */
import type { ErrorCode } from './errors.js';
import type { Instant } from './time.js';

export const taskKinds = {
  'message-undelivered': { zh: '短信未送达，请致电', en: 'An SMS did not arrive: call the phone' },
} as const;
export type TaskKind = keyof typeof taskKinds;

/** What the person did. */
export const taskNotes = {
  called: { zh: '已致电告知', en: 'called, and told' },
  'wrong-number': { zh: '号码有误', en: 'the number is wrong' },
  none: { zh: '无需处理', en: 'nothing was needed' },
} as const;
export type TaskNote = keyof typeof taskNotes;

/** The message arrived after all before anybody took the task: written down by the system. */
export const arrivedNote = { arrived: { zh: '短信已送达', en: 'it arrived after all' } } as const;

export interface TaskHold {
  claimedBy: string | null;
  claimUntil: Instant | null;
  doneAt: Instant | null;
}

const isHeld = ({ claimedBy, claimUntil }: TaskHold, now: Instant) => claimedBy !== null && claimUntil !== null && claimUntil > now;

export function claimRefusal(task: TaskHold, staffId: string, now: Instant): ErrorCode | null {
  if (task.doneAt !== null) return 'ALREADY_DECIDED';
  return isHeld(task, now) && task.claimedBy !== staffId ? 'CLAIM_HELD' : null;
}

/** Only who took it says what became of it. */
export function doneRefusal(task: TaskHold, staffId: string, now: Instant): ErrorCode | null {
  if (task.doneAt !== null) return 'ALREADY_DECIDED';
  return isHeld(task, now) && task.claimedBy === staffId ? null : 'CLAIM_REQUIRED';
}
