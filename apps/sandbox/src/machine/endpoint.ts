/**
 * A machine's way in: the signature is checked, the fault that was ordered happens, the work is done, and the answer is signed. One place for all
 * systems, so that none of them can forget a step.
 */
import express, { type Request, type RequestHandler, type Response } from 'express';
import type { z } from 'zod';
import { ANSWER_HEADER, REQUEST_HEADERS, readInput, signAnswer, verifySignedRequest } from '#gateways';
import { Refusal, problemOf } from './refusal.js';
import type { ConditionBoard } from './conditions.js';
import type { FaultBoard, FaultHit, FaultKind, System } from './faults.js';
import type { NonceMemory } from './nonces.js';

export interface Key {
  keyId: string;
  secret: string;
}

export interface Gate {
  secrets: Record<System, Key>;
  now: () => Date;
  faults: FaultBoard;
  conditions: ConditionBoard;
  nonces: NonceMemory;
  wait: (ms: number) => Promise<void>;
}

export interface Answer {
  contentType: string;
  body: string;
}
export const json = (value: object): Answer => ({ contentType: 'application/json; charset=utf-8', body: JSON.stringify(value) });

/** `again` is true for the second run of a duplicated request. */
type Work<Message> = (message: Message, request: Request, again: boolean) => Promise<Answer>;

// For the bank, twice and out of order are about what it pushes (systems/bank.ts); reading a statement twice would show nothing.
const WAYS_IN: Record<System, readonly FaultKind[]> = {
  sms: ['slow', 'error', 'lost-answer', 'duplicate', 'out-of-order'],
  sms2: ['slow', 'error', 'lost-answer', 'duplicate', 'out-of-order'],
  bank: ['slow', 'error', 'lost-answer'],
  platform: ['slow', 'error', 'lost-answer', 'duplicate', 'out-of-order'],
  invoice: ['slow', 'error', 'lost-answer', 'duplicate', 'out-of-order'],
  courier: ['slow', 'error', 'lost-answer', 'duplicate', 'out-of-order'],
};
const SLOW_MS = 3_000;
const OVERTAKEN_AFTER_MS = 2_000;

/** Makes the endpoints of one system. `schema` reads the JSON body; null for a request without one. */
export function machineOf(gate: Gate, system: System) {
  const overtaking = createOvertaking(gate.wait);
  return <S extends z.ZodType>(schema: S | null, work: Work<z.output<S>>): RequestHandler[] => [
    express.raw({ type: () => true, limit: '1mb' }),
    async (request, response) => {
      const rawBody = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
      const reply = (status: number, answer: Answer) => send(request, response, status, answer, gate.secrets[system]);
      try {
        await checkSignature(gate, system, request, rawBody);
        await meetConditions(gate, system);
        const fault = gate.faults.take(system, WAYS_IN[system]);
        if (fault?.kind === 'error') throw new Refusal(503, 'FAULT_ORDERED');
        if (fault?.kind === 'slow') await gate.wait(fault.delayMs ?? SLOW_MS);
        if (fault?.kind === 'out-of-order') await overtaking.hold(fault.delayMs ?? OVERTAKEN_AFTER_MS);

        const message = schema ? readInput(schema, parseJson(rawBody)) : (undefined as z.output<S>);
        let answer = await work(message, request, false);
        if (fault?.kind === 'duplicate') answer = await work(message, request, true);
        if (fault?.kind === 'lost-answer') return await loseAnswer(gate, response, fault);
        reply(200, answer);
        if (fault?.kind !== 'out-of-order') overtaking.release();
      } catch (failure) {
        const problem = problemOf(failure);
        if (failure instanceof Refusal && failure.retryAfterSeconds !== null)
          response.setHeader('Retry-After', String(failure.retryAfterSeconds));
        if (problem.status === 500) console.error(JSON.stringify({ event: 'failed', system, error: nameOf(failure) }));
        reply(problem.status, { contentType: 'application/problem+json', body: JSON.stringify(problem) });
      }
    },
  ];
}

/** Too many are sent away at once; the others take their time, and some of them fail after it. */
async function meetConditions(gate: Gate, system: System): Promise<void> {
  const meeting = gate.conditions.meet(system);
  if (meeting.becomes === 'limited') throw new Refusal(429, 'TOO_MANY_REQUESTS', meeting.retryAfterSeconds);
  if (meeting.latencyMs > 0) await gate.wait(meeting.latencyMs);
  if (meeting.becomes === 'error') throw new Refusal(503, 'ERROR_SHARE');
}

async function checkSignature(gate: Gate, system: System, request: Request, rawBody: Buffer): Promise<void> {
  const { keyId, secret } = gate.secrets[system];
  await verifySignedRequest(
    { method: request.method, path: request.originalUrl, headers: request.headers, rawBody },
    { secretFor: (asked) => (asked === keyId ? secret : undefined), now: gate.now, rememberNonce: gate.nonces.remember },
  );
}

function send(request: Request, response: Response, status: number, answer: Answer, key: Key): void {
  const body = Buffer.from(answer.body, 'utf8');
  const nonce = request.headers[REQUEST_HEADERS.nonce];
  // Refusals are signed too, for whoever uses our key: so the caller can tell them from those of a proxy.
  if (typeof nonce === 'string' && request.headers[REQUEST_HEADERS.key] === key.keyId) {
    response.setHeader(ANSWER_HEADER, signAnswer({ status, nonce, body, secret: key.secret }));
  }
  response.status(status).setHeader('Content-Type', answer.contentType).end(body);
}

/** The work is done and nobody hears of it. With `delayMs` the connection then breaks; without, the caller runs into its own timeout. */
async function loseAnswer(gate: Gate, response: Response, fault: FaultHit): Promise<void> {
  if (fault.delayMs === undefined) return;
  await gate.wait(fault.delayMs);
  response.socket?.destroy();
}

/** Out of order: a request is kept until another one of the system has been answered, or until it has waited long enough. */
function createOvertaking(wait: (ms: number) => Promise<void>) {
  let kept: (() => void)[] = [];
  return {
    hold: (longestMs: number) => Promise.race([new Promise<void>((go) => kept.push(go)), wait(longestMs)]),
    release: () => {
      for (const go of kept) go();
      kept = [];
    },
  };
}

function parseJson(rawBody: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(rawBody));
  } catch {
    throw new Refusal(400, 'BODY_MALFORMED');
  }
}

/** The kind of failure only: its message may quote what was sent. */
function nameOf(failure: unknown): string {
  return failure instanceof Error ? failure.name : 'unknown';
}
