import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { exportSpki } from '#pki';
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

function loggedIn(): SoftwareToken {
  const token = blank();
  token.login(INITIAL_USER_PIN);
  return token;
}

function withKey(): { token: SoftwareToken; publicKey: ReturnType<SoftwareToken['generateSigningKey']> } {
  const token = loggedIn();
  return { token, publicKey: token.generateSigningKey(CONTAINER) };
}

describe('a blank token', () => {
  it('opens with the PIN that every token is delivered with', () => {
    expect(() => blank().login('12345678')).not.toThrow();
  });

  it('is the same token when asked for again, with its keys', () => {
    const { publicKey } = withKey();
    const again = drawer().blank(SERIAL, 'another label');
    again.login(INITIAL_USER_PIN);
    expect(exportSpki(again.generateSigningKey(CONTAINER))).toEqual(exportSpki(publicKey));
    expect(again.describe().label).toBe('四川信印科技有限公司');
  });

  it.each(['../outside', 'a/b', '', '.hidden', 'x'.repeat(65)])(
    'refuses the serial number %j, which would be a file name',
    (serialNumber) => {
      expect(() => drawer().blank(serialNumber, 'label')).toThrow(refusal('INPUT_INVALID'));
      expect(() => drawer().insert(serialNumber)).toThrow(refusal('NOT_FOUND'));
    },
  );

  it('is found in the drawer, and nothing else is', () => {
    blank();
    writeFileSync(join(folder, 'notes.txt'), '');
    expect(drawer().serialNumbers()).toEqual([SERIAL]);
    expect(() => drawer().insert('OTHER')).toThrow(refusal('NOT_FOUND'));
  });
});

describe('the file', () => {
  it('is its owner’s alone', () => {
    blank();
    expect(statSync(join(folder, `${SERIAL}.json`)).mode & 0o777).toBe(0o600);
  });

  it('shows no secret through the token object', () => {
    const { token } = withKey();
    const shown = inspect(token, { depth: 9, showHidden: true }) + JSON.stringify(token) + JSON.stringify(token.describe());
    expect(shown).not.toMatch(/PRIVATE|sealed|Buffer/);
  });

  it('is not misled by what a crash left: a half-written copy beside it and the lock of a dead process', () => {
    const { publicKey } = withKey();
    writeFileSync(join(folder, `${SERIAL}.json.99.abc.tmp`), fileText().slice(0, 100));
    // Process numbers end at 4194304 (Linux) and 99999 (macOS).
    writeFileSync(join(folder, `${SERIAL}.json.lock`), '99999999');
    const again = inserted();
    again.login(INITIAL_USER_PIN);
    expect(exportSpki(again.generateSigningKey(CONTAINER))).toEqual(exportSpki(publicKey));
    expect(drawer().serialNumbers()).toEqual([SERIAL]);
  });

  it('leaves nothing beside itself', () => {
    withKey();
    expect(readdirSync(folder)).toEqual([`${SERIAL}.json`]);
  });

  it.each([
    ['half a file', (text: string) => text.slice(0, 200)],
    ['an empty file', () => ''],
    ['the file of another token', (text: string) => text.replaceAll(SERIAL, 'XY20261124002')],
    ['an unknown field', (text: string) => text.replace('"label"', '"colour": 1, "label"')],
  ])('is refused as it is: %s', (_what, damage) => {
    blank();
    writeFileSync(join(folder, `${SERIAL}.json`), damage(fileText()));
    expect(() => inserted()).toThrow(refusal('TOKEN_CONTENT'));
    expect(() => blank()).toThrow(refusal('TOKEN_CONTENT'));
  });

  it('a sealed key does not open in another container', () => {
    const { token } = withKey();
    token.generateSigningKey('certificate-2');
    const content = JSON.parse(fileText()) as { containers: Record<string, { signing: { sealed: string } }> };
    content.containers['certificate-2']!.signing.sealed = content.containers[CONTAINER]!.signing.sealed;
    writeFileSync(join(folder, `${SERIAL}.json`), JSON.stringify(content));
    expect(() => token.sign('certificate-2', Buffer.of(1))).toThrow(refusal('TOKEN_CONTENT'));
  });
});
