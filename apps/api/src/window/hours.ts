/** The hours of a window, for whatever is entered there: within them, or let in by a supervisor who says why. */
import { fieldError, hoursOf, isOpen, isWindow, textProblem, XinyinError, type WindowSlug } from '#domain';
import { officeCalendar } from '#persistence';
import type { EntityManager } from 'typeorm';
import type { ApiContext } from '../platform/context.js';

/** @throws XinyinError INPUT_INVALID naming the field */
export function requireWindow(window: string | undefined): WindowSlug {
  if (window === undefined || !isWindow(window)) throw fieldError('window', window === undefined ? 'FIELD_REQUIRED' : 'FIELD_CHOICE');
  return window;
}

/** @throws XinyinError WINDOW_CLOSED */
export async function requireOpen(tx: EntityManager, { holidays, now }: ApiContext, window: WindowSlug): Promise<void> {
  if (!isOpen(window, now(), await officeCalendar(tx, holidays)))
    throw new XinyinError('WINDOW_CLOSED', { params: { hours: hoursOf(window) } });
}

/** @throws XinyinError INPUT_INVALID for no reason, or one that is no text */
export function requireReason(reason: string): void {
  const problem = reason.trim() === '' ? 'FIELD_REQUIRED' : textProblem(reason);
  if (problem) throw fieldError('reason', problem);
}
