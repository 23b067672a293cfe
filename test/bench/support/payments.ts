/** A statement that pays the orders of `openOrders`, with the share of odd ones that an office meets. */
import type { CalendarDay } from '#domain';

export interface Expected {
  matched: number;
  surplus: number;
  noOrder: number;
  paidTwice: number;
  personal: number;
}

/** The first lines of each hundred: too much, too little, of nobody, from a person, and what pays the first of them again. */
const ODD = ['over', 'short', 'nobody', 'person', 'again'] as const;
type Kind = (typeof ODD)[number] | 'plain';
const kindOf = (line: number): Kind => ODD[(line % 100) - 1] ?? 'plain';

const FEE = '250.00';
const AMOUNT: Record<Kind, string> = { plain: FEE, over: '260.00', short: '100.00', nobody: FEE, person: FEE, again: FEE };

export function payments(lines: number, day: CalendarDay): { bytes: Buffer; expected: Expected } {
  const rows = Array.from({ length: lines }, (_, index) => rowOf(index + 1, day));
  const count = (kind: Kind) => rows.filter((each) => each.kind === kind).length;
  const [nobody, person, again] = [count('nobody'), count('person'), count('again')];
  return {
    bytes: Buffer.from(['交易日期,贷方发生额,对方户名,对方账号,摘要,流水号', ...rows.map(({ text }) => text)].join('\n')),
    expected: { matched: lines - nobody - person - again, surplus: count('over'), noOrder: nobody, paidTwice: again, personal: person },
  };
}

function rowOf(line: number, day: CalendarDay): { kind: Kind; text: string } {
  const kind = kindOf(line);
  const order = kind === 'again' ? line - 4 : line;
  const reference = `XB2026${100_000 + order}`;
  const name =
    kind === 'person'
      ? '王小明'
      : kind === 'nobody'
        ? `绵阳无关${line}贸易有限公司`
        : `成都批量${String(order).padStart(6, '0')}医药有限公司`;
  // Every second says what it is for.
  const remittance = kind === 'nobody' ? '货款' : line % 2 === 0 || kind === 'person' ? `证书费 ${reference}` : '证书费';
  return { kind, text: [day, AMOUNT[kind], name, `62220000${String(line).padStart(8, '0')}`, remittance, `BULK${line}X`].join(',') };
}
