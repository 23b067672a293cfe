/** Which activity of a workflow records what. */
import type { DeedKind } from '../deeds.js';

/** The activity by which a workflow records what the simulation notes. */
export const activityOf: Partial<Record<DeedKind, string>> = {
  'phone-opened': 'openPhoneVerification',
  'phone-verified': 'recordPhoneVerified',
  'fee-ordered': 'orderFee',
  'review-opened': 'openReview',
  'review-decided': 'applyDecision',
  'correction-opened': 'openCorrection',
  corrected: 'applyCorrection',
  'order-opened': 'openOrder',
  'payment-confirmed': 'confirmPayment',
  'order-expired': 'expireOrder',
  'fee-confirmation-opened': 'openFeeConfirmation',
  'fee-confirmed': 'confirmFee',
  'window-payment-opened': 'openWindowPayment',
  'window-paid': 'takeWindowPayment',
  'key-recovery-opened': 'openKeyRecovery',
  'key-recovery-approved': 'approveKeyRecovery',
  'issuance-started': 'startIssuance',
  issued: 'issueCertificates',
  'installation-opened': 'openInstallation',
  installed: 'confirmInstallation',
  'subject-revoked': 'revokePredecessor',
  'subject-suspended': 'suspendPredecessor',
  'form-arrived': 'recordForm',
  'subject-released': 'releasePredecessor',
  'unlock-opened': 'openUnlockApproval',
  'unlock-decided': 'decideUnlock',
  'unlocking-opened': 'openUnlocking',
  redeemed: 'answerUnlock',
  'hand-over-opened': 'openHandOver',
  'handed-over': 'signHandOver',
  completed: 'completeApplication',
  finished: 'finishApplication',
  invoiced: 'orderInvoice',
  withdrawn: 'interruptCase',
  cancelled: 'interruptCase',
  closed: 'closeCase',
};
const RECORDED = new Set(Object.values(activityOf));
/** Of all that a case did, what the simulation notes too. */
export const recorded = (steps: readonly string[]): string[] => steps.filter((step) => RECORDED.has(step));
