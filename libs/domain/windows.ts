/** The windows of the office and their hours (G: business.md, "Windows and hours"; working days by the calendar, 调休 counted). */
import { shanghaiClock, shanghaiDay, type CalendarDay, type Instant } from './time.js';

export const windows = {
  chengnan: {
    zh: '城南综合服务窗口',
    en: 'Chengnan window',
    address: '成都市高新区交子大道 333 号中海国际中心 E 座 508',
    hours: [['09:00', '17:30']],
  },
  xinchuan: {
    zh: '新川综合服务窗口',
    en: 'Xinchuan window',
    address: '成都市高新区锦和路 1699 号 AI 创新中心二期 E3 栋 1 楼大厅',
    hours: [
      ['09:00', '12:00'],
      ['13:00', '17:30'],
    ],
  },
} as const satisfies Record<string, { zh: string; en: string; address: string; hours: readonly (readonly [from: string, to: string])[] }>;
export type WindowSlug = keyof typeof windows;
export const isWindow = (name: string): name is WindowSlug => Object.hasOwn(windows, name);

/** Legal working days: no weekend but one made a working day by 调休, and no statutory holiday. */
export interface WorkingDays {
  isWorkingDay(day: CalendarDay): boolean;
}

/** From the first minute of the hours to the last: closed at 17:30 means that 17:30:00 is closed. */
export function isOpen(window: WindowSlug, at: Instant, calendar: WorkingDays): boolean {
  if (!calendar.isWorkingDay(shanghaiDay(at))) return false;
  const clock = shanghaiClock(at).slice(11);
  return windows[window].hours.some(([from, to]) => from <= clock && clock < to);
}

export const hoursOf = (window: WindowSlug): string => windows[window].hours.map(([from, to]) => `${from}-${to}`).join(', ');

/** What stands on a queue ticket: the window's letter and the day's running number. */
const LETTERS: Record<WindowSlug, string> = { chengnan: 'A', xinchuan: 'B' };
export const queueLabel = (window: WindowSlug, number: number): string => `${LETTERS[window]}${String(number).padStart(3, '0')}`;

/**
 * D: tickets that an address may take, at all windows together: one a minute, which is what the machine by the door gives out on the busiest
 * day, and no queue that somebody fills from afar.
 */
export const queueTicketRules = { perAddress: 60, windowMs: 60 * 60_000 } as const;
