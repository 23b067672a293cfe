/**
 * Whether an SMS arrived. An operator takes a message and reports later what became of it, perhaps twice, late, in any order, or never; what
 * did not arrive goes through the other operator once, and then to a person.
 */
import { isReminder, type SmsTemplate } from './messages.js';
import { nextSendingTime } from './reminders.js';
import { minutes, type Instant } from './time.js';

export const smsProviders = {
  sms: { zh: '短信服务商一', en: 'SMS operator 1' },
  sms2: { zh: '短信服务商二', en: 'SMS operator 2' },
} as const;
export type SmsProvider = keyof typeof smsProviders;

export const otherProvider = (provider: SmsProvider): SmsProvider => (provider === 'sms' ? 'sms2' : 'sms');

/**
 * D: how long an operator that does not take a message is tried again, and how long it may take to report; after how long a message that still
 * waits for its first operator is nobody's: it is tried at least every two minutes, and given up at the first try after its patience.
 */
export const deliveryRules = { patienceMs: minutes(0.5), receiptWithinMs: minutes(10), nobodysAfterMs: minutes(5) } as const;

export type HandOverState = 'not-taken' | 'taken' | 'delivered' | 'failed';

/** A message given to one operator. There is one for each message and operator: nobody is told twice by the same one. */
export interface HandedOver {
  provider: SmsProvider;
  state: HandOverState;
  at: Instant;
  /** When the phone had it, or it was given up, by the operator's clock. */
  settledAt: Instant | null;
  /** Why it was not taken, or failed. */
  code: string | null;
}

export interface Receipt {
  status: 'delivered' | 'failed';
  at: Instant;
  /** Why it failed, in the operator's code. */
  code: string | null;
}

/** `late`: we had stopped waiting. `contradicts`: the other was reported before. Both are counted; neither is an error of the operator's call. */
export type ReceiptFinding = 'first' | 'late' | 'repeated' | 'contradicts';

export function receiptFinding({ state, at }: HandedOver, { status }: Receipt, now: Instant): ReceiptFinding {
  if (state === status) return 'repeated';
  if (state === 'delivered' || state === 'failed') return 'contradicts';
  return now.getTime() > at.getTime() + deliveryRules.receiptWithinMs ? 'late' : 'first';
}

/**
 * What a receipt makes of a hand-over. A phone that has the message cannot lose it: `delivered` outweighs `failed`, and of two that say
 * the same the earlier stands. So the order in which receipts come, and how often, changes nothing.
 */
export function settledBy(known: HandedOver, { status, at, code }: Receipt): HandedOver {
  const told = { ...known, state: status, settledAt: at, code: status === 'failed' ? code : null };
  if (known.state !== status) return known.state === 'delivered' ? known : told;
  const [before, now] = [known.settledAt?.getTime() ?? Infinity, at.getTime()];
  if (before !== now) return before < now ? known : told;
  return (known.code ?? '') <= (told.code ?? '') ? known : told;
}

export type DeliveryStep =
  { do: 'nothing' } | { do: 'wait'; until: Instant } | { do: 'hand-over'; provider: SmsProvider } | { do: 'task'; why: string };

/** What is to be done about a message that the first operator took, or did not take. */
export function nextDelivery(template: SmsTemplate, handedOver: readonly HandedOver[], now: Instant): DeliveryStep {
  if (handedOver.some(({ state }) => state === 'delivered')) return { do: 'nothing' };
  const last = [...handedOver].sort((one, other) => one.at.getTime() - other.at.getTime()).at(-1);
  if (!last) return { do: 'nothing' };
  const due = new Date(last.at.getTime() + deliveryRules.receiptWithinMs);
  if (last.state === 'taken' && now < due) return { do: 'wait', until: due };
  if (handedOver.length > 1) return { do: 'task', why: whyUndelivered(last) };
  // A second try is no reason to let a phone ring at night.
  const morning = isReminder(template) ? nextSendingTime(now) : now;
  return morning > now ? { do: 'wait', until: morning } : { do: 'hand-over', provider: otherProvider(last.provider) };
}

/**
 * What becomes of a message that nobody tries any more. What a case had to say before it ended is not said afterwards; everything else goes
 * through the other operator.
 */
export function nobodysMessage({ sentAt }: { sentAt: Instant }, caseClosedAt: Instant | null): 'not-sent' | 'not-taken' {
  return caseClosedAt !== null && sentAt <= caseClosedAt ? 'not-sent' : 'not-taken';
}

function whyUndelivered({ state, code }: HandedOver): string {
  if (state === 'failed') return code ?? 'other';
  return state === 'taken' ? 'no-receipt' : 'not-taken';
}

export const undeliveredWords = {
  'not-taken': { zh: '短信服务商未受理', en: 'no operator took it' },
  'no-receipt': { zh: '未收到送达回执', en: 'no operator reported on it' },
  'number-unknown': { zh: '空号', en: 'there is no such number' },
  'phone-off': { zh: '关机或不在服务区', en: 'the phone is off or out of reach' },
  blocked: { zh: '被用户或运营商拦截', en: 'blocked by the phone or its network' },
  other: { zh: '其他原因', en: 'another reason' },
} as const;

/** Operators have codes of their own; one that we have no words for is still kept as it came. */
export function whyWords(code: string): { zh: string; en: string } {
  return Object.hasOwn(undeliveredWords, code) ? undeliveredWords[code as keyof typeof undeliveredWords] : undeliveredWords.other;
}
