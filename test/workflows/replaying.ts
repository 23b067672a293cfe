/**
 * Every history that a workflow's specs have lived is done again from its beginning, as after a restart. What was lived on a warm worker can
 * differ: a query or an update that comes meanwhile ends the workflow task between a local activity and what follows it, and on replay the
 * two stand in one.
 */
import type { Client } from '@temporalio/client';
import { Worker } from '@temporalio/worker';
import { workflowBundle } from '../world/bundle.js';

export interface LivedHistory {
  workflowId: string;
  history: Awaited<ReturnType<ReturnType<Client['workflow']['getHandle']>['fetchHistory']>>;
}

/** Which of them a restarted worker could not go on with, and why. */
export async function unreplayable(lived: readonly LivedHistory[]): Promise<string[]> {
  const failed: string[] = [];
  const options = { workflowBundle: { codePath: await workflowBundle() } };
  for await (const { workflowId, error } of Worker.runReplayHistories(options, lived))
    if (error) failed.push(`${workflowId}: ${error.message}`);
  return failed;
}
