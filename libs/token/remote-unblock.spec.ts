import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sm2Verify } from '#pki';
import { INITIAL_USER_PIN, openTokenDrawer, type SoftwareToken } from './index.js';

const SERIAL = 'XY20261124001';
const OTHER = 'XY20261124002';
const CONTAINER = 'certificate-1';
const NEW_PIN = 'new-pin-2026';
const CHEAP = { cost: 2 ** 4, blockSize: 8, parallelization: 1 };
const adminPin = (serialNumber: string) => `pin${serialNumber}`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'token-spec-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const desk = (pin = adminPin) => openTokenDrawer(folder, { adminPin: pin, retryLimits: { user: 2, admin: 2 }, scrypt: CHEAP });
/** The holder's machine has no administrator's PIN. */
const inserted = (serialNumber = SERIAL) => openTokenDrawer(folder).insert(serialNumber);
const pathOf = (serialNumber = SERIAL) => join(folder, `${serialNumber}.json`);
const fileText = (serialNumber = SERIAL) => readFileSync(pathOf(serialNumber), 'utf8');
const refusal = (code: string) => expect.objectContaining({ code });

function locked(serialNumber = SERIAL): SoftwareToken {
  const token = desk().blank(serialNumber, '四川信印科技有限公司');
  for (let attempt = 0; attempt < 2; attempt++) expect(() => token.login('00000000')).toThrow();
  return inserted(serialNumber);
}

/** A file as it was written before tokens could be unlocked from afar. */
function asBefore(serialNumber = SERIAL): void {
  const { unblock: _, ...content } = JSON.parse(fileText(serialNumber)) as Record<string, unknown>;
  writeFileSync(pathOf(serialNumber), JSON.stringify(content));
}

