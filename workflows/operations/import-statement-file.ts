/**
 * A statement file, `bank-statement/<sha256>`: read whole or refused whole, recorded in parts, its reversals linked, decided in parts, and then
 * each case told. Every step finds what was done before, so a run that died, or is started again, adds nothing twice.
 */
import { ApplicationFailure } from '@temporalio/common';
import { continueAsNew, patched, setCurrentDetails, setHandler } from '@temporalio/workflow';
import { statementProgress, type StatementFileInput, type StatementProgress, type StatementResult } from '../contract/index.js';
import { statements } from '../stages/proxies.js';
import { tellCases } from './match-credit.js';
import { tellRefunds } from './refund.js';
import { startReversal } from './reverse-credit.js';

/** D: entries of one transaction: about half a second's work, so that progress shows and little is done again. */
const RECORDED_AT_ONCE = 1_000;
const DECIDED_AT_ONCE = 2_000;
/** Parts that are recorded at the same time: while the database writes one, the next is made. Decided is one after the other, as the bank tells. */
const LANES = 2;
/** Cases that are told at once: each telling stands in the history, and a history has an end. */
const TOLD_AT_ONCE = 500;
/** Told by one run; the next goes on with the next part. Counted for the reason in preparing.ts. */
const TOLD_A_RUN = 2_000;

export async function importStatementFile({ sha256, resume }: StatementFileInput): Promise<StatementResult> {
  const progress: StatementProgress = { step: 'reading', entries: 0, recorded: 0, decided: 0, told: 0 };
  const tell = (change: Partial<StatementProgress>) => {
    Object.assign(progress, change);
    setCurrentDetails(describe(progress));
  };
  setHandler(statementProgress, () => progress);

  const { state, entries } = await statements.readStatement({ sha256 });
  if (state === 'refused') {
    tell({ step: 'refused' });
    throw ApplicationFailure.nonRetryable('STATEMENT_REFUSED', 'STATEMENT_REFUSED');
  }
  // Taken before: what it told is there.
  if (state === 'done') return { lines: entries, added: 0 };
  tell({ step: 'recording', entries });
  // Runs that began before recorded and decided smaller parts, and told the cases of each before the next.
  const toldAfterwards = patched('told-when-all-is-decided');
  const inLanes = toldAfterwards && patched('recorded-in-lanes');
  const size = toldAfterwards ? RECORDED_AT_ONCE : 500;
  const at = resume ?? { step: 'recording', from: 1 };
  const goOn = (step: 'deciding' | 'telling', from: number) =>
    continueAsNew<typeof importStatementFile>({ sha256, resume: { step, from } });
  if (at.step === 'recording') {
    await eachPart(partsOf(entries, size, at.from), inLanes ? LANES : 1, async (part) => {
      await statements.recordStatementPart({ sha256, ...part });
      tell({ recorded: progress.recorded + 1 + part.to - part.from });
    });
    const { reversed } = await statements.linkReversals({ sha256 });
    for (const creditId of reversed) await startReversal(creditId);
    if (toldAfterwards) await tellRefunds((await statements.linkPaidRefunds({ sha256 })).paid);
  }
  tell({ step: 'deciding', recorded: entries });
  let told = 0;
  const tellOf = async (notices: Parameters<typeof tellCases>[0]) => {
    await tellCases(notices);
    told += notices.length;
  };
  if (at.step !== 'telling')
    for (const part of partsOf(entries, inLanes ? DECIDED_AT_ONCE : size, at.step === 'deciding' ? at.from : 1)) {
      if (told >= TOLD_A_RUN) await goOn('deciding', part.from);
      const { notices } = await statements.decideStatementPart({ sha256, ...part, ...(toldAfterwards && { toldAfterwards }) });
      await tellOf(notices);
      tell({ decided: part.to });
    }
  tell({ step: 'telling', decided: entries });
  if (toldAfterwards)
    for (const part of partsOf(entries, TOLD_AT_ONCE, at.step === 'telling' ? at.from : 1)) {
      if (told >= TOLD_A_RUN) await goOn('telling', part.from);
      const { notices } = await statements.statementNotices({ sha256, ...part });
      await tellOf(notices);
      tell({ told: part.to });
    }
  const result = await statements.closeStatement({ sha256 });
  tell({ step: 'done', told: entries });
  return result;
}

function partsOf(entries: number, size: number, from: number): { from: number; to: number }[] {
  const parts: { from: number; to: number }[] = [];
  for (let at = from; at <= entries; at += size) parts.push({ from: at, to: Math.min(at + size - 1, entries) });
  return parts;
}

/** So many at the same time, begun in their order. */
async function eachPart<Part>(parts: Part[], lanes: number, work: (part: Part) => Promise<void>): Promise<void> {
  const lane = async () => {
    for (let part = parts.shift(); part; part = parts.shift()) await work(part);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

const describe = ({ step, entries, recorded, decided, told }: StatementProgress) =>
  `**银行对账单 Bank statement**: ${step}\n\n共 ${entries} 笔，已登记 ${recorded}，已匹配 ${decided}，已告知 ${told} · ` +
  `${entries} entries, ${recorded} recorded, ${decided} decided, ${told} told`;
