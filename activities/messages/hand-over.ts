/** The first way of every message: to the operator that is asked first. What it does not take is left to `message/<id>`. */
import { deliveryRules, smsText, XinyinError, type SmsProvider } from '#domain';
import { recordNotTaken, recordTaken, recordWaiting, SmsMessage, type NewMessage, type Taken } from '#persistence';
import type { BusinessDeps } from '../deps.js';
import { hiddenValues } from './codes.js';

export type Letter = Omit<NewMessage, 'onceKey'> & Pick<Taken, 'standing'>;

/**
 * Returns once an operator has it, or once the first was tried for long enough: then the Schedule starts `message/<id>`. Fails, to be tried
 * again, while the operator's patience lasts. What is written down at the first failure is what is sent from then on.
 */
export async function handToFirst(deps: BusinessDeps, onceKey: string, compose: () => Promise<Letter | null>): Promise<'sent' | 'nothing'> {
  const { data, now, gateways } = deps;
  const known = await data.manager.findOneBy(SmsMessage, { onceKey });
  if (known && known.state !== 'waiting') return 'sent';
  const composed = known ?? (await compose());
  if (composed === null) return 'nothing';
  const { standing, ...letter } = { standing: undefined, ...composed };
  const message: NewMessage = { ...newMessage(letter), onceKey };
  const [provider] = gateways.smsOrder;
  // Before the attempt: what was tried before its case ended is told from what the end itself had to say.
  const triedAt = now();
  try {
    const { messageId: providerId } = await send(deps, provider, message);
    await data.transaction((tx) => recordTaken(tx, message, { provider, providerId, at: now(), standing }));
  } catch (error) {
    if (!isGatewayFailure(error)) throw error;
    const { id, sentAt } = await data.transaction((tx) => recordWaiting(tx, message, triedAt));
    if (error.retryable && now().getTime() - sentAt.getTime() < deliveryRules.patienceMs) throw error;
    await data.transaction((tx) => recordNotTaken(tx, { id }, provider, error.code, now()));
  }
  return 'sent';
}

/** Under the occasion's own key, also at the second operator: each of them sends it once, however often it is asked. */
export async function send(
  { gateways, codeKey }: BusinessDeps,
  provider: SmsProvider,
  message: NewMessage,
): Promise<{ messageId: string }> {
  const { template, values, phone, onceKey } = message;
  const text = smsText(template, { ...values, ...hiddenValues(codeKey, message) });
  return gateways[provider].send({ idempotencyKey: onceKey, phone: phone ?? '', text, template });
}

const newMessage = ({ id, applicationId, template, values, phone }: Omit<NewMessage, 'onceKey'>) => ({
  id,
  applicationId,
  template,
  values,
  phone,
});

const isGatewayFailure = (error: unknown): error is XinyinError => error instanceof XinyinError && error.code.startsWith('GATEWAY_');
