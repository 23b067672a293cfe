/**
 * The outside systems as we call them: two SMS operators, bank, procurement platform, e-invoice, courier. Each folder holds a port, the contract
 * (openapi.json for people, contract.ts for machines; a spec holds them together) and its adapter over signed HTTP.
 * Promises: a call returns what the contract says or throws an XinyinError: GATEWAY_UNAVAILABLE (try again with the same idempotency key;
 * it may or may not have been done), GATEWAY_REFUSED or GATEWAY_CONTRACT (a person must look). One call is one attempt, plus one at once
 * when the connection broke; longer retrying belongs to the engine. No error carries a secret, a phone number or a body.
 */
import { otherProvider, type SmsProvider } from '#domain';
import { bankOverHttp } from './bank/http.js';
import { bankContract } from './bank/contract.js';
import type { BankGateway } from './bank/port.js';
import { courierOverHttp } from './courier/http.js';
import { courierContract } from './courier/contract.js';
import type { CourierGateway } from './courier/port.js';
import { invoiceOverHttp } from './invoice/http.js';
import { invoiceContract } from './invoice/contract.js';
import type { InvoiceGateway } from './invoice/port.js';
import { platformOverHttp } from './platform/http.js';
import { platformContract } from './platform/contract.js';
import type { PlatformGateway } from './platform/port.js';
import { openSignedClient, type GatewaySettings, type SystemName } from './signed-http/index.js';
import { smsOverHttp } from './sms/http.js';
import { smsContract } from './sms/contract.js';
import type { SmsGateway } from './sms/port.js';

export interface Gateways {
  sms: SmsGateway;
  sms2: SmsGateway;
  /** Which operator a message is given to first, and which when that did not help. */
  smsOrder: readonly [SmsProvider, SmsProvider];
  bank: BankGateway;
  platform: PlatformGateway;
  invoice: InvoiceGateway;
  courier: CourierGateway;
}

interface Choice {
  /** The clock requests are signed with: the true one, also where a demo plays another day, since the other side checks it. */
  now?: () => Date;
  smsFirst?: SmsProvider;
}

export function createGateways(
  settings: Record<SystemName, GatewaySettings>,
  { now = () => new Date(), smsFirst = 'sms' }: Choice = {},
): Gateways {
  const client = (system: SystemName) => openSignedClient(system, settings[system], now);
  return {
    sms: smsOverHttp(client('sms')),
    sms2: smsOverHttp(client('sms2')),
    smsOrder: [smsFirst, otherProvider(smsFirst)],
    bank: bankOverHttp(client('bank')),
    platform: platformOverHttp(client('platform')),
    invoice: invoiceOverHttp(client('invoice')),
    courier: courierOverHttp(client('courier')),
  };
}

/** The contracts as schemas, for whoever plays the other side. */
export const contracts = {
  sms: smsContract,
  bank: bankContract,
  platform: platformContract,
  invoice: invoiceContract,
  courier: courierContract,
};

export { parseBankPush, parsePaymentReport, type BankEntry, type BankGateway, type PaymentReport, type PaymentState } from './bank/port.js';
export { readInput } from './contract-check.js';
export { parseTrackingEvent, type CourierGateway, type TrackingEvent } from './courier/port.js';
export type { InvoiceGateway, IssuedInvoice } from './invoice/port.js';
export { parseBindingDecision, type BindingDecision, type KindAccount, type PlatformGateway } from './platform/port.js';
export { parseSmsReceipt, type SmsGateway, type SmsReceipt } from './sms/port.js';
export {
  ANSWER_HEADER,
  REQUEST_HEADERS,
  isAnswerGenuine,
  signAnswer,
  signRequest,
  verifySignedRequest,
  type GatewaySettings,
  type ReceivedRequest,
  type RequestToSign,
  type SignedHeaders,
  type SystemName,
  type Verification,
} from './signed-http/index.js';
