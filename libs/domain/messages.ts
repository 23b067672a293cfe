/** Every SMS, as data: Chinese, since that is what the phones of the guide's readers show. Values are filled in by the sender. */
export const smsTemplates = {
  'login-code': '【信印】登录验证码 {code}，5 分钟内有效，请勿告诉他人。',
  'agent-code': '【信印】您被列为申请 {number} 的经办人。如属实，请登录网厅输入验证码 {code} 确认，24 小时内有效。',
  'review-approved':
    '【信印】申请 {number} 审核通过。请登录网厅查看缴费单，用单位对公账户转账 {amount} 元，附言填 {reference}，{until} 前有效。',
  'review-returned': '【信印】申请 {number} 需补正 {count} 项，请登录网厅按提示修改，{until} 前重新提交。',
  'review-rejected': '【信印】申请 {number} 未通过审核，原因请登录网厅查看。',
  'renewal-approved':
    '【信印】申请 {number} 审核通过，缴费单 {amount} 元（附言填 {reference}）。缴清后请在证书助手中更新证书，{until} 前有效。',
  'install-ready': '【信印】申请 {number} 可以更新。请插入证书 USB Key，在证书助手中完成更新，{until} 前有效。',
  installed: '【信印】申请 {number} 已办结：新证书已安装，有效期至 {notAfter}，原证书已吊销。',
  'handed-over': '【信印】申请 {number} 已办结：证书盘 {token} 已在窗口领取。如非本人领取，请立即致电 400-028-1130。',
  suspended: '【信印】证书已按电话申请冻结，申请 {number}。请在 {until} 前持加盖公章的申请表办理吊销，逾期自动解除。',
  lifted: '【信印】申请 {number}：证书冻结已解除。',
  revoked: '【信印】申请 {number} 已办结：证书及印章已吊销（{reason}）。',
  'account-bound': '【信印】申请 {number} 已办结：{kind}账号已通过平台审核，功能及数据权限已开通。',
  'binding-refused': '【信印】申请 {number} 未通过平台审核（{kind}账号），原因请登录网厅查看。',
  'account-unbound': '【信印】{kind}账号已解绑（原申请 {number}）。如非本人操作，请立即致电 400-028-1130。',
  'unlock-code':
    '【信印】解锁申请 {number}：请在证书助手中输入解锁码 {code}，1 小时内有效，限用一次。如非本人申请，请勿告诉他人并致电 400-028-1130。',
  unlocked: '【信印】解锁申请 {number} 已办结：证书盘 {token} 可设置新口令。如非本人操作，请立即致电 400-028-1130。',
  'agent-change-code':
    '【信印】申请 {number} 将改由本手机办理。如属实，请登录网厅输入验证码 {code} 确认，24 小时内有效。如非本人，请勿告诉他人。',
  'agent-change-announced': '【信印】申请 {number} 已受理{change}，新手机验证后生效。如非贵单位申请，请立即致电 400-028-1130。',
  'agent-changed': '【信印】申请 {number} 已完成{change}，本手机不能再办理该申请。如非贵单位申请，请立即致电 400-028-1130。',
  'agent-welcome': '【信印】您的手机已可办理申请 {number}，后续通知将发送至本手机。',
  'agent-change-ended': '【信印】申请 {number} 的{change}未生效（{reason}），仍由本手机办理。',
  withdrawn: '【信印】申请 {number} 已撤回。',
  cancelled: '【信印】申请 {number} 已由工作人员取消，原因请登录网厅查看。',
  'certificate-ended': '【信印】申请 {number} 已关闭：原证书已吊销或到期，不能补办。已缴费用将退回；如需证书，请申请新办。',
  'payment-short': '【信印】申请 {number} 已到账 {received} 元，还差 {missing} 元，请用同一对公账户补足。',
  'payment-confirmed': '【信印】申请 {number} 缴费已确认，正在制证。',
  'payment-held': '【信印】申请 {number} 收到一笔款项未能入账（{reason}），财务将与您联系。',
  completed: '【信印】申请 {number} 已办结，预计 {day}（周五）绑定账号后寄出：{reason}。请在此前的周四确认平台角色账号已认证。',
  carried: '【信印】申请 {number} 未能寄出，改为 {day}（周五）。原因：{reason}。',
  'dispatch-moved': '【信印】申请 {number} 原定 {from} 寄出，现改为 {day}（周五）。原因：放假安排有调整，{reason}。',
  dispatched: '【信印】申请 {number} 的证书已寄出，快递单号 {tracking}。',
  'parcel-delivered': '【信印】申请 {number} 的证书已签收（单号 {tracking}）。如非本人签收，请立即致电 400-028-1130。',
  'parcel-returned':
    '【信印】申请 {number} 的证书未能投递，已退回（单号 {tracking}）。请致电 400-028-1130 更正收件信息，下一个周五重新寄出。',
  'parcel-lost': '【信印】申请 {number} 的证书在寄送途中遗失（单号 {tracking}）。请致电 400-028-1130 办理补办，不收补办费。',
  invoice: '【信印】申请 {number} 的电子发票已开具，30 天内可下载：{link}',
  'invoice-replaced': '【信印】申请 {number} 的原电子发票已红冲，新发票已开具，30 天内可下载：{link}',
  'invoice-link': '【信印】申请 {number} 的电子发票新链接，30 天内可下载，原链接已失效：{link}',
  'invoice-reversed': '【信印】申请 {number} 的电子发票因退款已红冲，红字发票 30 天内可下载：{link}',
  'expiry-soon': '【信印】证书（申请 {number}）将于 {notAfter} 到期，还有 {days} 天。请及时办理证书更新。退订提醒请登录网厅。',
  'expiry-passed': '【信印】证书（申请 {number}）已于 {notAfter} 到期。请办理“证书更新（已过期）”。退订提醒请登录网厅。',
  'order-reminder': '【信印】申请 {number} 的缴费单尚未缴清，还差 {missing} 元，附言 {reference}，{until} 前有效。',
  'correction-reminder': '【信印】申请 {number} 仍待补正，请登录网厅修改，{until} 前有效。',
  'certify-reminder': '【信印】申请 {number} 计划 {day}（周五）寄出，但平台角色账号尚未认证。请在周四前完成认证，否则顺延。',
  'draft-reminder': '【信印】您的申请草稿（{business}）25 天未修改，将于 {day} 删除。如需保留请登录后继续填写。编号 {number}。',
  expired: '【信印】申请 {number} 逾期未办理，已关闭（{reason}）。如仍需要请重新申请。',
} as const;
export type SmsTemplate = keyof typeof smsTemplates;
/** What is sent by the calendar, and not when something happens; never at night, and not to whom wants none. */
const reminderTemplates = [
  'expiry-soon',
  'expiry-passed',
  'order-reminder',
  'correction-reminder',
  'certify-reminder',
  'draft-reminder',
] as const satisfies readonly SmsTemplate[];
export type ReminderTemplate = (typeof reminderTemplates)[number];
export const isReminder = (template: SmsTemplate): template is ReminderTemplate =>
  (reminderTemplates as readonly SmsTemplate[]).includes(template);

export function smsText(template: SmsTemplate, values: Readonly<Record<string, string | number>>): string {
  return smsTemplates[template].replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new RangeError(`the message ${template} lacks ${name}`);
    return String(value);
  });
}

/** What stands in no row and is added as the message goes out: whoever knows the code is the phone, whoever has the link has the file. */
export const hiddenValueNames = ['code', 'link'] as const;
type HiddenValue = (typeof hiddenValueNames)[number];
const says = (template: SmsTemplate, name: HiddenValue) => smsTemplates[template].includes(`{${name}}`);

/** What each template hides of its values. */
export const hiddenValuesOf = (template: SmsTemplate): HiddenValue[] => hiddenValueNames.filter((name) => says(template, name));

/**
 * What a person of the office may say on the phone in place of the message, from the values that are kept of it. Null where it carries a code:
 * nobody reads those out. A link is not spoken either: the applicant has it sent anew from the portal.
 */
export function spokenText(template: SmsTemplate, values: Readonly<Record<string, string | number>>): string | null {
  if (says(template, 'code')) return null;
  return smsText(template, { ...values, link: '（请登录网厅重新获取链接）' });
}
