/** A day's bank statement: fetched and kept, then taken like any statement file, under what is in it. */
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { executeChild, ParentClosePolicy, patched, startChild } from '@temporalio/workflow';
import { addDays, shanghaiDay } from '#domain';
import { creditWorkflowId, statementFileWorkflowId, workflowTypes, type StatementInput, type StatementResult } from '../contract/index.js';
import { outside } from '../stages/proxies.js';
import { importStatementFile } from './import-statement-file.js';
import { scheduledTime } from './scheduled-time.js';

export async function importStatement({ day }: StatementInput): Promise<StatementResult> {
  // The morning run takes yesterday's statement, which is complete; a run made up after an outage takes that of its own day.
  const wanted = day ?? addDays(shanghaiDay(scheduledTime()), -1);
  if (!patched('statement-files')) return inOneStep(wanted);
  const { sha256 } = await outside.fetchStatement({ day: wanted });
  try {
    return await executeChild(importStatementFile, {
      workflowId: statementFileWorkflowId(sha256),
      args: [{ sha256 }],
      parentClosePolicy: ParentClosePolicy.ABANDON,
      staticSummary: `银行对账单 Bank statement ${wanted}`,
    });
  } catch (error) {
    // Somebody brought the same file, and it is being taken: it is one import.
    if (error instanceof WorkflowExecutionAlreadyStartedError) return { lines: 0, added: 0 };
    throw error;
  }
}

/** Runs that began before files were kept. */
async function inOneStep(day: string): Promise<StatementResult> {
  const { lines, added } = await outside.importStatement({ day });
  for (const credit of added) {
    await startChild(workflowTypes.matchCredit, {
      workflowId: creditWorkflowId(credit.referenceSha256),
      args: [{ creditId: credit.creditId }],
      parentClosePolicy: ParentClosePolicy.ABANDON,
      staticSummary: `银行入账 Bank credit (statement ${day})`,
    }).catch((error: unknown) => {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    });
  }
  return { lines, added: added.length };
}
