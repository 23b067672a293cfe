/** What goes wrong between machines. Retryable ones are tried again by the engine; people see them only when that did not help. */
import { row } from './row.js';

// prettier-ignore
export const systemErrors = {
  INTERNAL: row(500, true, '系统出现问题，您的资料没有丢失。', 'Something went wrong on our side; nothing you sent before is lost.', '请稍后重试；仍不成功请把请求编号告知客服 400-028-1130。', 'Try again; if it stays, tell customer service the request id.'),
  UNAVAILABLE: row(503, true, '服务暂时不可用，您的资料没有丢失。', 'The service is away for a moment; nothing is lost.', '请一分钟后重试。', 'Try again in a minute.'),
  METHOD_NOT_ALLOWED: row(405, false, '不支持此请求方法。', 'This method is not supported here.', '请对照接口文档。', 'See the API documentation.'),
  RATE_LIMITED: row(429, true, '请求过于频繁。', 'Too many requests.', '请稍后重试。', 'Try again later.'),
  SIGNATURE_INVALID: row(401, false, '请求签名不正确。', 'The signature of the request is not right.', '请检查密钥与签名方法。', 'Check the key and how the request is signed.'),
  SIGNATURE_EXPIRED: row(401, false, '请求时间戳超出允许范围。', 'The timestamp of the request is outside the allowed window.', '请校准时钟后重新签名。', 'Set the clock right and sign again.'),
  SIGNATURE_REPLAYED: row(409, false, '请求随机数已使用。', 'The nonce of the request was used before.', '请用新的随机数重新签名。', 'Sign again with a new nonce.'),
  GATEWAY_UNAVAILABLE: row(503, true, '外部系统暂时不可用。', 'An outside system does not answer.', '系统会自动重试。', 'It will be tried again by itself.'),
  GATEWAY_REFUSED: row(502, false, '外部系统拒绝了请求。', 'An outside system refused the request.', '已转人工处理。', 'A person has been asked to look at it.'),
  GATEWAY_CONTRACT: row(502, false, '外部系统的应答不符合约定。', 'An outside system answered outside its contract.', '已转人工处理。', 'A person has been asked to look at it.'),
  AUDIT_BROKEN: row(500, false, '审计链不完整。', 'The audit chain does not hold.', '请立即通知安全负责人。', 'Tell the security officer at once.'),
} as const;
