/**
 * A statement file, `bank-statement/<sha256>`: read whole or refused whole, recorded in parts, its reversals linked, then decided in parts,
 * each case told. Every step finds what was done before, so a run that died, or is started again, adds nothing twice.
 */
import { ApplicationFailure, WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { continueAsNew, ParentClosePolicy, setCurrentDetails, setHandler, startChild } from '@temporalio/workflow';
import {
  reversalWorkflowId,
  statementProgress,
  type StatementFileInput,
  type StatementProgress,
  type StatementResult,
} from '../contract/index.js';
import { statements } from '../stages/proxies.js';
import { tellCase } from './match-credit.js';
import { reverseCredit } from './reverse-credit.js';

/** D: entries of one transaction: about a second's work, so that progress shows and little is done again. */
const PART = 500;
/** Cases told of by one run, a signal each; the next run goes on with the next part. Counted for the reason in preparing.ts. */
const TOLD_A_RUN = 2_000;

export async function importStatementFile({ sha256, resume }: StatementFileInput): Promise<StatementResult> {
  const progress: StatementProgress = { step: 'reading', entries: 0, recorded: 0, decided: 0 };
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
  if (resume?.step !== 'deciding') {
    for (const part of partsOf(entries, resume?.from)) {
      await statements.recordStatementPart({ sha256, ...part });
      tell({ recorded: part.to });
    }
    const { reversed } = await statements.linkReversals({ sha256 });
    for (const creditId of reversed) await takenBack(creditId);
  }
  tell({ step: 'deciding', recorded: entries });
  let told = 0;
  for (const part of partsOf(entries, resume?.step === 'deciding' ? resume.from : 1)) {
    // Each case that is told stands in the history, and a history has an end.
    if (told >= TOLD_A_RUN) await continueAsNew<typeof importStatementFile>({ sha256, resume: { step: 'deciding', from: part.from } });
    const { notices } = await statements.decideStatementPart({ sha256, ...part });
    await Promise.all(notices.map(({ applicationId, ...notice }) => tellCase(applicationId, notice)));
    told += notices.length;
    tell({ decided: part.to });
  }
  const result = await statements.closeStatement({ sha256 });
  tell({ step: 'done', decided: entries });
  return result;
}

function partsOf(entries: number, from = 1): { from: number; to: number }[] {
  const parts: { from: number; to: number }[] = [];
  for (let at = from; at <= entries; at += PART) parts.push({ from: at, to: Math.min(at + PART - 1, entries) });
  return parts;
}

/** What the credit was to be refunded for hears of it. A run that has begun already does the same. */
async function takenBack(creditId: string): Promise<void> {
  await startChild(reverseCredit, {
    workflowId: reversalWorkflowId(creditId),
    args: [{ creditId }],
    parentClosePolicy: ParentClosePolicy.ABANDON,
    staticSummary: '冲正 Reversal',
  }).catch((error: unknown) => {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  });
}

const describe = ({ step, entries, recorded, decided }: StatementProgress) =>
  `**银行对账单 Bank statement**: ${step}\n\n共 ${entries} 笔，已登记 ${recorded}，已匹配 ${decided} · ${entries} entries, ${recorded} recorded, ${decided} decided`;
