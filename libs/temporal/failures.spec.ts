import { errorTable, fieldError, XinyinError, type ErrorCode } from '#domain';
import { WorkflowNotFoundError, WorkflowUpdateFailedError, WorkflowUpdateRPCTimeoutOrCancelledError } from '@temporalio/client';
import { ActivityFailure, ApplicationFailure, CancelledFailure, RetryState } from '@temporalio/common';
import { endedMeanwhile, failureCode, isEngineAway, isNotReady, toFailure } from './failures.js';

const codes = Object.keys(errorTable) as ErrorCode[];
const SECRET = '13800138000';
const asApplicationFailure = (error: unknown): ApplicationFailure => {
  const failure = toFailure(error);
  if (failure instanceof ApplicationFailure) return failure;
  throw new Error('no application failure');
};
/** As the server says it where a worker ended its task without a word on the update. */
const unprocessed = new WorkflowUpdateFailedError(
  'failed',
  ApplicationFailure.nonRetryable('not processed by worker', 'UnprocessedUpdate'),
);
/** An error as gRPC throws it. */
const grpc = (code: number) => Object.assign(new Error('14 UNAVAILABLE'), { code, details: '', metadata: {} });

describe('an error of ours in the engine', () => {
  it.each(codes)('%s keeps its code and is tried again as its row says', (code) => {
    const failure = asApplicationFailure(new XinyinError(code));
    expect(failure).toMatchObject({ type: code, message: code, nonRetryable: !errorTable[code].retryable });
    expect(failureCode(failure)).toBe(code);
  });

  it('names the wrong fields, and takes nothing else with it', () => {
    const failure = asApplicationFailure(fieldError('organisation/uscc', 'USCC_CHECK_DIGIT'));
    expect(failure.details).toEqual([[{ field: 'organisation/uscc', code: 'USCC_CHECK_DIGIT', params: {} }]]);
    expect(asApplicationFailure(new XinyinError('NOT_FOUND', { params: { number: 'XB-2026-000001' } })).details).toEqual([]);
  });

  it('is tried again when whoever refused it has asked for, and otherwise when the engine says', () => {
    const params = { system: 'platform', status: 429, retryAfterMs: 1000 };
    expect(asApplicationFailure(new XinyinError('GATEWAY_UNAVAILABLE', { params })).nextRetryDelay).toBe(1000);
    expect(asApplicationFailure(new XinyinError('GATEWAY_UNAVAILABLE')).nextRetryDelay).toBeUndefined();
  });

  it('leaves its cause behind, which may quote data', () => {
    const failure = asApplicationFailure(new XinyinError('GATEWAY_REFUSED', { cause: new Error(SECRET) }));
    expect(failure.cause).toBeUndefined();
  });
});

describe('any other error in the engine', () => {
  it.each([
    ['an error with data in its message', new RangeError(`phone ${SECRET}`), 'RangeError'],
    [
      'a database error',
      Object.assign(new Error(`Key (phone)=(${SECRET})`), { name: 'QueryFailedError', parameters: [SECRET] }),
      'QueryFailedError',
    ],
    ['a thrown text', SECRET, 'Error'],
    ['nothing', undefined, 'Error'],
  ])('%s: its class alone, to be tried again', (_, error, name) => {
    const failure = asApplicationFailure(error);
    expect(failure).toMatchObject({ type: 'INTERNAL', message: name, nonRetryable: false });
    expect(JSON.stringify([failure.message, failure.details, failure.cause])).not.toContain(SECRET);
    expect(failure.stack ?? '').not.toContain(SECRET);
  });

  it.each([
    ['a failure of the engine', new CancelledFailure('cancelled')],
    ['a failure made before', ApplicationFailure.nonRetryable('FOUR_EYES', 'FOUR_EYES')],
  ])('%s passes as it is', (_, failure) => {
    expect(toFailure(failure)).toBe(failure);
  });
});

