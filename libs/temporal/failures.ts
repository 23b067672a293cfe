/** Errors of ours on their way through the engine and back. */
import { isErrorCode, XinyinError, type ErrorCode } from '#domain';
import {
  isGrpcServiceError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import { ApplicationFailure, TemporalFailure } from '@temporalio/common';

/** What an activity throws into the engine: the code alone. The words are looked up again where a person reads them. */
export function toFailure(error: unknown): Error {
  if (error instanceof TemporalFailure) return error;
  if (error instanceof XinyinError) {
    const { retryAfterMs } = error.params;
    return ApplicationFailure.create({
      message: error.code,
      type: error.code,
      nonRetryable: !error.retryable,
      details: error.fields.length > 0 ? [error.fields] : [],
      // Whoever asked for a pause is not called before it is over.
      ...(typeof retryAfterMs === 'number' ? { nextRetryDelay: retryAfterMs } : {}),
    });
  }
  // An unknown error may quote a name or a phone (a database message does): its class is enough for the history, the log has the rest.
  const name = error instanceof Error ? error.name : 'Error';
  return ApplicationFailure.create({ message: name, type: 'INTERNAL', nonRetryable: false });
}

/** The code behind a failed update, start or activity, or null when it is none of ours. */
export function failureCode(error: unknown): ErrorCode | null {
  for (let each: unknown = error; each instanceof Error; each = each.cause) {
    if (each instanceof XinyinError) return each.code;
    if (each instanceof ApplicationFailure && each.type && isErrorCode(each.type)) return each.type;
  }
  return null;
}

/** True when the engine or its workers cannot be reached just now: the caller may try the same again. */
export function isEngineAway(error: unknown): boolean {
  for (let each: unknown = error; each instanceof Error; each = each.cause) {
    if (each instanceof WorkflowUpdateRPCTimeoutOrCancelledError) return true;
    // gRPC status 4 DEADLINE_EXCEEDED, 14 UNAVAILABLE, 8 RESOURCE_EXHAUSTED, 1 CANCELLED by our own deadline.
    if (isGrpcServiceError(each) && [1, 4, 8, 14].includes(each.code)) return true;
  }
  return isNotReady(error);
}

/** True when the workflow ended before it answered an update: the server says so in a failure of its own type. */
export const endedMeanwhile = (error: unknown): boolean =>
  error instanceof WorkflowNotFoundError || serverRefused(error, 'AcceptedUpdateCompletedWorkflow');

/**
 * True when an update could not be taken just then; sent again under its id, it is taken or refused. Its workflow's task is being done again
 * (gRPC 9 FAILED_PRECONDITION, 10 ABORTED), or was in the middle of a local activity, whose end the worker reports without a word on the update.
 */
export function isNotReady(error: unknown): boolean {
  for (let each: unknown = error; each instanceof Error; each = each.cause)
    if ((isGrpcServiceError(each) && [9, 10].includes(each.code)) || serverRefused(each, 'UnprocessedUpdate')) return true;
  return false;
}

/** An update that the server itself gave up, and no workflow of ours has seen. */
function serverRefused(error: unknown, type: 'AcceptedUpdateCompletedWorkflow' | 'UnprocessedUpdate'): boolean {
  return error instanceof WorkflowUpdateFailedError && error.cause instanceof ApplicationFailure && error.cause.type === type;
}
