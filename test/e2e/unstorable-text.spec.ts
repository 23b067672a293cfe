/** NUL and halves of characters: JSON and addresses can bring them in, Postgres cannot keep them. Refused by the field's name, never a failure of ours. */
import { jest } from '@jest/globals';
import type { Person } from '../../apps/launcher/src/demo/person.js';
import { openOffice, type Office } from '../world/office.js';
import { expectUntouched, invalid } from './refusal.js';

jest.setTimeout(60_000);

const NUL = 'TEXT_CONTROL_CHARACTER';
const HALF = 'TEXT_LONE_SURROGATE';
const CODE = '123456';
const CHALLENGE = 'A'.repeat(120);

describe('text that nothing can keep', () => {
  let office: Office;
  const callers: Record<string, Person> = {};
  beforeAll(async () => {
    office = await openOffice({ workers: false });
    callers['nobody'] = office.person();
    for (const role of ['dispatcher', 'finance', 'clerk', 'customer-service'] as const) callers[role] = await office.staff(role);
  }, 120_000);
  afterAll(async () => office.close(), 60_000);

  it.each<[string, string, string, object, Record<string, string>]>([
    ['nobody', 'POST', '/api/v1/unlocks', { serial: '\0', code: CODE, challenge: CHALLENGE }, { serial: NUL }],
    ['nobody', 'POST', '/api/v1/unlocks', { serial: '4a\ud800', code: CODE, challenge: CHALLENGE }, { serial: HALF }],
    ['nobody', 'POST', '/api/v1/installations/challenges', { serial: '4a\0' }, { serial: NUL }],
    ['nobody', 'POST', '/api/v1/login/codes', { phone: '1710000\u0000001' }, { phone: NUL }],
    ['nobody', 'POST', '/api/v1/login/staff', { username: 'clerk', password: 'x\0' }, { password: NUL }],
    [
      'customer-service',
      'POST',
      '/api/v1/unlocks/tickets',
      { certificate: '\0', contact: 'telephone', callBackConfirmed: true },
      { certificate: NUL },
    ],
    [
      'clerk',
      'POST',
      '/api/v1/drafts',
      { business: 'new\0', system: '\udc00', certificate: 'ff\0' },
      { business: NUL, system: HALF, certificate: NUL },
    ],
    [
      'dispatcher',
      'POST',
      '/api/v1/letters/XB-2026-000001/resending',
      { recipient: '李\0', phone: '17100000001', address: '交子大道 333 号' },
      { recipient: NUL },
    ],
  ])('%s, %s %s with %j', async (caller, method, path, json, fields) => {
    const attempt = () => person(caller).attempt(method, path, { json, headers: { 'Idempotency-Key': 'unstorable-text' } });
    await expectUntouched(office, attempt, invalid(fields));
  });

  it.each([
    ['clerk', '/api/v1/certificates?uscc=9151%00', { uscc: NUL }],
    ['clerk', '/api/v1/account-bindings?certificate=%00', { certificate: NUL }],
    ['finance', '/api/v1/credits?state=held%00', { state: NUL }],
    ['customer-service', '/api/v1/tasks?state=%00', { state: NUL }],
  ] as const)('%s, GET %s', async (caller, path, fields) => {
    await expectUntouched(office, () => person(caller).attempt('GET', path), invalid(fields));
  });

  const person = (name: string) => callers[name] ?? office.person();
});
