/** Small charts as SVG: bars, stacked or side by side, and lying bars on a scale that grows by tens. Chinese first, English beside it. */

export interface Series {
  zh: string;
  en: string;
  colour: string;
  values: readonly number[];
}
export interface Chart {
  zh: string;
  en: string;
  /** Under the bars; an empty one is not written. */
  labels: readonly string[];
  series: readonly Series[];
  unit: string;
  stacked?: boolean;
  /** Places on the axis of which something is to be said. */
  notes?: readonly { at: number; text: string }[];
}

/** Okabe and Ito's colours, which people with any kind of colour blindness tell apart. */
export const colours = {
  blue: '#0072B2',
  orange: '#E69F00',
  green: '#009E73',
  red: '#D55E00',
  sky: '#56B4E9',
  pink: '#CC79A7',
  yellow: '#F0E442',
  ink: '#222222',
} as const;

const WIDTH = 960;
const HEIGHT = 400;
const MARGIN = { left: 76, right: 24, top: 84, bottom: 58 };
const FONT = "font-family=\"'Noto Sans SC','PingFang SC','Microsoft YaHei',sans-serif\"";

export function barChart(chart: Chart): string {
  const { labels, series, stacked = false, unit, notes = [] } = chart;
  const inner = { width: WIDTH - MARGIN.left - MARGIN.right, height: HEIGHT - MARGIN.top - MARGIN.bottom };
  const totals = labels.map((_, index) => series.map(({ values }) => values[index] ?? 0));
  const highest = Math.max(1, ...totals.map((values) => (stacked ? values.reduce((sum, each) => sum + each, 0) : Math.max(...values))));
  const step = stepFor(highest);
  const top = Math.ceil(highest / step) * step;
  const y = (value: number) => MARGIN.top + inner.height * (1 - value / top);
  const slot = inner.width / labels.length;
  const bar = (slot * 0.8) / (stacked ? 1 : series.length);
  const bars = labels.flatMap((_, index) => {
    let below = 0;
    return series.map(({ values, colour }, place) => {
      const value = values[index] ?? 0;
      const x = MARGIN.left + slot * (index + 0.1) + (stacked ? 0 : bar * place);
      const from = stacked ? below : 0;
      below += value;
      return value === 0
        ? ''
        : `<rect x="${r(x)}" y="${r(y(from + value))}" width="${r(bar)}" height="${r(y(from) - y(from + value))}" fill="${colour}"/>`;
    });
  });
  const lines = Array.from({ length: Math.round(top / step) + 1 }, (_, count) => {
    const value = count * step;
    return `<line x1="${MARGIN.left}" x2="${WIDTH - MARGIN.right}" y1="${r(y(value))}" y2="${r(y(value))}" stroke="#ddd"/>${text(MARGIN.left - 8, y(value) + 4, value.toLocaleString('en'), 'end')}`;
  });
  const under = labels.map((label, index) =>
    label === '' ? '' : text(MARGIN.left + slot * (index + 0.5), HEIGHT - MARGIN.bottom + 20, label, 'middle'),
  );
  const said = notes.map(
    ({ at, text: words }) =>
      `<text x="${r(MARGIN.left + slot * (at + 0.5))}" y="${HEIGHT - MARGIN.bottom + 40}" ${FONT} font-size="12" text-anchor="middle" fill="${colours.red}">${escape(words)}</text>`,
  );
  return page(HEIGHT, chart, [...lines, ...bars, ...under, ...said, text(MARGIN.left, MARGIN.top - 12, unit, 'end', '#666')]);
}

export interface LyingChart {
  zh: string;
  en: string;
  unit: string;
  rows: readonly { zh: string; en: string; values: readonly number[] }[];
  series: readonly Omit<Series, 'values'>[];
  /** How a value is written at the end of its bar. */
  write: (value: number) => string;
}

const ROW = 46;
const NAMES = 250;

