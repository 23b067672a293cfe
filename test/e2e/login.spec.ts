/** Login by SMS code and by password: what is refused, and what stays as it was. */
import { createHash } from 'node:crypto';
import { Person } from '../../apps/launcher/src/demo/person.js';
import { openOffice, type Office } from '../world/office.js';
import { freshPhone } from './applicants.js';
import { countOf, expectRefusal, invalid, rowsOf } from './refusal.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const loginRequired = { status: 401, code: 'LOGIN_REQUIRED' };
const codeExpired = { status: 422, code: 'CODE_EXPIRED' };
const exhausted = { status: 429, code: 'CODE_EXHAUSTED' };
const wrong = { status: 422, code: 'CODE_WRONG', fields: { code: 'CODE_WRONG' } };

describe('login', () => {
  let office: Office;
  /** Each test begins an hour after the one before, at a full minute: nothing that one test used up is felt by the next. */
  let start: Date;
  beforeAll(async () => {
    office = await openOffice({ workers: false });
    start = new Date(Math.ceil(Date.now() / MINUTE) * MINUTE);
  }, 120_000);
  afterAll(async () => office.close(), 60_000);
  beforeEach(() => {
    start = new Date(start.getTime() + HOUR);
    office.clock.set(start);
  });

  const at = (ms: number) => office.clock.set(new Date(start.getTime() + ms));
  const ask = (person: Person, json: unknown) => person.attempt('POST', '/api/v1/login/codes', { json });
  const enter = (person: Person, json: unknown) => person.attempt('POST', '/api/v1/login', { json });
  const received = (phone: string) => office.sandbox.codeFor(phone, '登录验证码 (\\d{6})');
  /** Another code of the same form: it can only be wrong. */
  const otherThan = (code: string, by = 1) => String((Number(code) + by) % 1_000_000).padStart(6, '0');
  const asked = async () => {
    const [person, phone] = [office.person(), freshPhone()];
    expect((await ask(person, { phone })).status).toBe(202);
    return { person, phone, code: await received(phone) };
  };
  const attemptsOn = async (phone: string) => {
    const rows: { attempts: number }[] = await office.data.query('SELECT attempts FROM sms_code WHERE phone = $1', [phone]);
    return rows.map(({ attempts }) => attempts);
  };
  const sessionsOf = async (phone: string) =>
    ((await office.data.query('SELECT id FROM session WHERE phone = $1', [phone])) as unknown[]).length;

  describe('phone', () => {
    it.each(['', '1234', '12345678901', '1380000000', '138000000001', '23800000000', '1380000000a', '\u202e', '+1 2025550123'])(
      '%j is no mobile number of mainland China: refused, naming the field, and no code is made',
      async (phone) => {
        const before = await countOf(office, 'sms_code');
        expectRefusal(await ask(office.person(), { phone }), invalid({ phone: 'PHONE_INVALID' }));
        expectRefusal(await enter(office.person(), { phone, code: '123456' }), invalid({ phone: 'PHONE_INVALID' }));
        expect(await countOf(office, 'sms_code')).toBe(before);
      },
    );

    it('is the same phone however it is typed: country code, spaces, hyphens, full width', async () => {
      const { person, phone, code } = await asked();
      const typed = `+86 ${phone.slice(0, 3)}-${phone.slice(3, 7)} ${phone.slice(7)}`;
      const wide = [...typed].map((each) => (/\d/.test(each) ? String.fromCodePoint((each.codePointAt(0) ?? 0) + 0xfee0) : each)).join('');
      expect((await enter(person, { phone: wide, code })).body).toEqual({
        kind: 'applicant',
        name: `${phone.slice(0, 3)}****${phone.slice(-4)}`,
        roles: [],
      });
    });

    it('is required, is a text, and nothing else is taken', async () => {
      expectRefusal(await ask(office.person(), {}), invalid({ phone: 'FIELD_REQUIRED' }));
      expectRefusal(await ask(office.person(), { phone: 17200000000 }), invalid({ phone: 'FIELD_TYPE' }));
      expectRefusal(await ask(office.person(), { phone: null }), invalid({ phone: 'FIELD_TYPE' }));
      expectRefusal(await ask(office.person(), { phone: freshPhone(), admin: true }), invalid({ admin: 'FIELD_UNKNOWN' }));
    });
  });

  describe('code', () => {
    it.each(['', '12345', '1234567', '12345a', '１２３４５６', '12 456', '-12345', '123456\n'])(
      '%j is not six digits: refused, naming the field, and no attempt is spent',
      async (code) => {
        const { person, phone } = await asked();
        expectRefusal(await enter(person, { phone, code }), invalid({ code: 'FIELD_FORMAT' }));
        expect(await attemptsOn(phone)).toEqual([0]);
      },
    );

    it('opens one session and is used up: entered again it is refused', async () => {
      const { person, phone, code } = await asked();
      expect((await enter(person, { phone, code })).status).toBe(200);
      expectRefusal(await enter(office.person(), { phone, code }), codeExpired);
      expect(await sessionsOf(phone)).toBe(1);
    });

    it('entered twice at once opens one session', async () => {
      const { phone, code } = await asked();
      const answers = await Promise.all([enter(office.person(), { phone, code }), enter(office.person(), { phone, code })]);
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 422]);
      expect(await sessionsOf(phone)).toBe(1);
    });

    it('is good for five minutes', async () => {
      const inTime = await asked();
      const late = await asked();
      at(5 * MINUTE - 2000);
      expect((await enter(inTime.person, { phone: inTime.phone, code: inTime.code })).status).toBe(200);
      at(5 * MINUTE + 2000);
      expectRefusal(await enter(late.person, { phone: late.phone, code: late.code }), codeExpired);
      expect(await sessionsOf(late.phone)).toBe(0);
    });

    it('belongs to its phone: with another phone it is refused', async () => {
      const { code } = await asked();
      const other = await asked();
      expectRefusal(await enter(other.person, { phone: other.phone, code: code === other.code ? otherThan(code) : code }), wrong);
      expectRefusal(await enter(office.person(), { phone: freshPhone(), code }), codeExpired);
    });

    it('is replaced by the next one: only the newest works', async () => {
      const first = await asked();
      at(MINUTE + 1000);
      expect((await ask(first.person, { phone: first.phone })).status).toBe(202);
      const second = await received(first.phone);
      if (first.code !== second) expectRefusal(await enter(first.person, { phone: first.phone, code: first.code }), wrong);
      expect((await enter(first.person, { phone: first.phone, code: second })).status).toBe(200);
    });

    it('takes five attempts, each answer saying how many are left; after them the right one is refused too', async () => {
      const { person, phone, code } = await asked();
      for (const left of [4, 3, 2, 1]) {
        const problem = expectRefusal(await enter(person, { phone, code: otherThan(code, left) }), wrong);
        expect([problem.title, problem.titleEn]).toEqual([
          `验证码不正确，还可尝试 ${left} 次。`,
          `The code is not right; ${left} attempts are left.`,
        ]);
      }
      expectRefusal(await enter(person, { phone, code: otherThan(code) }), exhausted);
      expectRefusal(await enter(person, { phone, code }), exhausted);
      expect(await attemptsOn(phone)).toEqual([5]);
      expect(await sessionsOf(phone)).toBe(0);
    });

    it('guessed twenty times at once counts five guesses and looks at no sixth', async () => {
      const { phone, code } = await asked();
      const guesses = Array.from({ length: 20 }, (_, index) => otherThan(code, index + 1));
      const answers = await Promise.all(guesses.map((guess) => enter(office.person(), { phone, code: guess })));
      expect(answers.filter(({ status }) => status === 422)).toHaveLength(4);
      expect(answers.filter(({ status }) => status === 429)).toHaveLength(16);
      expect(await attemptsOn(phone)).toEqual([5]);
      expectRefusal(await enter(office.person(), { phone, code }), exhausted);
    });

    it('is kept as a keyed digest: no table holds it, nor a plain hash of it', async () => {
      const { code } = await asked();
      const tables: { name: string }[] = await office.data.query(
        "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'",
      );
      const dump = (await Promise.all(tables.map(({ name }) => rowsOf(office, name)))).flat().join('\n');
      expect(dump).toContain('sms/phone/');
      expect(dump).not.toMatch(new RegExp(`(?<![0-9a-f])${code}(?![0-9a-f])`));
      expect(dump).not.toContain(Buffer.from(code).toString('hex'));
      for (const algorithm of ['md5', 'sha1', 'sha256']) {
        expect(dump).not.toContain(createHash(algorithm).update(code).digest('hex'));
        expect(dump).not.toContain(createHash(algorithm).update(code).digest('base64'));
      }
    });
  });

  describe('limits', () => {
    it('one code a minute for a phone: sooner is refused, saying in how many seconds', async () => {
      const { person, phone } = await asked();
      at(20_500);
      const early = await ask(person, { phone });
      expect(expectRefusal(early, { status: 429, code: 'CODE_TOO_SOON' }).detailEn).toBe('Try again in 40 seconds.');
      expect(early.headers.get('retry-after')).toBe('40');
      expect(await attemptsOn(phone)).toHaveLength(1);
      at(MINUTE + 1000);
      expect((await ask(person, { phone })).status).toBe(202);
    });

    it('asked for twenty times at once sends one code', async () => {
      const phone = freshPhone();
      const answers = await Promise.all(Array.from({ length: 20 }, () => ask(office.person(), { phone })));
      expect(answers.filter(({ status }) => status === 202)).toHaveLength(1);
      expect(await office.sandbox.messages(phone)).toHaveLength(1);
    });

    it('ten codes a day for a phone, and the day is the one of Shanghai', async () => {
      const phone = freshPhone();
      // 2027-03-01 23:40 in Shanghai, which is 15:40 in UTC: at Shanghai's midnight the day of UTC is the same.
      start = new Date('2027-03-01T15:40:00Z');
      for (let minute = 0; minute < 10; minute += 1) {
        at(minute * MINUTE + minute * 1000);
        expect((await ask(office.person(), { phone })).status).toBe(202);
      }
      office.clock.set(new Date('2027-03-01T15:59:50Z'));
      expectRefusal(await ask(office.person(), { phone }), { status: 429, code: 'CODE_DAILY_LIMIT' });
      expect(await office.sandbox.messages(phone)).toHaveLength(10);
      office.clock.set(new Date('2027-03-01T16:00:00Z'));
      expect((await ask(office.person(), { phone })).status).toBe(202);
    });

    it('sixty codes an hour for an address, whatever the phones; another address goes on', async () => {
      const crowded = new Person(office.api, '203.0.113.7');
      for (let sent = 0; sent < 60; sent += 1) expect((await ask(crowded, { phone: freshPhone() })).status).toBe(202);
      const phone = freshPhone();
      const refused = await ask(crowded, { phone });
      expectRefusal(refused, { status: 429, code: 'ADDRESS_LIMIT' });
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(3000);
      expect(await office.sandbox.messages(phone)).toEqual([]);
      expect((await ask(new Person(office.api, '203.0.113.8'), { phone })).status).toBe(202);
      at(HOUR + 5000);
      expect((await ask(crowded, { phone: freshPhone() })).status).toBe(202);
    }, 30_000);

    it('an address that the caller makes up in front of its own does not help', async () => {
      for (let sent = 0; sent < 60; sent += 1) {
        const liar = new Person(office.api, `10.0.0.${sent}, 203.0.113.9`);
        expect((await ask(liar, { phone: freshPhone() })).status).toBe(202);
      }
      const liar = new Person(office.api, '10.1.1.1, 203.0.113.9');
      expectRefusal(await ask(liar, { phone: freshPhone() }), { status: 429, code: 'ADDRESS_LIMIT' });
    }, 30_000);
  });

  describe('session', () => {
    const cookieOf = async (phone: string) => {
      const person = office.person();
      await ask(person, { phone });
      const answer = await enter(person, { phone, code: await received(phone) });
      const [cookie = ''] = answer.headers.getSetCookie();
      return { cookie, pair: cookie.split(';')[0] ?? '' };
    };
    const whoAmI = (cookie: string) => office.person().attempt('GET', '/api/v1/login', { headers: { Cookie: cookie } });

    it('is a cookie that scripts and other sites cannot use, and its token is not in the database', async () => {
      const { cookie, pair } = await cookieOf(freshPhone());
      expect(cookie).toMatch(/; Path=\/api; .*HttpOnly; SameSite=Strict$/);
      const token = Buffer.from(pair.split('=')[1] ?? '', 'base64url');
      const rows = (await rowsOf(office, 'session')).join('\n');
      expect(rows).not.toContain(token.toString('hex'));
      expect(rows).toContain(createHash('sha256').update(token).digest('hex'));
    });

    it('ends at logout: the old cookie opens nothing any more', async () => {
      const { pair } = await cookieOf(freshPhone());
      expect((await whoAmI(pair)).status).toBe(200);
      expect((await office.person().attempt('DELETE', '/api/v1/login', { headers: { Cookie: pair } })).status).toBe(204);
      expectRefusal(await whoAmI(pair), loginRequired);
    });

    it('ends by itself after two hours', async () => {
      const { pair } = await cookieOf(freshPhone());
      at(2 * HOUR - 5000);
      expect((await whoAmI(pair)).status).toBe(200);
      at(2 * HOUR + 5000);
      expectRefusal(await whoAmI(pair), loginRequired);
    });

    it.each(['', 'xinyin_session=', 'xinyin_session=x', `xinyin_session=${'A'.repeat(43)}`, `xinyin_session=${'A'.repeat(4000)}`])(
      'is not opened by the cookie %j',
      async (cookie) => void expectRefusal(await whoAmI(cookie), loginRequired),
    );
  });

  describe('staff', () => {
    const logIn = (json: unknown) => office.person().attempt('POST', '/api/v1/login/staff', { json });
    const failed = { status: 401, code: 'LOGIN_FAILED' };

    it('a wrong password and an unknown account get the same answer', async () => {
      const known = expectRefusal(await logIn({ username: 'auditor', password: 'wrong' }), failed);
      const unknown = expectRefusal(await logIn({ username: 'nobody', password: 'wrong' }), failed);
      expect({ ...known, requestId: '' }).toEqual({ ...unknown, requestId: '' });
    });

    it('after five failures the account rests for a quarter of an hour, for the right password too', async () => {
      const { password } = office.accounts.find(({ username }) => username === 'finance') ?? { password: '' };
      for (let tries = 0; tries < 5; tries += 1) expectRefusal(await logIn({ username: 'finance', password: 'wrong' }), failed);
      const resting = await logIn({ username: 'finance', password });
      expectRefusal(resting, { status: 429, code: 'RATE_LIMITED' });
      expect(Number(resting.headers.get('retry-after'))).toBeGreaterThan(800);
      at(15 * MINUTE + 5000);
      expect((await logIn({ username: 'finance', password })).status).toBe(200);
    });

    it('an account that is closed ends its open sessions', async () => {
      await office.addStaff('leaver', ['reviewer'], '19100000001');
      const leaver = await office.staff('leaver');
      expect((await leaver.attempt('GET', '/api/v1/login')).status).toBe(200);
      await office.data.query("UPDATE staff_account SET disabled_at = now() WHERE username = 'leaver'");
      expectRefusal(await leaver.attempt('GET', '/api/v1/login'), loginRequired);
      const { password } = office.accounts.find(({ username }) => username === 'leaver') ?? { password: '' };
      expectRefusal(await logIn({ username: 'leaver', password }), failed);
    });

    it.each(['\u0000', 'a\u0000b', '\ud800', '\u202e'])('the account name %j is none: refused, naming the field', async (username) => {
      expectRefusal(await logIn({ username, password: 'wrong' }), invalid({ username: 'FIELD_FORMAT' }));
    });
  });
});
