/**
 * What can happen to a case, in the words of its timeline. `public` ones are what the agent sees; the others stand in the audit only.
 * `{name}` is filled from the entry's details, which hold codes and figures, never personal data.
 */
export const auditActions = {
  'application.submitted': { public: true, zh: '已提交申请', en: 'Submitted' },
  'application.started': { public: false, zh: '流程已启动', en: 'Workflow started' },
  'phone.verified': { public: true, zh: '经办人手机已验证', en: 'The agent’s phone is verified' },
  'phone.changed': { public: true, zh: '经办人手机已更正，须重新验证', en: 'The agent’s phone was corrected and is to be verified' },
  'phone.code-sent': { public: true, zh: '已向经办人发送验证码', en: 'A code was sent to the agent' },
  'review.opened': { public: true, zh: '进入审核（第 {round} 轮）', en: 'In review (round {round})' },
  'review.claimed': { public: true, zh: '审核人员已领取', en: 'A reviewer has taken it' },
  'review.approved': { public: true, zh: '审核通过', en: 'Approved' },
  'review.returned': { public: true, zh: '退回补正 {count} 项', en: 'Returned: {count} items to correct' },
  'review.rejected': { public: true, zh: '审核不通过', en: 'Rejected' },
  'correction.opened': { public: true, zh: '等待补正', en: 'Waiting for the correction' },
  'correction.submitted': { public: true, zh: '已重新提交', en: 'Corrected and submitted again' },
  'payment.ordered': { public: true, zh: '已生成缴费单 {amount} 元', en: 'Fee order of {amount} yuan' },
  'payment.credited': { public: true, zh: '到账 {amount} 元', en: '{amount} yuan received' },
  'payment.held': { public: true, zh: '一笔款项待财务处理：{reason}', en: 'A transfer is held for finance: {reasonEn}' },
  'payment.confirmed': { public: true, zh: '缴费已确认', en: 'Payment confirmed' },
  'fee.confirmed': { public: true, zh: '变更费核定为 {amount} 元', en: 'The fee is set to {amount} yuan' },
  'payment.waited': { public: true, zh: '等待缴费', en: 'Waiting for the payment' },
  'window.payment-opened': { public: true, zh: '窗口缴费 {amount} 元', en: '{amount} yuan to pay at the window' },
  'window.paid': { public: true, zh: '窗口已收 {amount} 元（{method}）', en: '{amount} yuan taken at the window ({method})' },
  'window.hours-overridden': { public: false, zh: '主管批准在办公时间外受理', en: 'A supervisor let it in outside the hours' },
  'key-recovery.opened': {
    public: true,
    zh: '等待两人审批恢复加密密钥',
    en: 'Two persons are to approve the recovery of the encryption key',
  },
  'key-recovery.approved': { public: true, zh: '密钥恢复审批（第 {count} 人）', en: 'Key recovery approved (person {count})' },
  'installation.opened': { public: true, zh: '请在证书助手中更新证书', en: 'To be updated in the assistant' },
  'installation.requested': { public: true, zh: '证书助手已提交新密钥', en: 'The assistant brought the new key' },
  'installation.confirmed': { public: true, zh: '新证书已安装', en: 'The new certificates are installed' },
  'hand-over.opened': { public: true, zh: '等待窗口领取', en: 'Ready to be handed over' },
  'hand-over.signed': { public: true, zh: '已签收领取', en: 'Handed over and signed for' },
  'certificate.revoked': { public: true, zh: '原证书及印章已吊销（{reason}）', en: 'The old certificates and seal are revoked ({reason})' },
  'certificate.held': { public: true, zh: '证书及印章已冻结 24 小时', en: 'Certificates and seal are suspended for 24 hours' },
  'form.arrived': { public: true, zh: '盖章申请表已送达窗口', en: 'The stamped form has come to a window' },
  'certificate.released': { public: true, zh: '冻结已解除', en: 'The suspension is lifted' },
  'binding.submitted': { public: true, zh: '{kind}账号已提交平台审核', en: 'The account was submitted to the platform: {kindEn}' },
  'binding.approved': { public: true, zh: '平台审核通过：{kind}账号', en: 'Approved by the platform: {kindEn}' },
  'binding.refused': { public: true, zh: '平台审核不通过：{kind}账号', en: 'Refused by the platform: {kindEn}' },
  'binding.renewed': { public: true, zh: '{kind}账号已改绑新证书', en: 'The account is bound to the new certificate: {kindEn}' },
  'binding.not-renewed': {
    public: true,
    zh: '{kind}账号未能改绑，请在网厅重新绑定',
    en: 'The account could not be bound anew; bind it at the portal: {kindEn}',
  },
  'binding.unbound': { public: true, zh: '{kind}账号已解绑', en: 'The account is unbound: {kindEn}' },
  'binding.no-account': { public: true, zh: '{kind}：无账号', en: 'No account of this kind: {kindEn}' },
  'unlock.called-back': {
    public: true,
    zh: '{contact}受理，已回拨登记手机核实',
    en: 'Taken over {contactEn}; the registered phone was called back',
  },
  'unlock.approval-opened': { public: true, zh: '等待另一位工作人员审批', en: 'Another person of the office is to approve' },
  'unlock.approved': { public: true, zh: '解锁已批准', en: 'The unlocking is approved' },
  'unlock.rejected': { public: true, zh: '解锁未获批准：{reason}', en: 'The unlocking is refused: {reasonEn}' },
  'unlock.code-sent': {
    public: true,
    zh: '解锁码已发送至登记手机，一小时内有效',
    en: 'A code good for one hour was sent to the registered phone',
  },
  'unlock.answered': {
    public: true,
    zh: '解锁码已使用，已为证书盘 {token} 出具解锁应答',
    en: 'The code was used: token {token} got its answer',
  },
  'unlock.refused': { public: true, zh: '未出具解锁应答（{code}）', en: 'No answer was given ({code})' },
  'application.finished': { public: true, zh: '已办结', en: 'Completed' },
  'case.withdrawn': { public: true, zh: '申请人撤回', en: 'Withdrawn by the applicant' },
  'case.cancelled': { public: true, zh: '工作人员取消：{reason}', en: 'Cancelled by staff: {reasonEn}' },
  'issuance.started': { public: true, zh: '开始制证', en: 'Issuance begun' },
  'certificate.issued': { public: true, zh: '第 {index} 张证书已签发', en: 'Certificate {index} issued' },
  'seal.made': { public: true, zh: '第 {index} 枚电子印章已制作', en: 'Seal {index} made' },
  'token.written': { public: true, zh: '第 {index} 个证书盘已写入', en: 'Token {index} written' },
  'application.completed': { public: true, zh: '已办结，预计 {day} 寄送：{reason}', en: 'Completed; dispatch on {day}: {reasonEn}' },
  'invoice.ordered': { public: true, zh: '电子发票已开具', en: 'E-invoice made' },
  'dispatch.bound': { public: true, zh: '已绑定平台角色账号', en: 'Bound to the role account' },
  'dispatch.carried': { public: true, zh: '改为 {day} 寄送：{reason}', en: 'Carried to {day}: {reasonEn}' },
  'label.printed': { public: false, zh: '第 {index} 张标签已取出打印', en: 'Label {index} was taken to the printer' },
  'label.reset': { public: false, zh: '第 {index} 张标签重印，平台密码已重置', en: 'Label {index} printed again with a new password' },
  'dispatch.moved': {
    public: true,
    zh: '放假安排调整，寄送日期由 {from} 改为 {day}：{reason}',
    en: 'The calendar has changed: from {from} to {day}: {reasonEn}',
  },
  'dispatch.packed': { public: true, zh: '已打单装封', en: 'Labelled and packed' },
  'dispatch.handed-over': { public: true, zh: '已交寄，单号 {tracking}', en: 'Handed to the courier, {tracking}' },
  'calendar.day-set': { public: false, zh: '主管设定该日为 {kind}：{reason}', en: 'A supervisor set the day as {kind}: {reason}' },
  'calendar.day-withdrawn': { public: false, zh: '主管撤销设定：{reason}', en: 'A supervisor took it back: {reason}' },
  'calendar.data-seen': { public: false, zh: '启用节假日数据 {version}', en: 'Data of holidays in use: {version}' },
  'parcel.told': { public: true, zh: '{event}（单号 {tracking}）', en: '{eventEn} ({tracking})' },
  'parcel.resent': { public: true, zh: '按更正后的收件信息于 {day} 重新寄出', en: 'To be sent again on {day}, to the corrected address' },
  'parcel.reissue-granted': {
    public: true,
    zh: '寄送途中遗失，主管批准免费补办',
    en: 'Lost in the post: a supervisor granted the reissue without a fee',
  },
  'fee.waived': { public: true, zh: '寄送途中遗失，免收补办费', en: 'Lost in the post: no fee' },
  'case.overdue': { public: false, zh: '环节超期，已上报', en: 'Overdue in its stage, and escalated' },
  'sms.sent': { public: true, zh: '已发送短信（{template}）', en: 'SMS sent ({template})' },
  'case.parked': { public: true, zh: '转人工处理', en: 'A person of the office looks at it' },
  'case.resumed': { public: true, zh: '已恢复办理', en: 'Work goes on' },
  'case.closed': { public: true, zh: '流程结束：{outcome}', en: 'Closed: {outcomeEn}' },
} as const;
export type AuditAction = keyof typeof auditActions;

/** Whoever has done one of these in a case has had it in hand, and decides on nothing in it (four eyes). */
export const handsOn: readonly AuditAction[] = ['application.submitted', 'fee.confirmed', 'window.paid', 'form.arrived', 'fee.waived'];

export interface Actor {
  readonly kind: 'applicant' | 'staff' | 'system' | 'operator' | 'bank' | 'platform' | 'courier';
  /** A staff id, or a process; never a phone or a name. */
  readonly id: string;
}
export const system = (id: string): Actor => ({ kind: 'system', id });
