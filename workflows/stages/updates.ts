/** Decisions reach a workflow as updates. Whether one is allowed depends on where the case stands, never on its content. */
import type { ErrorCode } from '#domain';
import type { UpdateDefinition } from '@temporalio/common';
import { ApplicationFailure, setHandler } from '@temporalio/workflow';

/** Registers an update. `refuse` is synchronous, changes nothing, and throws before anything is recorded; it sees what an operator typed. */
export function onUpdate<Answer, Input>(
  definition: UpdateDefinition<Answer, [Input]>,
  handler: (input: Input) => Promise<Answer>,
  refuse: (input: Input) => void,
  description?: string,
): void {
  setHandler(definition, handler, { validator: refuse, description });
}

export function refuseUnless(allowed: boolean, code: ErrorCode): void {
  if (!allowed) throw ApplicationFailure.nonRetryable(code, code);
}
