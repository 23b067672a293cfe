/** Where a case can stand, how it can end, and what is waited for: the same words in database, engine and screens. */
import { XinyinError } from './errors.js';

export const stages = {
  'phone-verification': { zh: '经办人手机验证', en: 'Verification of the agent’s phone' },
  review: { zh: '审核', en: 'Review' },
  correction: { zh: '退回补正', en: 'Returned for correction' },
  payment: { zh: '转账缴费', en: 'Payment by transfer' },
  'fee-confirmation': { zh: '费用核定', en: 'Confirmation of the fee' },
  'window-payment': { zh: '窗口缴费', en: 'Payment at the window' },
  'key-recovery': { zh: '加密密钥恢复审批', en: 'Approval of key recovery' },
  issuance: { zh: '制证', en: 'Issuance' },
  installation: { zh: '证书助手安装', en: 'Installation by the assistant' },
  'hand-over': { zh: '窗口领取', en: 'Handing over at the window' },
  'platform-approval': { zh: '平台审核', en: 'Approval by the platform' },
  suspension: { zh: '电话挂失冻结', en: 'Suspension by telephone' },
  approval: { zh: '解锁审批', en: 'Approval of the unlocking' },
  unlocking: { zh: '等待解锁', en: 'Waiting to be unlocked' },
  dispatch: { zh: '绑定与寄送', en: 'Binding and dispatch' },
  closed: { zh: '已结束', en: 'Closed' },
} as const;
export type Stage = keyof typeof stages;

/** What is true of a case that stands in the books and has not begun: its first stage is not open yet. */
export const notBegun = { code: 'submitted', zh: '已提交，等待系统受理', en: 'Submitted, to be taken up by the system' } as const;

/** The case stands where this cannot be done. Without a stage: it went on in the very moment. */
export function stageRefused(stage?: Stage): XinyinError {
  const { zh, en } = stage ? stages[stage] : { zh: '进度已变化', en: 'it has changed meanwhile' };
  return new XinyinError('STAGE_REFUSES', { params: { stage: zh, stageEn: en } });
}

export const outcomes = {
  dispatched: { zh: '已寄出', en: 'Dispatched' },
  installed: { zh: '已安装', en: 'Installed' },
  'handed-over': { zh: '已领取', en: 'Handed over' },
  revoked: { zh: '已吊销', en: 'Revoked' },
  bound: { zh: '已绑定', en: 'Bound' },
  unlocked: { zh: '已解锁', en: 'Unlocked' },
  'unlock-expired': { zh: '未按时完成解锁，已关闭', en: 'Closed: not unlocked in time' },
  lifted: { zh: '已解除冻结', en: 'Suspension lifted' },
  withdrawn: { zh: '已撤回', en: 'Withdrawn' },
  terminated: { zh: '已由运维终止', en: 'Terminated by an operator' },
  cancelled: { zh: '已由工作人员取消', en: 'Cancelled by staff' },
  rejected: { zh: '已拒绝', en: 'Rejected' },
  'binding-refused': { zh: '平台审核不通过', en: 'Refused by the platform' },
  'phone-unverified': { zh: '未完成手机验证，已关闭', en: 'Closed: the phone was not verified in time' },
  'correction-expired': { zh: '逾期未补正，已关闭', en: 'Closed: not corrected in time' },
  'not-installed': { zh: '逾期未安装，已关闭', en: 'Closed: not installed in time' },
  'certificate-ended': { zh: '原证书已吊销或到期，已关闭', en: 'Closed: the certificate was revoked or has expired meanwhile' },
  'order-expired': { zh: '逾期未缴费，已关闭', en: 'Closed: not paid in time' },
} as const;
export type Outcome = keyof typeof outcomes;

/** Who has to act next. */
export const waiters = {
  agent: { zh: '经办人', en: 'the agent' },
  reviewer: { zh: '审核人员', en: 'a reviewer' },
  clerk: { zh: '窗口人员', en: 'a clerk at the window' },
  supervisor: { zh: '主管', en: 'a supervisor' },
  assistant: { zh: '证书助手', en: 'the assistant on the holder’s computer' },
  bank: { zh: '单位转账到账', en: 'the organisation’s transfer' },
  platform: { zh: '平台管理人员', en: 'an administrator at the platform' },
  system: { zh: '系统办理', en: 'the system' },
  friday: { zh: '周五寄送', en: 'the Friday dispatch' },
  staff: { zh: '人工处理', en: 'a person of the office' },
  nobody: { zh: '无', en: 'nobody' },
} as const;
export type Waiter = keyof typeof waiters;
