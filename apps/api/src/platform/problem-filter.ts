/** The one place where an error becomes an answer. What is not ours is logged with its request id and told as INTERNAL. */
import { stageRefused, XinyinError, type ErrorCode } from '#domain';
import { failureCode, isEngineAway } from '#temporal';
import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { ApiContext } from './context.js';
import { methodsAt, pathOf } from './methods.js';
import { toProblem } from './problem.js';
import { requestId } from './request-id.js';

const BY_STATUS: Partial<Record<number, ErrorCode>> = {
  400: 'BODY_MALFORMED',
  401: 'LOGIN_REQUIRED',
  404: 'NOT_FOUND',
  405: 'METHOD_NOT_ALLOWED',
  413: 'BODY_TOO_LARGE',
  415: 'BODY_TYPE',
  429: 'RATE_LIMITED',
};

@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly context: ApiContext) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<Response>();
    const request = host.switchToHttp().getRequest<Request>();
    const id = requestId(response);
    const known = recognise(error, request);
    if (known.code === 'INTERNAL')
      this.context.log.error({ requestId: id, failure: classOf(error), stack: stackOf(error) }, 'unexpected error');
    this.context.metrics.refusals.inc({ code: known.code });
    if (response.headersSent) return void response.destroy();
    if (known.code === 'RATE_LIMITED' || known.params['seconds']) response.setHeader('Retry-After', String(known.params['seconds'] ?? 60));
    if (known.code === 'UNAVAILABLE') response.setHeader('Retry-After', '60');
    if (known.code === 'METHOD_NOT_ALLOWED') response.setHeader('Allow', methodsAt(request).join(', '));
    const problem = toProblem(known, pathOf(request), id);
    response.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
  }
}

function recognise(error: unknown, request: Request): XinyinError {
  if (error instanceof XinyinError) return error;
  const code = failureCode(error);
  if (code) return code === 'STAGE_REFUSES' ? stageRefused() : new XinyinError(code);
  if (isDatabaseAway(error) || isEngineAway(error)) return new XinyinError('UNAVAILABLE', { cause: error });
  const status = error instanceof HttpException ? error.getStatus() : httpStatusOf(error);
  if (status === 404 && methodsAt(request).length > 0) return new XinyinError('METHOD_NOT_ALLOWED', { cause: error });
  const byStatus = BY_STATUS[status];
  return new XinyinError(byStatus ?? 'INTERNAL', { cause: error });
}

/** Body parsers throw plain errors with a status. */
function httpStatusOf(error: unknown): number {
  return error instanceof Error && 'status' in error && typeof error.status === 'number' ? error.status : 500;
}

/** SQLSTATE classes 08 (connection), 57P (shutdown, starting up), 53300 (too many connections), and what the driver says of a dead socket. */
function isDatabaseAway(error: unknown): boolean {
  const { code, message } = factsOf(error);
  return (
    /^(08|57P|53300)/.test(code) ||
    /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT)$/.test(code) ||
    /Connection terminated|timeout exceeded when trying to connect|Driver not Connected|Client has encountered a connection error/i.test(
      message,
    )
  );
}

/** By what it holds, not by its class: sockets' errors are made by Node itself, in another realm than a test's. */
function factsOf(error: unknown): { code: string; message: string } {
  const facts = typeof error === 'object' && error !== null ? (error as { code?: unknown; message?: unknown }) : {};
  return { code: String(facts.code ?? ''), message: String(facts.message ?? '') };
}

const classOf = (error: unknown) => (error instanceof Error ? error.name : typeof error);
/** The stack without its first line, which holds the message and may quote data. */
const stackOf = (error: unknown) =>
  error instanceof Error
    ? error.stack
        ?.split('\n')
        .filter((line) => line.trimStart().startsWith('at '))
        .slice(0, 12)
    : undefined;
