/** What really travels between the adapters and the sandbox, held against openapi.json by a reader that knows only that file. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { listen, specWorld } from './spec/world.js';

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
type Node = { [name: string]: Json };
const systems = ['sms', 'bank', 'platform', 'invoice', 'courier'] as const;
const folder = new URL('../../../libs/gateways/', import.meta.url);
const documents = Object.fromEntries(
  systems.map((system) => [system, JSON.parse(readFileSync(new URL(`${system}/openapi.json`, folder), 'utf8')) as Node]),
);

const at = (node: Json | undefined, ...path: string[]): Json | undefined =>
  path.reduce<Json | undefined>((here, step) => {
    const found = (here as Node | undefined)?.[step];
    const reference = (found as Node | undefined)?.['$ref'];
    return typeof reference === 'string' && here !== undefined ? resolve(reference) : found;
  }, node);
let root: Node;
const resolve = (reference: string): Json | undefined => at(root, ...reference.slice(2).split('/'));

/** The operation of a path as the contract writes it: `/statements/{day}` fits `/statements/2026-03-06`. */
function operationOf(system: string, method: string, path: string) {
  root = documents[system] ?? {};
  const names = Object.keys(root['paths'] as Node);
  const name = names.find((each) => new RegExp(`^${each.replace(/\{\w+\}/g, '[^/]+')}$`).test(path)) ?? 'not in the contract';
  return at(root, 'paths', name, method.toLowerCase());
}
const fits = (schema: Json | undefined, value: unknown) =>
  z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]).safeParse(value).success;

function problemsOf(exchange: Exchange): string[] {
  const operation = operationOf(exchange.system, exchange.method, exchange.path);
  const problems: string[] = [];
  if (operation === undefined) return ['unknown operation'];
  for (const parameter of ['Key', 'Timestamp', 'Nonce', 'Signature']) {
    const [name, schema] = [
      at(root, 'components', 'parameters', parameter, 'name'),
      at(root, 'components', 'parameters', parameter, 'schema'),
    ];
    if (!fits(schema, exchange.requestHeaders.get(String(name)))) problems.push(`header ${String(name)}`);
  }
  const bodySchema = at(operation, 'requestBody', 'content', 'application/json', 'schema');
  if (bodySchema === undefined ? exchange.requestBody !== '' : !fits(bodySchema, JSON.parse(exchange.requestBody)))
    problems.push('request body');

  const answer = at(operation, 'responses', String(exchange.status));
  if (answer === undefined) return [...problems, `status ${exchange.status}`];
  if (!/^[0-9a-f]{64}$/.test(exchange.answerHeaders.get('X-Xinyin-Answer-Signature') ?? '')) problems.push('answer signature');
  const type = (exchange.answerHeaders.get('content-type') ?? '').split(';')[0] ?? '';
  const schema = at(answer, 'content', type, 'schema');
  if (schema === undefined) problems.push(`answer type ${type}`);
  else if (!fits(schema, type === 'text/csv' ? exchange.answerBody : JSON.parse(exchange.answerBody))) problems.push('answer body');
  return problems;
}

interface Exchange {
  system: string;
  method: string;
  path: string;
  requestHeaders: Headers;
  requestBody: string;
  status: number;
  answerHeaders: Headers;
  answerBody: string;
}

const world = specWorld();
const recorded: Exchange[] = [];
const ears: { close(): void }[] = [];
/** Closed after the test, whatever becomes of it. */
async function hear(path: string) {
  const ear = await listen(path);
  ears.push(ear);
  return ear;
}
const plainFetch = globalThis.fetch;
beforeEach(async () => {
  recorded.length = 0;
  await world.start();
  globalThis.fetch = async (input, init) => {
    const response = await plainFetch(input, init);
    const url = new URL(String(input));
    const [, system = '', ...rest] = url.pathname.split('/');
    const requestHeaders = new Headers(init?.headers);
    if (requestHeaders.has('X-Xinyin-Key')) {
      recorded.push({
        system,
        method: init?.method ?? 'GET',
        path: `/${rest.join('/')}`,
        requestHeaders,
        requestBody: typeof init?.body === 'string' ? init.body : '',
        status: response.status,
        answerHeaders: response.headers,
        answerBody: await response.clone().text(),
      });
    }
    return response;
  };
});
afterEach(async () => {
  globalThis.fetch = plainFetch;
  for (const ear of ears.splice(0)) ear.close();
  await world.close();
});

const ACCOUNT = { uscc: '91510100MA6CEXAMP1', account: 'yp-0001' };
const SMS = { idempotencyKey: 'case-1/sms', phone: '13800138000', text: '您好', template: 'completed' };
const BINDING = { idempotencyKey: 'case-1/bind', ...ACCOUNT, certificateSerial: '0A', certificateName: '成都某某药业有限公司' };
const OWNED = { ...ACCOUNT, account: 'yp-0002', kind: 'drug-production' as const };
const REFERENCE = '0198c0de-0000-7000-8000-000000000001';
const SUBMISSION = { ...OWNED, idempotencyKey: 'case-1/account', reference: REFERENCE, certificateSerial: '0A' };
const LINES = [{ name: '服务费', quantity: 1, amountFen: 20000 }];
const ORDER = { idempotencyKey: 'case-1/invoice', title: '成都某某药业有限公司', taxNumber: ACCOUNT.uscc, amountFen: 20000, lines: LINES };
const RECEIVER = { name: '张三', phone: '13800138000', address: '某路 1 号', organisation: '' };
const PAYMENT = {
  idempotencyKey: 'refund-1-1',
  payeeName: '成都某某药业有限公司',
  payeeAccount: '5100123',
  amountFen: 1,
  remittance: '退款',
};
const ignored = () => undefined;

