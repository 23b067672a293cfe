/** docs/simulation.md: the year as a page. Holds nothing that another run of the same seed would not say. */
import { carriedReasons, heldReasonWords, shanghaiClock, stages } from '#domain';
import { postWords } from '../assumptions.js';
import { commandOf, type SimulationOptions } from '../options.js';
import type { Simulated } from '../run.js';
import { outcomeWords, type Figures } from './figures.js';
import {
  both,
  businessEnglish,
  businessName,
  explanationWords,
  invariantWords,
  money,
  number,
  outageWords,
  percent,
  span,
  spread,
  wayWords,
} from './words.js';

export function pageOf(options: SimulationOptions, simulated: Simulated): string {
  const { figures, sample } = simulated;
  const parts = [
    ...['# 一年的模拟 A year in an afternoon', intro(options), checked(simulated, sample)],
    ...['## 业务量 Volumes', picture('volumes', '每周受理与办结 Submitted and completed each week'), volumes(figures), outcomes(figures)],
    ...['## 等待 Waiting', picture('waiting', '各环节停留时间 Time at each stage'), waiting(figures), completion(figures)],
    ...['## 工时 Hours of work', picture('staff', '每月工时 Hours of work each month'), hours(figures)],
    ...['## 周五 Fridays', picture('fridays', '每个周五的寄送 Letters of each Friday'), fridays(figures)],
    ...['## 资金 Money', picture('money', '每月资金 Money each month'), ledger(figures), wrong(figures)],
    ...['## 故障 Outages', outages(figures)],
  ];
  return `${parts.join('\n\n')}\n`;
}

const intro = (options: SimulationOptions) => `\`${commandOf(options)}\` (from ${options.from})

Written by the command above; the same seed writes the same page. People, the bank, the platform, the courier and outages are played by chance
(\`test/simulation/assumptions.ts\`); rules, activities, database and, for a sample, workflows are the office's own. What is played and what is real:
[decision 0042](decisions/0042-a-simulated-year.md).`;

const picture = (name: string, words: string) => `![${words}](simulation/${name}.svg)`;

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, column) => (column === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n');
}

function checked({ figures }: Simulated, sample: Simulated['sample']): string {
  const rows = figures.invariants.map(({ name, looked, findings }) => {
    return [both(invariantWords[name] ?? { zh: '', en: name }), number(looked), verdict(findings)];
  });
  const { done, disagreements } = figures.activities;
  const answered = ['活动的答复与模拟一致 the office’s activities answer as simulated', number(done), verdict(disagreements)];
  const words =
    '抽样经真实工作流，步骤、状态、款项、短信、周五一致 a sample through the real workflows: steps, state, money, messages, Friday';
  const lived = sample ? [[words, `${number(sample.cases)} 件, ${number(sample.decisions)} decisions`, verdict(sample.disagreements)]] : [];
  return table(['检查 Checked', '对象 looked at', '不符 findings'], [...rows, answered, ...lived]);
}

const verdict = (findings: readonly string[]): string => (findings.length === 0 ? '0' : `**${findings.length}**`);

const volumes = ({ volumes: rows }: Figures) =>
  table(
    ['业务 Business', '受理 submitted', '办结 completed', '未办成 ended', '办理中 open'],
    rows.map(({ business, channel, count, done, other, open }) => [
      `${businessName(business, channel)}<br>${businessEnglish(business, channel)}`,
      ...[count, done, other, open].map(number),
    ]),
  );

const outcomes = ({ outcomes: rows }: Figures) =>
  table(
    ['结果 How cases ended', '件 cases'],
    rows.map(({ outcome, count }) => [both(outcomeWords(outcome)), number(count)]),
  );

const waiting = ({ stages: rows }: Figures) =>
  table(
    ['环节 Stage', '次数 stays', '中位数 median', '九成 9 of 10 within', '最长 longest'],
    rows.map(({ stage, hours: of }) => [both(stages[stage]), number(of.count), ...spread(of, span)]),
  );

