/** Rules for codes sent by SMS. All are policy (D) but the form of the code. */
import { days, minutes } from './time.js';

export const smsCodeRules = {
  digits: 6,
  lifetimeMs: minutes(5),
  attempts: 5,
  phoneGapMs: minutes(1),
  phonePerDay: 10,
  addressPerHour: 60,
  addressWindowMs: minutes(60),
} as const;

/** The code that verifies an agent named by somebody else lives longer: the agent may be on the road. */
export const agentCodeLifetimeMs = days(1);

export const isSmsCode = (text: string) => /^\d{6}$/.test(text);

/** Six digits from a keyed digest (at least 6 bytes, so that no digit is favoured noticeably). */
export function codeFromDigest(digest: Uint8Array): string {
  const value = digest.slice(0, 6).reduce((sum, byte) => sum * 256 + byte, 0);
  return String(value % 1_000_000).padStart(smsCodeRules.digits, '0');
}
