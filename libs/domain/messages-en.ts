/** The same messages in English, for the preview and for whoever reads no Chinese. Each names the same values. */
import type { SmsTemplate } from './messages.js';

export const smsTemplatesEn: Readonly<Record<SmsTemplate, string>> = {
  'login-code': '[Xinyin] Login code {code}, valid for 5 minutes. Tell nobody.',
  'agent-code': '[Xinyin] You are named as the agent of application {number}. If so, log in and enter the code {code} within 24 hours.',
  'review-approved':
    '[Xinyin] Application {number} passed review. Please transfer {amount} yuan from the organisation’s account, remittance {reference}, by {until}.',
  'review-returned': '[Xinyin] Application {number} was returned: {count} items to correct by {until}.',
  'review-rejected': '[Xinyin] Application {number} was rejected; log in for the reason.',
  'renewal-approved':
    '[Xinyin] Application {number} passed review; {amount} yuan are due (remittance {reference}). Once paid, update the certificate in the assistant by {until}.',
  'install-ready': '[Xinyin] Application {number}: insert the token and update the certificate in the assistant by {until}.',
  installed:
    '[Xinyin] Application {number} is complete: the new certificates are installed, valid until {notAfter}; the old ones are revoked.',
  'handed-over':
    '[Xinyin] Application {number} is complete: token {token} was handed over at the window. If not to you, call 400-028-1130.',
  suspended:
    '[Xinyin] The certificates are suspended as asked for by telephone, application {number}. Bring the stamped form by {until}, or the suspension ends.',
  'account-bound':
    '[Xinyin] Application {number} is complete: the platform approved the account ({kind}); its functions and data are open.',
  'binding-refused': '[Xinyin] The platform refused the account of application {number} ({kind}); log in for the reason.',
  'account-unbound': '[Xinyin] The account ({kind}) is unbound (application {number}). If it was not you, call 400-028-1130 at once.',
  'unlock-code':
    '[Xinyin] Unlocking {number}: enter the code {code} in the assistant within one hour, once. If it was not you, tell nobody and call 400-028-1130.',
  unlocked: '[Xinyin] Unlocking {number} is complete: token {token} may be given a new PIN. If it was not you, call 400-028-1130 at once.',
  lifted: '[Xinyin] Application {number}: the suspension is lifted.',
  revoked: '[Xinyin] Application {number} is complete: certificates and seal are revoked ({reason}).',
  'agent-change-code':
    '[Xinyin] This phone is to go on with application {number}. If so, log in and enter the code {code} within 24 hours; if not, tell nobody.',
  'agent-change-announced':
    '[Xinyin] Application {number}: {change} was accepted and takes effect with the new phone. If you did not ask for it, call 400-028-1130 at once.',
  'agent-changed':
    '[Xinyin] Application {number}: {change} is done, and this phone no longer opens it. If you did not ask for it, call 400-028-1130 at once.',
  'agent-welcome': '[Xinyin] Application {number} is now yours to go on with; messages come to this phone.',
  'agent-change-ended': '[Xinyin] Application {number}: {change} did not take effect ({reason}); it stays with this phone.',
  withdrawn: '[Xinyin] Application {number} is withdrawn.',
  cancelled: '[Xinyin] Application {number} was cancelled by the office; log in for the reason.',
  'certificate-ended':
    '[Xinyin] Application {number} is closed: the certificate was revoked or has expired and cannot be reissued. What was paid is given back; apply for a new one.',
  'payment-short': '[Xinyin] Application {number}: {received} yuan received, {missing} yuan missing; pay the rest from the same account.',
  'payment-confirmed': '[Xinyin] Application {number}: payment confirmed, the token is being made.',
  'payment-held': '[Xinyin] Application {number}: a transfer could not be booked ({reason}); finance will call you.',
  completed:
    '[Xinyin] Application {number} is complete; dispatch on Friday {day}: {reason}. Have the role account certified by the Thursday before.',
  carried: '[Xinyin] Application {number} could not be sent; new date Friday {day}: {reason}.',
  'dispatch-moved':
    '[Xinyin] Application {number} goes out on Friday {day}, not on {from}: the calendar of holidays has changed; {reason}.',
  'parcel-delivered':
    '[Xinyin] The certificate of application {number} was delivered ({tracking}). If it was not to you, call 400-028-1130 at once.',
  'parcel-returned':
    '[Xinyin] The certificate of application {number} could not be delivered and came back ({tracking}). Call 400-028-1130 to correct the address; it goes out again on the next Friday.',
  'parcel-lost':
    '[Xinyin] The certificate of application {number} was lost in the post ({tracking}). Call 400-028-1130: the reissue costs nothing.',
  dispatched: '[Xinyin] Application {number} was sent, waybill {tracking}.',
  invoice: '[Xinyin] Application {number}: your e-invoice, for 30 days: {link}',
  'invoice-replaced': '[Xinyin] Application {number}: the old invoice is reversed; the new one, for 30 days: {link}',
  'invoice-link': '[Xinyin] Application {number}: a new link to your invoice, for 30 days; the one before is dead: {link}',
  'invoice-reversed': '[Xinyin] Application {number}: your invoice is reversed after the refund; the red one, for 30 days: {link}',
  'expiry-soon': '[Xinyin] The certificate of {number} ends on {notAfter}, in {days} days. Please renew it. Log in to stop reminders.',
  'expiry-passed':
    '[Xinyin] The certificate of {number} ended on {notAfter}. Please apply for the renewal of an expired certificate. Log in to stop reminders.',
  'order-reminder': '[Xinyin] Application {number}: {missing} yuan are still due, remittance {reference}, by {until}.',
  'correction-reminder': '[Xinyin] Application {number} still waits for your correction, until {until}.',
  'certify-reminder':
    '[Xinyin] Application {number} is to be sent on Friday {day}, but the role account is not certified. Have it certified by Thursday, or it moves.',
  'draft-reminder':
    '[Xinyin] Your draft ({business}, {number}) was not touched for 25 days and will be deleted on {day}. Log in to keep it.',
  expired: '[Xinyin] Application {number} was closed ({reason}). Apply again if you still need it.',
};
