/** Decisions go to a case or a batch as updates, under an id of the caller's: sent twice, they are done once. */
import { createHash } from 'node:crypto';
import { stageRefused, XinyinError, type ErrorCode } from '#domain';
import { endedMeanwhile, isNotReady } from '#temporal';
import { Injectable } from '@nestjs/common';
import type { UpdateDefinition } from '@temporalio/common';
import { stringify as uuidOf } from 'uuid';
import { ApiContext } from './context.js';

/** How long a person waits for the engine before being asked to try again; what was sent is kept. */
const PATIENCE_MS = 10_000;
/** Each meets the workflow in another task. */
const ATTEMPTS = 5;

@Injectable()
export class Decisions {
  constructor(private readonly context: ApiContext) {}

  /** Of a member of staff, who stands in it; the same key is the same decision. */
  async signed<Answer, Input extends { by: string }>(
    workflowId: string,
    definition: UpdateDefinition<Answer, [Input]>,
    key: string,
    decision: Input,
    absent?: ErrorCode,
  ): Promise<Answer> {
    return this.send(workflowId, definition, decisionIdOf(decision.by, key), decision, absent);
  }

  async send<Answer, Input>(
    workflowId: string,
    definition: UpdateDefinition<Answer, [Input]>,
    updateId: string,
    input: Input,
    absent: ErrorCode = 'STAGE_REFUSES',
  ): Promise<Answer> {
    const { engine } = this.context;
    const handle = engine.workflow.getHandle(workflowId);
    const until = Date.now() + PATIENCE_MS;
    // The same id again is the same decision: again where the workflow was in the middle of a task.
    const attempt = (left: number): Promise<Answer> =>
      engine
        .withDeadline(until, () => handle.executeUpdate<Answer, [Input]>(definition, { updateId, args: [input] }))
        .catch((error: unknown) => {
          if (left > 1 && isNotReady(error)) return attempt(left - 1);
          throw error;
        });
    try {
      return await attempt(ATTEMPTS);
    } catch (error) {
      // A case that has ended, or has not begun: nothing can be decided there.
      if (endedMeanwhile(error)) throw absent === 'STAGE_REFUSES' ? stageRefused('closed') : new XinyinError(absent, { cause: error });
      throw error;
    }
  }
}

/** A decision's id is fixed by who sends it and under which key, so that a request repeated after a lost answer is the same decision. */
export function decisionIdOf(staffId: string, key: string): string {
  const bytes = createHash('sha256').update(`${staffId}/${key}`).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return uuidOf(bytes);
}