it('every request and answer, good or refused, is in the contract', async () => {
  const { sms, bank, platform, invoice, courier } = world.gateways;
  await sms.send(SMS);
  await sms.send({ ...SMS, text: '别的' }).catch(ignored);
  await world
    .gatewaysWith({}, () => new Date(0))
    .sms.send(SMS)
    .catch(ignored);
  await platform.roleAccount(ACCOUNT);
  await platform.bind(BINDING).catch(ignored);
  await world.people('POST', '/platform/role-accounts', { ...ACCOUNT, kind: 'drug-production', status: 'uncertified' });
  await platform.bind(BINDING).catch(ignored);
  await world.people('PATCH', '/platform/role-accounts', { ...ACCOUNT, status: 'certified' });
  await platform.roleAccount(ACCOUNT);
  await platform.bind(BINDING);
  await world.people('POST', '/platform/role-accounts', { ...OWNED, status: 'certified', password: 'open sesame' });
  await platform.checkAccount({ ...OWNED, password: 'wrong' });
  const { checkId } = await platform.checkAccount({ ...OWNED, password: 'open sesame' });
  await platform.submitAccount({ ...SUBMISSION, checkId: 'K-unknown' }).catch(ignored);
  await platform.submitAccount({ ...SUBMISSION, checkId: checkId ?? '' });
  await platform.submitAccount({ ...SUBMISSION, idempotencyKey: 'case-2/account', checkId: checkId ?? '' }).catch(ignored);
  await platform.unbindAccount({ ...OWNED, idempotencyKey: 'case-1/unbind' });
  await invoice.order(ORDER);
  await invoice.order({ ...ORDER, idempotencyKey: 'case-2/invoice', amountFen: 1 }).catch(ignored);
  await courier.createWaybill({ idempotencyKey: 'case-1/waybill', receiver: RECEIVER, contents: '证书盘' });
  await bank.pay(PAYMENT);
  await bank.pay({ ...PAYMENT, amountFen: 2 }).catch(ignored);
  await bank.payment(PAYMENT.idempotencyKey);
  await bank.payment('refund-unknown');
  await bank.statement('2026-03-06');
  await bank.statement('2026-02-30').catch(ignored);
  for (const system of systems) await world.people('POST', '/faults', { system, kind: 'error', count: 1 });
  await Promise.all(
    [sms.send(SMS), bank.statement('2026-03-06'), platform.roleAccount(ACCOUNT), invoice.order(ORDER)].map((call) => call.catch(ignored)),
  );

  expect(recorded.map(({ system, path, status }) => `${system} ${path} ${status}`)).toHaveLength(27);
  expect(recorded.flatMap((exchange) => problemsOf(exchange).map((problem) => `${exchange.path} ${exchange.status}: ${problem}`))).toEqual(
    [],
  );
});

it('and this check can fail: a message outside the contract is found', async () => {
  await world.gateways.sms.send({ ...SMS, phone: '110' }).catch(ignored);
  expect(recorded.map(problemsOf)).toEqual([['request body']]);
});

it('what the bank pushes is in the contract', async () => {
  const ear = await hear('/push');
  const pushing = specWorld({ bankPush: ear.target });
  await pushing.start();
  const transfer = { payerName: '', payerAccount: '', payerAccountType: 'personal', amountFen: 1, remittance: '' };
  await pushing.people('POST', '/bank/transfers', transfer);
  const [push] = await ear.until(1);
  root = documents['bank'] ?? {};
  expect(fits(at(root, 'components', 'schemas', 'Push'), push)).toBe(true);
  await pushing.close();
});

it('what an SMS operator reports is in the contract', async () => {
  const ear = await hear('/receipts');
  const reporting = specWorld({ smsReceipts: { sms: ear.target } });
  await reporting.start();
  await reporting.people('POST', '/faults', { system: 'sms', kind: 'undeliverable', count: 1 });
  await reporting.gateways.sms.send(SMS);
  await reporting.gateways.sms.send({ ...SMS, idempotencyKey: 'case-2/sms' });
  root = documents['sms'] ?? {};
  const schema = at(root, 'components', 'schemas', 'Receipt');
  expect((await ear.until(2)).map((told) => fits(schema, told))).toEqual([true, true]);
  await reporting.close();
});

it('what the bank reports of a payment is in the contract', async () => {
  const ear = await hear('/push-payments');
  const pushing = specWorld({ bankPush: { ...ear.target, url: ear.target.url.replace('-payments', '') } });
  await pushing.start();
  await pushing.people('POST', '/bank/accounts', { account: PAYMENT.payeeAccount, closed: true });
  await pushing.gateways.bank.pay(PAYMENT);
  const [told] = await ear.until(1);
  root = documents['bank'] ?? {};
  expect(fits(at(root, 'components', 'schemas', 'PaymentReport'), told)).toBe(true);
  await pushing.close();
});

it('what the platform pushes is in the contract', async () => {
  const ear = await hear('/decisions');
  const pushing = specWorld({ platformPush: ear.target });
  await pushing.start();
  await pushing.people('POST', '/platform/role-accounts', { ...OWNED, status: 'certified', password: 'open sesame' });
  const { checkId } = await pushing.gateways.platform.checkAccount({ ...OWNED, password: 'open sesame' });
  const { submissionId } = await pushing.gateways.platform.submitAccount({ ...SUBMISSION, checkId: checkId ?? '' });
  await pushing.people('POST', '/platform/accounts/decisions', { submissionId, decision: 'refused', reason: '名称不符' });
  const [told] = await ear.until(1);
  root = documents['platform'] ?? {};
  expect(fits(at(root, 'components', 'schemas', 'Decision'), told)).toBe(true);
  await pushing.close();
});
