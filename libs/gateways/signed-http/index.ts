/**
 * HTTP between machines that share a secret. Both directions are signed: a request over its method, path, time, nonce and body; its answer
 * over the status, that nonce and the body. So neither can be changed, kept for later, or answered by somebody else unnoticed.
 * Promises: a call ends in a genuine answer or in an XinyinError whose code says whether trying again can help, and no error carries a
 * secret, a body or an address.
 */
export { openSignedClient, type GatewaySettings, type SignedClient, type SystemName } from './client.js';
export type { PaceRule } from './pace.js';
export {
  ANSWER_HEADER,
  REQUEST_HEADERS,
  isAnswerGenuine,
  signAnswer,
  signRequest,
  verifySignedRequest,
  type ReceivedRequest,
  type RequestToSign,
  type SignedHeaders,
  type Verification,
} from './signature.js';