const completion = ({ completion: rows }: Figures) =>
  table(
    ['受理至办结 From submission to completion', '中位数 median', '九成 9 of 10 within', '最长 longest'],
    rows.map(({ business, channel, days }) => [
      `${businessName(business, channel)}<br>${businessEnglish(business, channel)}`,
      ...spread(days, (each) => span(each * 24)),
    ]),
  );

const hours = ({ staff }: Figures) =>
  table(
    ['岗位 Post', '人数 people', '工时 hours', '占用 busy'],
    staff.map(({ post, people, hours: of, share }) => [both(postWords[post]), number(people), number(of), percent(share)]),
  );

function fridays({ fridays: all, carried, parcels }: Figures): string {
  const peaks = [...all].sort((one, other) => other.due - one.due || (one.day < other.day ? -1 : 1)).slice(0, 8);
  const rows = peaks.map(({ day, due, handedOver, carried: put, handedOverAt }) => [
    day,
    ...[due, handedOver, put].map(number),
    handedOverAt ? shanghaiClock(handedOverAt) : '—',
  ]);
  const special = all
    .filter(({ note }) => note !== null)
    .map(
      ({ day, note }) =>
        `${day}: ${note === 'missed' ? '因故障未寄，顺延 missed by an outage, carried' : '故障后补办 made up after an outage'}`,
    );
  return [
    table(['最忙的周五 The busiest Fridays', '待寄 due', '交寄 sent', '顺延 carried', '交寄时间 handed over'], rows),
    table(
      ['顺延原因 Carried because', '次 times'],
      carried.map(({ reason, count }) => [both(carriedReasons[reason]), number(count)]),
    ),
    ...(special.length === 0 ? [] : [special.map((line) => `- ${line}`).join('\n')]),
    `签收 delivered ${number(parcels.delivered)}，退回 returned ${number(parcels.returned)}，遗失 lost ${number(parcels.lost)}.`,
  ].join('\n\n');
}

const ledger = ({ money: sums }: Figures) =>
  table(
    ['账户 Account', '金额 amount'],
    [
      ['实收 received', money(sums.received ?? 0)],
      ['确认收入 earned', money(sums.earned ?? 0)],
      ['暂存 held', money((sums.held ?? 0) + sums.claims)],
      ['银行冲正后待追回 claims after a reversal', money(-sums.claims)],
      ['待退 to refund', money(sums['to-refund'] ?? 0)],
      ['已退 refunded', money(sums.refunded ?? 0)],
    ],
  );

function wrong({ credits, refunds }: Figures): string {
  const paid = `退款 refunds: ${number(refunds.paid)} 已付 paid, ${number(refunds.open)} 未完 under way, ${number(refunds.failedOnce)} 换过账户 to another account after a failure. 冲正 credits that the bank took back: ${number(refunds.reversals)}.`;
  return [
    table(
      ['怎样付款 How it was paid', '次 times'],
      credits.ways.map(({ way, count }) => [both(wayWords[way as keyof typeof wayWords]), number(count)]),
    ),
    table(
      [`挂账原因 Held because (of ${number(credits.total)} credits)`, '笔 credits'],
      credits.held.map(({ reason, count }) => [both(heldReasonWords[reason]), number(count)]),
    ),
    table(
      ['财务说明 Explained by finance as', '笔 credits'],
      refunds.explained.map(({ kind, count }) => [both(explanationWords[kind] ?? { zh: '', en: kind }), number(count)]),
    ),
    paid,
  ].join('\n\n');
}

const outages = ({ outages: rows, messages }: Figures) =>
  [
    table(
      ['故障 What was away', '次 times', '合计 together'],
      rows.map(({ kind, count, hours: of }) => [both(outageWords[kind] ?? { zh: '', en: kind }), number(count), span(of)]),
    ),
    `短信 SMS of cases: ${number(messages.cases)}; 提醒 reminders: ${number(messages.reminders)}.`,
  ].join('\n\n');
