/** The year in pictures, by file name. */
import { stages } from '#domain';
import { postWords } from '../assumptions.js';
import type { Figures } from './figures.js';
import { barChart, colours, lyingChart } from './svg.js';

/** The first of a month's weeks bears its name; a month of a single week at the beginning has no room for it. */
const monthLabels = (days: readonly string[]): string[] => {
  const begins = (index: number) => days[index] !== undefined && days[index]?.slice(0, 7) !== days[index - 1]?.slice(0, 7);
  return days.map((day, index) => (begins(index) && !begins(index + 1) ? `${Number(day.slice(5, 7))} 月` : ''));
};

export function chartsOf(figures: Figures): Record<string, string> {
  return {
    'volumes.svg': volumes(figures),
    'fridays.svg': fridays(figures),
    'waiting.svg': waiting(figures),
    'staff.svg': staffHours(figures),
    'money.svg': money(figures),
  };
}

const volumes = ({ weeks }: Figures) =>
  barChart({
    ...{ zh: '每周受理与办结', en: 'Submitted and completed each week', unit: '件 cases' },
    labels: monthLabels(weeks.map(({ monday }) => monday)),
    series: [
      { zh: '受理', en: 'submitted', colour: colours.sky, values: weeks.map(({ submitted }) => submitted) },
      { zh: '办结', en: 'completed', colour: colours.blue, values: weeks.map(({ completed }) => completed) },
    ],
  });

const fridays = ({ fridays: all }: Figures) =>
  barChart({
    ...{ zh: '每个周五的寄送', en: 'Letters of each Friday', unit: '件 letters', stacked: true },
    labels: monthLabels(all.map(({ day }) => day)),
    series: [
      { zh: '已交寄', en: 'handed over', colour: colours.blue, values: all.map(({ handedOver }) => handedOver) },
      { zh: '顺延', en: 'carried', colour: colours.orange, values: all.map(({ carried }) => carried) },
    ],
    notes: all.flatMap(({ note }, at) => (note === null ? [] : [{ at, text: note === 'missed' ? '故障 outage' : '补办 made up' }])),
  });

const waiting = ({ stages: all }: Figures) =>
  lyingChart({
    ...{ zh: '各环节停留时间', en: 'Time at each stage', unit: '小时 hours' },
    rows: all.map(({ stage, hours }) => ({ ...stages[stage], values: [hours.median, hours.ninth] })),
    series: [
      { zh: '中位数', en: 'median', colour: colours.blue },
      { zh: '九成在此之内', en: '9 of 10 within', colour: colours.orange },
    ],
    write: (hours) =>
      hours >= 48 ? `${(hours / 24).toFixed(1)} 天 d` : hours >= 1 ? `${hours.toFixed(1)} 小时 h` : `${Math.round(hours * 60)} 分 min`,
  });

const PALETTE = [colours.blue, colours.orange, colours.green, colours.pink, colours.red, colours.sky, colours.yellow];

const staffHours = ({ staff, months }: Figures) =>
  barChart({
    ...{ zh: '每月工时', en: 'Hours of work each month', unit: '小时 hours', stacked: true },
    labels: months.map(({ month }) => `${Number(month.slice(5))} 月`),
    series: staff.map(({ post, months: own }, index) => ({
      ...postWords[post],
      colour: PALETTE[index] ?? colours.ink,
      values: months.map(({ month }) => Math.round(own.find((each) => each.month === month)?.hours ?? 0)),
    })),
  });

const money = ({ months }: Figures) =>
  barChart({
    ...{ zh: '每月资金', en: 'Money each month', unit: '元 yuan' },
    labels: months.map(({ month }) => `${Number(month.slice(5))} 月`),
    series: [
      { zh: '实收', en: 'received', colour: colours.sky, values: months.map(({ received }) => Math.round(received / 100)) },
      { zh: '确认收入', en: 'earned', colour: colours.blue, values: months.map(({ earned }) => Math.round(earned / 100)) },
      { zh: '已退', en: 'refunded', colour: colours.orange, values: months.map(({ refunded }) => Math.round(refunded / 100)) },
    ],
  });
