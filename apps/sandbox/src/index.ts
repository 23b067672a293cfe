/**
 * The outside world on one machine: two SMS operators, bank, procurement platform, e-invoice service and courier, each with its own storage and a
 * page to look at. Xinyin reaches it only over HTTP, by the contracts in libs/gateways, as it would the real ones.
 * Promises: what was answered survives a kill and is answered the same again (idempotency keys hold across restarts); every fault it makes
 * was ordered and is counted; it calls nobody but the API.
 */
import express, { type ErrorRequestHandler, type Express } from 'express';
import helmet from 'helmet';
import { html } from '#documents';
import { readInput } from '#gateways';
import type { CallbackTarget } from './machine/callbacks.js';
import { growingPause } from './machine/callbacks.js';
import type { Key } from './machine/endpoint.js';
import { conditionOrder, createConditionBoard, type ConditionBoard } from './machine/conditions.js';
import { createFaultBoard, faultOrder, systemName, systems, type FaultBoard, type System } from './machine/faults.js';
import { createNonceMemory } from './machine/nonces.js';
import { problemOf, Refusal } from './machine/refusal.js';
import { page, stylesheet, systemWords } from './pages/layout.js';
import { openBank } from './systems/bank.js';
import { openCourier } from './systems/courier.js';
import { openInvoices } from './systems/invoice.js';
import { isForm, readMessage, show, wholeNumber } from './systems/people.js';
import { openPlatform } from './systems/platform.js';
import { openSms, type SmsOperator } from './systems/sms.js';
import type { OutsideSystem, RenderPdf, World } from './systems/system.js';

export type { CallbackTarget } from './machine/callbacks.js';
export type { RenderPdf } from './systems/system.js';

export interface SandboxOptions {
  folder: string;
  secrets: Record<System, Key>;
  renderPdf: RenderPdf;
  now?: () => Date;
  /** Where credits are pushed; without it they stand in the statement only. */
  bankPush?: CallbackTarget;
  /** Where the administrator's decisions are pushed; without it they are decided and nobody is told. */
  platformPush?: CallbackTarget;
  /** Where each operator reports what became of its messages; one without an address does not. */
  smsReceipts?: Partial<Record<SmsOperator, CallbackTarget>>;
  /** Where it is told what happens to parcels; without it, it is not. */
  courierPush?: CallbackTarget;
  /** How the faults `slow` and `out-of-order` pass their time. */
  wait?: (ms: number) => Promise<void>;
  /** Pause before a callback is tried again, after so many failures. */
  pauseMs?: (failed: number) => number;
}

export interface Sandbox {
  app: Express;
  close(): void;
}

export function createSandbox(options: SandboxOptions): Sandbox {
  const now = options.now ?? (() => new Date());
  const faults = createFaultBoard();
  const conditions = createConditionBoard(now);
  const wait = options.wait ?? ((ms) => new Promise<void>((done) => setTimeout(done, ms).unref()));
  const { folder, secrets, renderPdf, bankPush, platformPush, courierPush, smsReceipts = {}, pauseMs = growingPause } = options;
  const targets = { bankPush, platformPush, courierPush, smsReceipts };
  const world: World = { folder, secrets, renderPdf, ...targets, pauseMs, now, faults, conditions, wait, nonces: createNonceMemory(now) };
  const open: Record<System, OutsideSystem> = {
    sms: openSms(world, 'sms'),
    sms2: openSms(world, 'sms2'),
    bank: openBank(world),
    platform: openPlatform(world),
    invoice: openInvoices(world),
    courier: openCourier(world),
  };

  const app = express();
  app.disable('x-powered-by');
  // Plain HTTP on this machine: asking browsers for HTTPS would only break the forms.
  const contentSecurityPolicy = { directives: { upgradeInsecureRequests: null } };
  app.use(helmet({ contentSecurityPolicy, strictTransportSecurity: false, referrerPolicy: { policy: 'same-origin' } }));
  app.use(express.urlencoded({ extended: false, limit: '64kb' }));
  for (const system of systems) app.use(`/${system}`, open[system].router);
  addFaults(app, faults);
  addConditions(app, conditions);
  app.get('/health', (_, response) => void response.json({ status: 'ok' }));
  app.get('/style.css', (_, response) => void response.type('css').send(stylesheet));
  app.get('/', (_, response) => void response.send(startPage()));
  app.use(() => {
    throw new Refusal(404, 'NOT_FOUND');
  });
  app.use(answerFailure);
  return { app, close: () => systems.forEach((system) => open[system].close()) };
}

function addFaults(app: Express, faults: FaultBoard): void {
  const systemIn = (text: unknown) => readInput(systemName, text);
  app.post('/faults', express.json(), (request, response) => {
    const order = readMessage(request, faultOrder, ({ count, delayMs, ...form }) => ({
      ...form,
      ...(count === undefined ? {} : { count: wholeNumber(count) }),
      ...(delayMs === undefined ? {} : { delayMs: wholeNumber(delayMs) }),
    }));
    faults.set(order);
    show(request, response, order.system, order, 201);
  });
  app.get('/faults', (_, response) => void response.json(faults.list()));
  app.delete('/faults/:system', (request, response) => {
    faults.clear(systemIn(request.params.system));
    response.status(204).end();
  });
  app.post('/faults/:system/clear', (request, response) => {
    const system = systemIn(request.params.system);
    faults.clear(system);
    response.redirect(303, `/${system}`);
  });
}

function addConditions(app: Express, conditions: ConditionBoard): void {
  app.put('/conditions', express.json(), (request, response) => {
    const order = readInput(conditionOrder, request.body);
    conditions.set(order);
    response.json(order);
  });
  app.get('/conditions', (_, response) => void response.json(conditions.list()));
  app.delete('/conditions/:system', (request, response) => {
    conditions.clear(readInput(conditionOrder.shape.system, request.params.system));
    response.status(204).end();
  });
}

function startPage(): string {
  const cards = systems.map((system) => {
    const { zh, en, about } = systemWords[system];
    return html`<a class="card" href="/${system}"
      ><strong>${zh} <small lang="en">${en}</small></strong
      >${about}</a
    >`;
  });
  return page(null, html`<div class="cards">${cards}</div>`);
}

/** People get a page, machines a problem; neither gets to see what broke inside. */
const answerFailure: ErrorRequestHandler = (failure: unknown, request, response, next) => {
  if (response.headersSent) return next(failure);
  const problem = problemOf(failure);
  if (problem.status === 500)
    console.error(JSON.stringify({ event: 'failed', error: failure instanceof Error ? failure.name : 'unknown' }));
  if (!isForm(request)) return void response.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
  const fields = problem.errors?.map(({ field, code }) => html`<li>${field}: ${code}</li>`);
  const content = html`<section>
    <p class="bad">未能完成 Not done: ${problem.title}</p>
    ${
      fields &&
      html`<ul>
        ${fields}
      </ul>`
    }
    <p><a href="${request.get('referer')?.match(/^https?:\/\/[^/]+(\/[a-z]*)/)?.[1] ?? '/'}">返回 Back</a></p>
  </section>`;
  response.status(problem.status).send(page(null, content));
};
