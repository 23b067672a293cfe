import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sm2Verify } from '#pki';
import { INITIAL_USER_PIN, openTokenDrawer, type SoftwareToken } from './index.js';

const ADMIN_PIN = 'admin-4711';
const SERIAL = 'XY20261124001';
const CONTAINER = 'certificate-1';
const CHEAP = { cost: 2 ** 4, blockSize: 8, parallelization: 1 };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'token-spec-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const drawer = () => openTokenDrawer(folder, { adminPin: () => ADMIN_PIN, retryLimits: { user: 3, admin: 2 }, scrypt: CHEAP });
const blank = () => drawer().blank(SERIAL, '四川信印科技有限公司');
const inserted = () => drawer().insert(SERIAL);
const fileText = () => readFileSync(join(folder, `${SERIAL}.json`), 'utf8');
const refusal = (code: string, params?: object) => expect.objectContaining(params ? { code, params } : { code });

describe('the PIN', () => {
  it('has three tries here; the last one locks, and then the right PIN is refused too', () => {
    const token = blank();
    expect(() => token.login('00000000')).toThrow(refusal('TOKEN_PIN_WRONG', { left: 2 }));
    expect(() => token.login('00000000')).toThrow(refusal('TOKEN_PIN_WRONG', { left: 1 }));
    expect(() => token.login('00000000')).toThrow(refusal('TOKEN_PIN_LOCKED'));
    expect(() => token.login(INITIAL_USER_PIN)).toThrow(refusal('TOKEN_PIN_LOCKED'));
  });

  it('counts across restarts: three processes with one wrong try each lock the token', () => {
    blank();
    for (let attempt = 0; attempt < 3; attempt++) expect(() => inserted().login('00000000')).toThrow();
    expect(() => inserted().login(INITIAL_USER_PIN)).toThrow(refusal('TOKEN_PIN_LOCKED'));
    expect(inserted().describe().pins.user).toEqual({ left: 0, limit: 3 });
  });

  it('is counted before it is judged: a process that dies while judging has spent a try', () => {
    const token = blank();
    // The derivation fails in the middle of the login, as if the process died there.
    const content = fileText();
    writeFileSync(join(folder, `${SERIAL}.json`), content.replace(/"cost": 16/, '"cost": 17'));
    expect(() => token.login(INITIAL_USER_PIN)).toThrow();
    expect(token.describe().pins.user.left).toBe(2);
  });

  it('gets its full count back by a right try', () => {
    const token = blank();
    expect(() => token.login('00000000')).toThrow();
    token.login(INITIAL_USER_PIN);
    expect(token.describe().pins.user.left).toBe(3);
  });

  it('is changed with the old one; the old one is wrong from then on', () => {
    const token = blank();
    token.changePin(INITIAL_USER_PIN, 'new-pin-1');
    expect(() => token.login(INITIAL_USER_PIN)).toThrow(refusal('TOKEN_PIN_WRONG', { left: 2 }));
    expect(() => inserted().login('new-pin-1')).not.toThrow();
  });

  it('says whether it is still the initial one', () => {
    const token = blank();
    expect(token.describe().initialPin).toBe(true);
    token.changePin(INITIAL_USER_PIN, 'new-pin-1');
    expect(token.describe().initialPin).toBe(false);
  });

  it('spends a try when the old one is wrong', () => {
    const token = blank();
    expect(() => token.changePin('00000000', 'new-pin-1')).toThrow(refusal('TOKEN_PIN_WRONG', { left: 2 }));
  });

  it.each(['12345', '1'.repeat(17), '12 34 56', '口令口令口令'])('refuses %j as a new one without spending a try', (pin) => {
    const token = blank();
    expect(() => token.changePin('00000000', pin)).toThrow(refusal('INPUT_INVALID'));
    expect(token.describe().pins.user.left).toBe(3);
  });
});

describe('unblocking', () => {
  function locked(): SoftwareToken {
    const token = blank();
    for (let attempt = 0; attempt < 3; attempt++) expect(() => token.login('00000000')).toThrow();
    return token;
  }

  it('gives a new PIN and a full count, and the keys are still there', () => {
    const owner = blank();
    owner.login(INITIAL_USER_PIN);
    const publicKey = owner.generateSigningKey(CONTAINER);
    const token = locked();
    token.unblockPin(ADMIN_PIN, 'new-pin-1');
    token.login('new-pin-1');
    expect(token.describe().pins.user).toEqual({ left: 3, limit: 3 });
    expect(sm2Verify(publicKey, Buffer.from('text'), token.sign(CONTAINER, Buffer.from('text')))).toBe(true);
  });

  it('spends the administrator’s count, not the user’s, and locks it too', () => {
    const token = blank();
    expect(() => token.unblockPin('wrong-pin', 'new-pin-1')).toThrow(refusal('TOKEN_PIN_WRONG', { left: 1 }));
    expect(token.describe().pins).toEqual({ user: { left: 3, limit: 3 }, admin: { left: 1, limit: 2 } });
    expect(() => inserted().unblockPin('wrong-pin', 'new-pin-1')).toThrow(refusal('TOKEN_PIN_LOCKED'));
    expect(() => inserted().unblockPin(ADMIN_PIN, 'new-pin-1')).toThrow(refusal('TOKEN_PIN_LOCKED'));
  });

  it('the administrator’s PIN does not log in', () => {
    expect(() => blank().login(ADMIN_PIN)).toThrow(refusal('TOKEN_PIN_WRONG', { left: 2 }));
  });
});

it('a token as it is delivered has the real cost of a try in its file', () => {
  openTokenDrawer(folder).blank('REAL', 'real');
  const { pins } = JSON.parse(readFileSync(join(folder, 'REAL.json'), 'utf8')) as { pins: Record<string, { scrypt: object }> };
  const cost = { cost: 32_768, blockSize: 8, parallelization: 1 };
  expect([pins['user']?.scrypt, pins['admin']?.scrypt]).toEqual([cost, cost]);
});