describe('the code behind an error', () => {
  const refused = ApplicationFailure.nonRetryable('STAGE_REFUSES', 'STAGE_REFUSES');

  it('is found beneath what the engine wraps around it', () => {
    const activity = new ActivityFailure(
      'Activity task failed',
      'recordDecision',
      '1',
      RetryState.NON_RETRYABLE_FAILURE,
      'worker',
      refused,
    );
    expect(failureCode(activity)).toBe('STAGE_REFUSES');
    expect(failureCode(new WorkflowUpdateFailedError('Workflow Update failed', refused))).toBe('STAGE_REFUSES');
  });

  it.each([
    ['an error of ours itself', new XinyinError('FOUR_EYES'), 'FOUR_EYES'],
    ['an error caused by one of ours', new Error('call failed', { cause: new XinyinError('CLAIM_HELD') }), 'CLAIM_HELD'],
    ['a failure of a type we do not know', ApplicationFailure.nonRetryable('x', 'TypeError'), null],
    ['a failure of a type that only looks like one', ApplicationFailure.nonRetryable('x', 'toString'), null],
    ['a plain error', new Error('FOUR_EYES'), null],
    ['a text', 'FOUR_EYES', null],
    ['nothing', undefined, null],
  ])('%s', (_, error, code) => {
    expect(failureCode(error)).toBe(code);
  });
});

describe('whether the engine is away', () => {
  it.each([
    ['gRPC 14 UNAVAILABLE', grpc(14), true],
    ['gRPC 4 DEADLINE_EXCEEDED', grpc(4), true],
    ['gRPC 8 RESOURCE_EXHAUSTED', grpc(8), true],
    ['gRPC 1 CANCELLED', grpc(1), true],
    ['gRPC 9 FAILED_PRECONDITION', grpc(9), true],
    ['gRPC 10 ABORTED', grpc(10), true],
    ['an error caused by gRPC 14', new Error('no connection', { cause: grpc(14) }), true],
    ['an update that got no answer in time', new WorkflowUpdateRPCTimeoutOrCancelledError('timed out'), true],
    ['gRPC 3 INVALID_ARGUMENT', grpc(3), false],
    ['gRPC 5 NOT_FOUND', grpc(5), false],
    ['gRPC 7 PERMISSION_DENIED', grpc(7), false],
    ['an error of ours', new XinyinError('UNAVAILABLE'), false],
    ['a refused update', new WorkflowUpdateFailedError('failed', ApplicationFailure.nonRetryable('x', 'FOUR_EYES')), false],
    ['an update that no worker has looked at', unprocessed, true],
    ['nothing', undefined, false],
  ])('%s: %s', (_, error, away) => {
    expect(isEngineAway(error)).toBe(away);
  });
});

describe('an update whose workflow moved on', () => {
  const completed = ApplicationFailure.nonRetryable('completed before', 'AcceptedUpdateCompletedWorkflow');

  it.each([
    ['the workflow is gone', new WorkflowNotFoundError('not found', 'application/1', undefined), true],
    ['it ended before it answered', new WorkflowUpdateFailedError('failed', completed), true],
    ['it refused', new WorkflowUpdateFailedError('failed', ApplicationFailure.nonRetryable('x', 'FOUR_EYES')), false],
    ['that failure from elsewhere', completed, false],
    ['the engine is away', grpc(14), false],
  ])('%s: ended meanwhile %s', (_, error, ended) => {
    expect(endedMeanwhile(error)).toBe(ended);
  });

  it.each([
    ['gRPC 9 FAILED_PRECONDITION', grpc(9), true],
    ['gRPC 10 ABORTED beneath another', new Error('update failed', { cause: grpc(10) }), true],
    ['an update that no worker has looked at', unprocessed, true],
    ['a refused update', new WorkflowUpdateFailedError('failed', ApplicationFailure.nonRetryable('x', 'FOUR_EYES')), false],
    ['gRPC 14 UNAVAILABLE', grpc(14), false],
    ['nothing', undefined, false],
  ])('%s: not ready %s', (_, error, notReady) => {
    expect(isNotReady(error)).toBe(notReady);
  });
});
