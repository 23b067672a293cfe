/** Codes by SMS: limits, sending, and checking, each counted in one atomic statement. */
import { randomInt, timingSafeEqual } from 'node:crypto';
import { days, shanghaiDay, smsCodeRules, smsText, startOfShanghaiDay, XinyinError } from '#domain';
import { SmsCode, smsCodeHash, takeAllowance, type AllowanceRule } from '#persistence';
import { Injectable } from '@nestjs/common';
import { IsNull, MoreThan } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { allowAddress } from '../platform/address-allowance.js';
import { ApiContext } from '../platform/context.js';

@Injectable()
export class SmsCodes {
  constructor(private readonly context: ApiContext) {}

  /** Counts a sending to this phone from this address. @throws XinyinError CODE_TOO_SOON, CODE_DAILY_LIMIT, ADDRESS_LIMIT */
  async allow(phone: string, address: string): Promise<void> {
    const now = this.context.now();
    const today = startOfShanghaiDay(shanghaiDay(now));
    const perAddress = { perAddress: smsCodeRules.addressPerHour, windowMs: smsCodeRules.addressWindowMs };
    const perPhone: AllowanceRule = {
      key: `sms/phone/${this.context.blind(phone)}`,
      limit: smsCodeRules.phonePerDay,
      windowMs: days(1),
      gapMs: smsCodeRules.phoneGapMs,
      windowStart: today,
    };
    await this.context.data.transaction(async (tx) => {
      await allowAddress(tx, this.context, { what: 'sms', address, ...perAddress });
      const phone = await takeAllowance(tx, perPhone, now);
      if (!phone.granted)
        throw new XinyinError(phone.because === 'gap' ? 'CODE_TOO_SOON' : 'CODE_DAILY_LIMIT', {
          params: { seconds: phone.retryAfterSeconds },
        });
    });
  }

  /** Sends a login code. The code is stored before it is sent, so that a lost answer of the operator leaves a code that works. */
  async sendLoginCode(phone: string): Promise<void> {
    const { data, gateways, now, codeKey } = this.context;
    const id = uuidv7();
    const code = String(randomInt(1_000_000)).padStart(smsCodeRules.digits, '0');
    const expiresAt = new Date(now().getTime() + smsCodeRules.lifetimeMs);
    await data.transaction(async (tx) => {
      await tx.update(SmsCode, { subject: 'login', phone, usedAt: IsNull() }, { expiresAt: now() });
      await tx.insert(SmsCode, {
        id,
        subject: 'login',
        phone,
        codeHash: smsCodeHash(codeKey, id, code),
        createdAt: now(),
        expiresAt,
        attempts: 0,
        usedAt: null,
      });
    });
    const message = { idempotencyKey: `login/${id}`, phone, text: smsText('login-code', { code }), template: 'login-code' };
    const [first, second] = gateways.smsOrder;
    // A person waits for it: the second operator is asked in the same breath. If neither takes it, they are told, and try again.
    await gateways[first].send(message).catch((error: unknown) => {
      this.context.log.warn(
        { provider: first, failure: error instanceof Error ? error.message : '' },
        'a login code goes by the second operator',
      );
      return gateways[second].send(message);
    });
  }

  /**
   * Uses the code that proves an agent's phone for a case. The same code again, as long as it lives, is the same proof: the first time the
   * case may not have been reached, and whoever typed it has no other.
   */
  async prove(subject: string, phone: string, code: string): Promise<string> {
    const { data, now, codeKey } = this.context;
    const latest = await data.manager.findOne(SmsCode, {
      where: { subject, phone, expiresAt: MoreThan(now()) },
      order: { createdAt: 'DESC' },
    });
    if (latest?.usedAt && timingSafeEqual(latest.codeHash, smsCodeHash(codeKey, latest.id, code))) return latest.id;
    return this.use(subject, phone, code);
  }

  /**
   * Spends an attempt, then looks at the code: two guesses at once can never share one attempt. Returns the code's id.
   * @throws XinyinError CODE_EXPIRED, CODE_EXHAUSTED, CODE_WRONG with the attempts left
   */
  async use(subject: string, phone: string, code: string): Promise<string> {
    const { data, now, codeKey } = this.context;
    const latest = await data.manager.findOne(SmsCode, {
      where: { subject, phone, usedAt: IsNull(), expiresAt: MoreThan(now()) },
      order: { createdAt: 'DESC' },
    });
    if (!latest) throw new XinyinError('CODE_EXPIRED');
    const [spent]: [{ attempts: number }[], number] = await data.query(
      'UPDATE sms_code SET attempts = attempts + 1 WHERE id = $1 AND used_at IS NULL AND attempts < $2 RETURNING attempts',
      [latest.id, smsCodeRules.attempts],
    );
    const attempts = spent[0]?.attempts;
    if (attempts === undefined) throw new XinyinError('CODE_EXHAUSTED');
    if (!timingSafeEqual(latest.codeHash, smsCodeHash(codeKey, latest.id, code))) {
      const left = smsCodeRules.attempts - attempts;
      throw left > 0
        ? new XinyinError('CODE_WRONG', { fields: [{ field: 'code', code: 'CODE_WRONG', params: { left } }], params: { left } })
        : new XinyinError('CODE_EXHAUSTED');
    }
    const { affected } = await data.manager.update(SmsCode, { id: latest.id, usedAt: IsNull() }, { usedAt: now() });
    if (affected !== 1) throw new XinyinError('CODE_EXPIRED');
    return latest.id;
  }
}
