import { accountKinds, shanghaiClock } from '#domain';
import type { FaultOrder } from '../machine/faults.js';
import { html } from '#documents';
import { faultPanel, heading, page, table } from '../pages/layout.js';
import type { Binding, RoleAccount } from './platform.js';
import type { Submission } from './platform-approvals.js';

interface Lists {
  accounts: readonly RoleAccount[];
  bindings: readonly Binding[];
  submissions: readonly Submission[];
}

export function platformPage({ accounts, bindings, submissions }: Lists, faults: readonly FaultOrder[]): string {
  const accountColumns = [
    { zh: '统一社会信用代码', en: 'USCC' },
    { zh: '账号', en: 'account' },
    { zh: '类型', en: 'kind' },
    { zh: '状态', en: 'status' },
    { zh: '操作', en: 'change' },
  ];
  const bindingColumns = [
    { zh: '绑定号', en: 'binding' },
    { zh: '统一社会信用代码', en: 'USCC' },
    { zh: '账号', en: 'account' },
    { zh: '证书名', en: 'certificate name' },
    { zh: '证书序列号', en: 'serial' },
    { zh: '时间', en: 'bound' },
  ];
  const bound = bindings
    .slice(0, 200)
    .map(({ bindingId, uscc, account, certificateName, certificateSerial, at }) => [
      bindingId,
      uscc,
      account,
      certificateName,
      certificateSerial,
      shanghaiClock(new Date(at)),
    ]);
  return page(
    'platform',
    html`${submissionSection(submissions)} ${newAccountForm()}
      <section>
        ${heading('角色账号', 'Role accounts')}
        ${table(accountColumns, accounts.slice(0, 200).map(accountRow), '还没有账号 No accounts yet')}
      </section>
      <section>${heading('绑定', 'Bindings')} ${table(bindingColumns, bound, '还没有绑定 No bindings yet')}</section>
      ${faultPanel('platform', faults)}`,
  );
}

const stateWords: Record<Submission['state'], string> = {
  pending: '待审核 waiting',
  approved: '审核通过 approved',
  refused: '审核不通过 refused',
  unbound: '已解绑 unbound',
};

function submissionSection(submissions: readonly Submission[]) {
  const columns = [
    { zh: '编号', en: 'submission' },
    { zh: '统一社会信用代码', en: 'USCC' },
    { zh: '账号', en: 'account' },
    { zh: '类型', en: 'kind' },
    { zh: '状态', en: 'state' },
    { zh: '审核', en: 'decide' },
  ];
  return html`<section>
    ${heading('账号绑定审核', 'Account bindings')}
    ${table(columns, submissions.slice(0, 200).map(submissionRow), '还没有提交 None submitted yet')}
  </section>`;
}

function submissionRow({ submissionId, uscc, account, kind, state, reason }: Submission) {
  const { zh, en } = accountKinds[kind];
  const hidden = html`<input type="hidden" name="submissionId" value="${submissionId}" />`;
  return [
    submissionId,
    uscc,
    account,
    html`${zh} <small lang="en">${en}</small>`,
    html`<span class="${state === 'approved' ? 'good' : state === 'refused' ? 'bad' : ''}">${stateWords[state]}</span> ${reason}`,
    state !== 'pending'
      ? ''
      : html`<form method="post" action="/platform/accounts/decisions">
            ${hidden}<input type="hidden" name="decision" value="approved" />
            <button>通过 <small lang="en">approve</small></button>
          </form>
          <form method="post" action="/platform/accounts/decisions">
            ${hidden}<input type="hidden" name="decision" value="refused" />
            <input name="reason" maxlength="300" required placeholder="原因 reason" aria-label="原因 reason" />
            <button class="quiet">不通过 <small lang="en">refuse</small></button>
          </form>`,
  ];
}

function accountRow({ uscc, account, kind, status, subAccount }: RoleAccount) {
  const certified = status === 'certified';
  const { zh, en } = accountKinds[kind];
  return [
    uscc,
    subAccount ? html`${account} <small>子账号 sub-account</small>` : account,
    html`${zh} <small lang="en">${en}</small>`,
    html`<span class="${certified ? 'good' : 'bad'}">${certified ? '已认证 certified' : '未认证 not certified'}</span>`,
    html`<form method="post" action="/platform/role-accounts/status">
      <input type="hidden" name="uscc" value="${uscc}" /><input type="hidden" name="account" value="${account}" /><input
        type="hidden"
        name="status"
        value="${certified ? 'uncertified' : 'certified'}"
      />
      <button class="quiet">${certified ? '撤销认证' : '认证'} <small lang="en">${certified ? 'take back' : 'certify'}</small></button>
    </form>`,
  ];
}

function newAccountForm() {
  const kinds = Object.entries(accountKinds).map(([slug, { zh, en }]) => html`<option value="${slug}">${zh} ${en}</option>`);
  return html`<section>
    ${heading('登记角色账号', 'Register a role account')}
    <form method="post" action="/platform/role-accounts">
      <label>统一社会信用代码 <small lang="en">USCC</small><input class="long" name="uscc" maxlength="18" required /></label>
      <label>账号 <small lang="en">account</small><input name="account" maxlength="64" required /></label>
      <label
        >类型 <small lang="en">kind</small
        ><select name="kind">
          ${kinds}
        </select></label
      >
      <label
        >状态 <small lang="en">status</small
        ><select name="status">
          <option value="certified">已认证 certified</option>
          <option value="uncertified">未认证 not certified</option>
        </select></label
      >
      <label>密码 <small lang="en">password</small><input name="password" type="password" maxlength="128" autocomplete="off" /></label>
      <label class="check"><input type="checkbox" name="subAccount" /> 子账号 <small lang="en">sub-account</small></label>
      <button>登记 <small lang="en">register</small></button>
    </form>
  </section>`;
}