describe('a locked token, unlocked from afar', () => {
  it('takes a new PIN by the answer to its challenge, and signs with the key of before', () => {
    const token = desk().blank(SERIAL, '四川信印科技有限公司');
    token.login(INITIAL_USER_PIN);
    const publicKey = token.generateSigningKey(CONTAINER);
    for (let attempt = 0; attempt < 2; attempt++) expect(() => token.login('00000000')).toThrow();

    const held = inserted();
    held.unblockByAnswer(desk().answerUnblock(SERIAL, held.unblockChallenge()), NEW_PIN);

    expect(() => held.login(INITIAL_USER_PIN)).toThrow(refusal('TOKEN_PIN_WRONG'));
    held.login(NEW_PIN);
    expect(held.describe()).toMatchObject({ initialPin: false, pins: { user: { left: 2, limit: 2 }, admin: { left: 2, limit: 2 } } });
    const message = Buffer.from('after the unlocking');
    expect(sm2Verify(publicKey, message, held.sign(CONTAINER, message))).toBe(true);
  });

  it('asks the same until it is answered, across restarts, and something else after that', () => {
    const first = locked().unblockChallenge();
    expect(inserted().unblockChallenge()).toBe(first);
    inserted().unblockByAnswer(desk().answerUnblock(SERIAL, first), NEW_PIN);
    expect(inserted().unblockChallenge()).not.toBe(first);
  });

  it('takes an answer once: the same again is refused, also when the token asks again', () => {
    const token = locked();
    const answer = desk().answerUnblock(SERIAL, token.unblockChallenge());
    token.unblockByAnswer(answer, NEW_PIN);
    expect(() => token.unblockByAnswer(answer, 'other-pin')).toThrow(refusal('TOKEN_ANSWER_WRONG'));
    token.unblockChallenge();
    expect(() => token.unblockByAnswer(answer, 'other-pin')).toThrow(refusal('TOKEN_ANSWER_WRONG'));
    expect(() => token.login(NEW_PIN)).not.toThrow();
  });

  it('may be locked and unlocked again, as often as it happens', () => {
    const token = locked();
    for (const pin of ['first-pin', 'second-pin', 'third-pin']) {
      token.unblockByAnswer(desk().answerUnblock(SERIAL, token.unblockChallenge()), pin);
      token.login(pin);
    }
  });

  it('does not take the answer that was made for another token', () => {
    const [one, other] = [locked(), locked(OTHER)];
    one.unblockChallenge();
    const answer = desk().answerUnblock(OTHER, other.unblockChallenge());
    expect(() => one.unblockByAnswer(answer, NEW_PIN)).toThrow(refusal('TOKEN_ANSWER_WRONG'));
  });

  it('does not take a second answer to a challenge of the past: what the desk said then opens nothing now', () => {
    const token = locked();
    const past = token.unblockChallenge();
    token.unblockByAnswer(desk().answerUnblock(SERIAL, past), NEW_PIN);
    token.unblockChallenge();
    expect(() => token.unblockByAnswer(desk().answerUnblock(SERIAL, past), 'other-pin')).toThrow(refusal('TOKEN_ANSWER_WRONG'));
  });

  it('refuses an answer when it has asked nothing', () => {
    const token = locked();
    const answer = desk().answerUnblock(SERIAL, token.unblockChallenge());
    writeFileSync(pathOf(), fileText().replace(/"waiting": "[^"]+"/, '"waiting": null'));
    expect(() => token.unblockByAnswer(answer, NEW_PIN)).toThrow(refusal('TOKEN_ANSWER_WRONG'));
  });

  it.each([
    ['empty', () => ''],
    ['no base64', () => '不是应答'],
    ['cut short', (answer: string) => answer.slice(0, -8)],
    ['one bit turned', (answer: string) => answer.slice(0, -9) + (answer.at(-9) === 'A' ? 'B' : 'A') + answer.slice(-8)],
  ])('refuses an answer that is %s, stays locked, and still takes the right one', (_, damaged) => {
    const token = locked();
    const answer = desk().answerUnblock(SERIAL, token.unblockChallenge());
    expect(() => token.unblockByAnswer(damaged(answer), NEW_PIN)).toThrow(refusal('TOKEN_ANSWER_WRONG'));
    expect(() => token.login(NEW_PIN)).toThrow(refusal('TOKEN_PIN_LOCKED'));
    expect(() => token.unblockByAnswer(answer, NEW_PIN)).not.toThrow();
  });

  it('wants a new PIN that a token takes, before the answer is used', () => {
    const token = locked();
    const answer = desk().answerUnblock(SERIAL, token.unblockChallenge());
    expect(() => token.unblockByAnswer(answer, '12345')).toThrow(refusal('INPUT_INVALID'));
    expect(() => token.unblockByAnswer(answer, NEW_PIN)).not.toThrow();
  });
});

describe('the desk', () => {
  it('does not answer the challenge of one token for another', () => {
    const challenge = locked().unblockChallenge();
    expect(() => desk().answerUnblock(OTHER, challenge)).toThrow(refusal('TOKEN_CHALLENGE_WRONG'));
  });

  it('with another key answers nothing', () => {
    const challenge = locked().unblockChallenge();
    expect(() => desk(() => 'another-admin-pin').answerUnblock(SERIAL, challenge)).toThrow(refusal('TOKEN_CHALLENGE_WRONG'));
  });

  it.each(['', 'AAAA', '不是请求', 'A'.repeat(400)])('refuses the challenge %j', (challenge) => {
    expect(() => desk().answerUnblock(SERIAL, challenge)).toThrow(refusal('TOKEN_CHALLENGE_WRONG'));
  });

  it('needs no token for it: the file is where the holder is', () => {
    const challenge = locked().unblockChallenge();
    rmSync(pathOf());
    expect(desk().answerUnblock(SERIAL, challenge)).toMatch(/^[\w-]{150,300}$/);
  });

  it('encrypts each answer anew, and the administrator’s PIN stands in none of them, nor in the challenge or the file', () => {
    const challenge = locked().unblockChallenge();
    const answers = [desk().answerUnblock(SERIAL, challenge), desk().answerUnblock(SERIAL, challenge)];
    expect(answers[0]).not.toBe(answers[1]);
    const texts = [...answers, challenge].map((text) => Buffer.from(text, 'base64url').toString('latin1'));
    for (const text of [...texts, fileText()]) expect(text).not.toContain(adminPin(SERIAL));
  });

  it('without administrator’s PINs says that it cannot', () => {
    expect(() => openTokenDrawer(folder).answerUnblock(SERIAL, locked().unblockChallenge())).toThrow(refusal('TOKEN_PIN_LOCKED'));
  });
});

describe('a token file of before', () => {
  it('is read and works, and says that it cannot be unlocked from afar', () => {
    desk().blank(SERIAL, '四川信印科技有限公司');
    asBefore();
    const token = inserted();
    expect(() => token.login(INITIAL_USER_PIN)).not.toThrow();
    expect(() => token.unblockChallenge()).toThrow(refusal('TOKEN_UNBLOCK_UNSUPPORTED'));
    expect(() => token.unblockByAnswer('AAAA', NEW_PIN)).toThrow(refusal('TOKEN_UNBLOCK_UNSUPPORTED'));
  });

  it('gets the means when it comes to the desk', () => {
    locked();
    asBefore();
    desk().reset(SERIAL);
    const token = inserted();
    token.unblockByAnswer(desk().answerUnblock(SERIAL, token.unblockChallenge()), NEW_PIN);
    expect(() => token.login(NEW_PIN)).not.toThrow();
  });

  it('made without an administrator’s PIN has no means', () => {
    const token = openTokenDrawer(folder, { scrypt: CHEAP }).blank(SERIAL, '四川信印科技有限公司');
    expect(() => token.unblockChallenge()).toThrow(refusal('TOKEN_UNBLOCK_UNSUPPORTED'));
  });
});
