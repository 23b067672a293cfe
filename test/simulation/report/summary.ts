/** What the terminal says at the end: volumes, waiting, hours, Fridays, money, and whether all is as it should be. */
import { shanghaiClock, stages } from '#domain';
import { renderTable } from '../../../apps/launcher/src/table.js';
import { postWords } from '../assumptions.js';
import type { Simulated } from '../run.js';
import type { Figures } from './figures.js';
import { both, businessName, invariantWords, money, number, percent, span, spread } from './words.js';

export function summaryOf(simulated: Simulated): string {
  const { figures } = simulated;
  const parts = [volumes(figures), waiting(figures), hours(figures), peaks(figures), ledger(figures), checks(simulated)];
  return `\n${parts.join('\n\n')}\n`;
}

/** Sentences about what is not as it should be; none when all is well. */
export function findingsOf({ figures, sample }: Simulated): string[] {
  const broken = figures.invariants.flatMap(({ name, findings }) => findings.map((finding) => `${name}: ${finding}`));
  const answered = figures.activities.disagreements.map((each) => `an activity answered otherwise: ${each}`);
  return [...broken, ...answered, ...(sample?.disagreements ?? []).map((each) => `a workflow did otherwise: ${each}`)];
}

const volumes = ({ volumes: rows, cases }: Figures) =>
  renderTable(
    [`业务 Business (${number(cases)})`, '受理 submitted', '办结 completed', '未办成 ended', '办理中 open'],
    rows.map(({ business, channel, count, done, other, open }) => [
      businessName(business, channel),
      ...[count, done, other, open].map(number),
    ]),
  );

const waiting = ({ stages: rows }: Figures) =>
  renderTable(
    ['环节 Stage', '次数 stays', '中位数 median', '九成 9 of 10', '最长 longest'],
    rows.map(({ stage, hours: of }) => [both(stages[stage]), number(of.count), ...spread(of, span)]),
  );

const hours = ({ staff }: Figures) =>
  renderTable(
    ['岗位 Post', '人 people', '工时 hours', '占用 busy'],
    staff.map(({ post, people, hours: of, share }) => [both(postWords[post]), number(people), number(of), percent(share)]),
  );

const peaks = ({ fridays }: Figures) =>
  renderTable(
    ['周五高峰 Friday peaks', '待寄 due', '交寄 sent', '顺延 carried', '交寄时间 handed over'],
    [...fridays]
      .sort((one, other) => other.due - one.due)
      .slice(0, 6)
      .map(({ day, due, handedOver, carried, handedOverAt }) => [
        day,
        ...[due, handedOver, carried].map(number),
        handedOverAt ? shanghaiClock(handedOverAt) : '—',
      ]),
  );

const ledger = ({ money: sums, credits, refunds }: Figures) =>
  renderTable(
    ['资金 Money', ''],
    [
      ['实收 received', money(sums.received ?? 0)],
      ['确认收入 earned', money(sums.earned ?? 0)],
      ['暂存 held', money(sums.held ?? 0)],
      ['待退 to refund', money(sums['to-refund'] ?? 0)],
      ['已退 refunded', money(sums.refunded ?? 0)],
      ['款项 credits', `${number(credits.total)}, held ${number(credits.held.reduce((sum, { count }) => sum + count, 0))}`],
      ['退款 refunds', `${number(refunds.paid)} paid, ${number(refunds.open)} open; ${number(refunds.reversals)} credits taken back`],
    ],
  );

function checks({ figures, sample }: Simulated): string {
  const rows = figures.invariants.map(({ name, looked, findings }) => [
    both(invariantWords[name] ?? { zh: '', en: name }),
    number(looked),
    verdict(findings.length),
  ]);
  const { done, disagreements } = figures.activities;
  const answered = ['活动与模拟一致 the office’s activities answer as simulated', number(done), verdict(disagreements.length)];
  const lived = sample
    ? [['工作流与模拟一致 the workflows do as simulated', `${number(sample.cases)} cases`, verdict(sample.disagreements.length)]]
    : [];
  return renderTable(['检查 Checked', '', ''], [...rows, answered, ...lived]);
}

const verdict = (findings: number): string => (findings === 0 ? '✓' : `✗ ${findings}`);
