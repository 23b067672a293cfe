/** The code of an unlocking, over HTTP: one certificate, one challenge, one hour, five attempts. */
import { minutes } from '#domain';
import { Certificate } from '#persistence';
import { logIn } from '../../apps/launcher/src/demo/story.js';
import { openOffice, type Office } from '../world/office.js';
import { actionsOf } from './applicants.js';
import { expectRefusal, invalid } from './refusal.js';
import { unlocksOf } from '../world/unlocks.js';

const NEW_PIN = 'new-pin-2026';
const used = { status: 422, code: 'CODE_EXPIRED' };
const otherThan = (code: string, by: number) => String((Number(code) + by) % 1_000_000).padStart(6, '0');
const answerIn = ({ body }: { body: unknown }) => (body as { answer: string }).answer;

describe('证书解锁', () => {
  let office: Office;
  let unlocks: ReturnType<typeof unlocksOf>;
  beforeAll(async () => {
    office = await openOffice();
    unlocks = unlocksOf(office);
  }, 120_000);
  afterAll(async () => office.close(), 60_000);

  describe('the code', () => {
    it('is good once: with another challenge it is refused, with the same it gets the answer again', async () => {
      const ticket = await unlocks.approved();
      const given = unlocks.redemption(ticket);
      const first = await unlocks.redeem(given);
      expect(first.status).toBe(200);
      await unlocks.reach(ticket.id, 'closed');
      expect(answerIn(await unlocks.redeem(given))).toBe(answerIn(first));
      unlocks.tokenOf(ticket).unblockByAnswer(answerIn(first), NEW_PIN);
      expectRefusal(await unlocks.redeem(unlocks.redemption(ticket)), used);
    });

    it('is good for its own token only', async () => {
      const [one, other, quiet] = [await unlocks.approved(), await unlocks.approved(), await unlocks.holder()];
      const elsewhere = await unlocks.redeem({ ...unlocks.redemption(other), code: one.code });
      if (one.code !== other.code) expectRefusal(elsewhere, { status: 422, code: 'CODE_WRONG', fields: { code: 'CODE_WRONG' } });
      expectRefusal(
        await unlocks.redeem({ serial: quiet.serial, code: one.code, challenge: unlocks.tokenOf(quiet).unblockChallenge() }),
        used,
      );
    });

    it('with the challenge of another token gets no answer, and is spent', async () => {
      const [ticket, other] = [await unlocks.approved(), await unlocks.holder()];
      const foreign = { ...unlocks.redemption(ticket), challenge: unlocks.tokenOf(other).unblockChallenge() };
      expectRefusal(await unlocks.redeem(foreign), { status: 422, code: 'TOKEN_CHALLENGE_WRONG' });
      await unlocks.reach(ticket.id, 'closed');
      expectRefusal(await unlocks.redeem(unlocks.redemption(ticket)), used);
      expect(await actionsOf(office, ticket.id)).toContain('unlock.refused');
    });

    it('gets no answer when the certificate was revoked since', async () => {
      const ticket = await unlocks.approved();
      const revoked = { state: 'revoked', revokedAt: office.clock.now(), revocationReason: 'keyCompromise' } as const;
      await office.data.manager.update(Certificate, { serial: ticket.serial }, revoked);
      expectRefusal(await unlocks.redeem(unlocks.redemption(ticket)), { status: 409, code: 'CERTIFICATE_REVOKED' });
    });

    it('may be tried five times; then the right one is refused too', async () => {
      const ticket = await unlocks.approved();
      const given = unlocks.redemption(ticket);
      for (let tries = 1; tries <= 4; tries += 1)
        expectRefusal(await unlocks.redeem({ ...given, code: otherThan(given.code, tries) }), {
          status: 422,
          code: 'CODE_WRONG',
          fields: { code: 'CODE_WRONG' },
        });
      expectRefusal(await unlocks.redeem({ ...given, code: otherThan(given.code, 5) }), { status: 429, code: 'CODE_EXHAUSTED' });
      expectRefusal(await unlocks.redeem(given), { status: 429, code: 'CODE_EXHAUSTED' });
    });

    it('of a login does not unlock', async () => {
      const ticket = await unlocks.approved();
      await logIn(office.person(), office.sandbox, ticket.phone);
      const login = await office.sandbox.codeFor(ticket.phone, '登录验证码 (\\d{6})');
      if (login !== ticket.code) expect((await unlocks.redeem({ ...unlocks.redemption(ticket), code: login })).status).toBe(422);
    });

    it('and the challenge have their form', async () => {
      const { serial } = await unlocks.holder();
      expectRefusal(await unlocks.redeem({ serial, code: '12345', challenge: 'A'.repeat(200) }), invalid({ code: 'FIELD_FORMAT' }));
      expectRefusal(await unlocks.redeem({ serial, code: '123456', challenge: 'short' }), invalid({ challenge: 'FIELD_FORMAT' }));
    });

    it('is refused after the hour', async () => {
      const ticket = await unlocks.approved();
      office.clock.forward(minutes(61));
      expectRefusal(await unlocks.redeem(unlocks.redemption(ticket)), used);
    });
  });
});
