/** When would a certificate completed at this instant go out, and why: by what is published, since no office is asked. */
import { publishedHolidays } from '#config';
import { describeDispatch, dispatchDay } from '#domain';
import { LaunchError } from '../failure.js';
import type { CommandContext } from '../steps.js';

/** RFC 3339 with its zone: without one, nobody knows which day it is in Shanghai. */
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/;

export function printDispatchDates({ args, steps }: CommandContext): void {
  if (args.length === 0) throw new LaunchError('npm run ops -- dispatch-date <instant>…, for example 2026-03-06T00:00:00+08:00');
  for (const text of args) {
    const at = INSTANT.test(text) ? new Date(text) : new Date(NaN);
    if (Number.isNaN(at.getTime())) throw new LaunchError(`Not an instant with its zone: ${text}. For example 2026-03-06T00:00:00+08:00`);
    const promise = dispatchDay(at, publishedHolidays);
    const reason = describeDispatch(promise);
    steps.say(`${text} ${promise.day} ${reason.zh} / ${reason.en}`);
  }
  steps.say('仅按已公布的放假安排，不含主管设定的日期 / by the published days only, without those that a supervisor has set');
}
