/** What a case, an account or a rule of the office refuses. */
import { row } from './row.js';

// prettier-ignore
export const caseErrors = {
  NOT_FOUND: row(404, false, '没有找到。', 'Not found.', '请检查编号，或重新登录后再试。', 'Check the number, or log in again.'),
  LOGIN_REQUIRED: row(401, false, '请先登录。', 'Please log in first.', '请用短信验证码（申请人）或账号密码（工作人员）登录。', 'Log in by SMS code (applicants) or account and password (staff).'),
  LOGIN_FAILED: row(401, false, '账号或密码不正确。', 'The account or the password is not right.', '请核对后重试；连续 5 次错误将锁定 15 分钟。', 'Check both and try again; after 5 failures the account rests for 15 minutes.'),
  FORBIDDEN_ROLE: row(403, false, '您的岗位无权进行此操作。', 'Your role does not allow this.', '请由有权限的同事办理。', 'Ask a colleague whose role allows it.'),
  FOUR_EYES: row(403, false, '不能审核自己提交或录入的申请。', 'Nobody decides on what they submitted or entered themselves.', '请由另一位同事办理。', 'Ask another colleague to decide.'),
  CODE_WRONG: row(422, false, '验证码不正确，还可尝试 {left} 次。', 'The code is not right; {left} attempts are left.', '请核对最近一条短信中的 6 位数字。', 'Check the 6 digits of the latest message.'),
  CODE_EXPIRED: row(422, false, '验证码已失效。', 'The code has expired or was used already.', '请重新获取验证码。', 'Ask for a new code.'),
  CODE_EXHAUSTED: row(429, false, '验证码错误次数过多。', 'Too many wrong attempts for this code.', '请重新获取验证码。', 'Ask for a new code.'),
  CODE_TOO_SOON: row(429, true, '获取验证码过于频繁。', 'A code was sent less than a minute ago.', '请在 {seconds} 秒后重试。', 'Try again in {seconds} seconds.'),
  CODE_DAILY_LIMIT: row(429, false, '今日获取验证码次数已达上限。', 'The daily number of codes for this phone is used up.', '请明天再试，或致电 400-028-1130。', 'Try again tomorrow, or call 400-028-1130.'),
  ADDRESS_LIMIT: row(429, true, '当前网络请求过于频繁。', 'Too many requests from this network address.', '请稍后重试。', 'Try again later.'),
  DRAFT_CHANGED: row(409, false, '草稿已在别处修改。', 'The draft was changed elsewhere.', '请重新载入后再修改。', 'Load it again, then edit.'),
  DRAFT_SUBMITTED: row(409, false, '此草稿已提交。', 'This draft was submitted already.', '请在“我的申请”中查看。', 'Look under “my applications”.'),
  APPLICATION_OPEN: row(409, false, '该单位已有一件在办的新办申请 {number}。', 'This organisation has an open application already: {number}.', '如确需增办证书，请确认“增办”后重新提交。', 'If an additional certificate is wanted, confirm it and submit again.'),
  STAGE_REFUSES: row(409, false, '当前环节不允许此操作（{stage}）。', 'The case does not allow this at its present stage ({stage}).', '请刷新页面查看最新进度。', 'Reload and look at the progress.'),
  ALREADY_DECIDED: row(409, false, '此事项已处理。', 'This was decided already.', '请刷新页面查看结果。', 'Reload to see the decision.'),
  CLAIM_HELD: row(409, true, '此件正由他人审核。', 'A colleague is working on this case.', '请领取其他申请，或等待其释放。', 'Claim another, or wait until it is released.'),
  CLAIM_REQUIRED: row(409, false, '请先领取再审核；领取后 {minutes} 分钟内有效。', 'Claim the case first; a claim lasts {minutes} minutes.', '请重新领取。', 'Claim it again.'),
  RETURN_NEEDS_REASON: row(422, false, '退回或拒绝须逐项写明原因。', 'A return or rejection needs a reason for each field.', '请至少选择一项并写明原因。', 'Choose at least one field and give its reason.'),
  FIELD_NOT_RETURNED: row(422, false, '此项未被退回，不能修改。', 'This field was not returned and cannot be changed.', '请只修改被退回的项目。', 'Change only the fields that were returned.'),
  CORRECTION_INCOMPLETE: row(422, false, '被退回的项目尚未全部修改。', 'A returned field has not been corrected yet.', '请修改后再提交。', 'Correct it, then submit.'),
  DISPATCH_FUTURE: row(422, false, '不能办理将来日期的寄送。', 'A dispatch cannot be run for a day that has not come.', '请在当日办理；演示模式除外。', 'Run it on its day, or in demo mode.'),
  DISPATCH_NOT_READY: row(409, true, '该日寄送批次尚未准备好交寄。', 'The batch of this day is not ready to be handed over.', '请先完成绑定、打单。', 'Wait until binding and printing are done.'),
  CERTIFICATE_LINT: row(500, false, '证书内容未通过签发前检查。', 'The certificate did not pass the checks before signing.', '已转人工处理。', 'A person has been asked to look at it.'),
  ISSUANCE_MISMATCH: row(500, false, '签发结果与检查内容不一致。', 'What was signed is not what was checked.', '已停止签发并转人工处理。', 'Issuing was stopped and a person was asked.'),
  TOKEN_PIN_WRONG: row(422, false, '口令不正确，还可尝试 {left} 次。', 'The PIN is not right; {left} attempts are left.', '请核对后重试。', 'Check it and try again.'),
  TOKEN_PIN_LOCKED: row(423, false, '证书已锁定。', 'The token is locked.', '请致电 400-028-1130 解锁。', 'Call 400-028-1130 to unlock it.'),
  TOKEN_CONTENT: row(500, false, '证书盘内容有误。', 'The token does not hold what it should.', '已转人工处理。', 'A person has been asked to look at it.'),
} as const;
