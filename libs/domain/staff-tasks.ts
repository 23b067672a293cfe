/** What only a person can do beside the cases: who may take a task, and what is written down when it is done. */
import type { ErrorCode } from './errors.js';
import { whyWords } from './message-delivery.js';
import { mayDo, type Action, type Role } from './roles.js';
import { stages, type Stage } from './stages.js';
import type { Instant } from './time.js';

interface Words {
  zh: string;
  en: string;
}

/** What a person did about a task. */
export const taskNotes = {
  called: { zh: '已致电告知', en: 'called, and told' },
  'wrong-number': { zh: '号码有误', en: 'the number is wrong' },
  'followed-up': { zh: '已督办', en: 'followed up with whoever it waits for' },
  none: { zh: '无需处理', en: 'nothing was needed' },
} as const;
export type TaskNote = keyof typeof taskNotes;

/** Nothing was left to do: written down by the system. */
export const systemTaskNotes = {
  arrived: { zh: '短信已送达', en: 'it arrived after all' },
  'moved-on': { zh: '申请已离开该环节', en: 'the case has left the stage' },
} as const;

interface TaskRule extends Words {
  read: Action;
  work: Action;
  notes: readonly TaskNote[];
}

/** D: for whom each is, and what may be said of it: a phone to call is customer service's, a case that is late a supervisor's. */
export const taskKinds = {
  'message-undelivered': {
    zh: '短信未送达，请致电',
    en: 'An SMS did not arrive: call the phone',
    read: 'tasks.read',
    work: 'tasks.work',
    notes: ['called', 'wrong-number', 'none'],
  },
  'case-overdue': {
    zh: '环节超期，请督办',
    en: 'A case is late in its stage: see to it',
    read: 'lateCases.read',
    work: 'lateCases.work',
    notes: ['followed-up', 'none'],
  },
} as const satisfies Record<string, TaskRule>;
export type TaskKind = keyof typeof taskKinds;

const kinds = Object.keys(taskKinds) as TaskKind[];
export const tasksShownTo = (held: readonly Role[]): TaskKind[] => kinds.filter((kind) => mayDo(held, taskKinds[kind].read));
export const worksOnTask = (held: readonly Role[], kind: TaskKind): boolean => mayDo(held, taskKinds[kind].work);
export const takesNote = (kind: TaskKind, note: TaskNote): boolean => (taskKinds[kind].notes as readonly TaskNote[]).includes(note);

/** Why it was opened: why the message failed, or the stage in which the case is late. */
export function taskReason(kind: TaskKind, why: string): Words {
  switch (kind) {
    case 'message-undelivered':
      return whyWords(why);
    case 'case-overdue':
      return stages[why as Stage];
  }
}

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