/** Bars that lie, on a scale of tens, so that minutes and weeks are seen beside each other. */
export function lyingChart(chart: LyingChart): string {
  const height = MARGIN.top + chart.rows.length * ROW + 44;
  const all = chart.rows.flatMap(({ values }) => values).filter((value) => value > 0);
  const [low, high] = [Math.floor(Math.log10(Math.min(...all, 1))), Math.ceil(Math.log10(Math.max(...all, 10)))];
  const inner = WIDTH - NAMES - 100;
  const x = (value: number) => NAMES + (value <= 10 ** low ? 0 : (inner * (Math.log10(value) - low)) / (high - low));
  const lines = Array.from({ length: high - low + 1 }, (_, count) => {
    const value = 10 ** (low + count);
    return `<line x1="${r(x(value))}" x2="${r(x(value))}" y1="${MARGIN.top}" y2="${height - 36}" stroke="#ddd"/>${text(x(value), height - 18, String(Number(value.toFixed(3))), 'middle')}`;
  });
  const rows = chart.rows.flatMap(({ zh, en, values }, index) => {
    const y = MARGIN.top + index * ROW + 6;
    const bars = values.map((value, place) => {
      const at = y + place * 17;
      const colour = chart.series[place]?.colour ?? colours.ink;
      return `<rect x="${NAMES}" y="${at}" width="${r(Math.max(1, x(value) - NAMES))}" height="14" fill="${colour}"/>${text(Math.max(NAMES + 1, x(value)) + 6, at + 11, chart.write(value), 'start')}`;
    });
    return [text(NAMES - 10, y + 13, zh, 'end', colours.ink, 14), text(NAMES - 10, y + 29, en, 'end', '#666', 11), ...bars];
  });
  return page(height, chart, [...lines, ...rows, text(WIDTH - MARGIN.right, height - 18, chart.unit, 'end', '#666')]);
}

function page(
  height: number,
  { zh, en, series }: { zh: string; en: string; series: readonly Omit<Series, 'values'>[] },
  parts: readonly string[],
): string {
  const long = series.reduce((sum, { zh: name, en: english }) => sum + 19 + lengthOf(`${name} ${english}`), 0);
  const gap = Math.min(20, (WIDTH - 48 - long) / Math.max(1, series.length - 1));
  let next = 24;
  const legend = series.map(({ zh: name, en: english, colour }) => {
    const x = next;
    const words = `${name} ${english}`;
    next += 19 + lengthOf(words) + gap;
    return `<rect x="${r(x)}" y="46" width="13" height="13" fill="${colour}"/>${text(x + 19, 57, words, 'start')}`;
  });
  const title = `<text x="24" y="30" ${FONT} font-size="18" font-weight="bold" fill="${colours.ink}">${escape(zh)} <tspan font-weight="normal" font-size="14" fill="#666">${escape(en)}</tspan></text>`;
  const head = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escape(`${zh} ${en}`)}">`;
  return [head, `<rect width="${WIDTH}" height="${height}" fill="white"/>`, title, ...legend, ...parts.filter(Boolean), '</svg>', ''].join(
    '\n',
  );
}

const text = (x: number, y: number, words: string, anchor: 'start' | 'middle' | 'end', fill: string = colours.ink, size = 12) =>
  `<text x="${r(x)}" y="${r(y)}" ${FONT} font-size="${size}" text-anchor="${anchor}" fill="${fill}">${escape(words)}</text>`;

/** About how long a text of the usual size is: a Chinese character is a square. */
const lengthOf = (words: string): number => [...words].reduce((sum, character) => sum + (character > '\u2e7f' ? 12 : 6.6), 0);

/** One decimal: the same on every machine. */
const r = (value: number): string => (Math.round(value * 10) / 10).toString();
const escape = (words: string): string => words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

/** 1, 2 or 5 times a power of ten, so that there are about five lines. */
function stepFor(highest: number): number {
  const rough = highest / 5;
  const power = 10 ** Math.floor(Math.log10(Math.max(rough, 1)));
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= rough) ?? 10 * power;
}
