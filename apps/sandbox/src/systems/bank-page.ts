import { fen, shanghaiClock, yuan } from '#domain';
import type { FaultOrder } from '../machine/faults.js';
import { html } from '#documents';
import { faultPanel, heading, page, table } from '../pages/layout.js';
import type { Payment } from './bank-payments.js';
import type { Credit, PushState } from './bank.js';

const pushWords: Record<PushState, string> = {
  none: '只入对账单 statement only',
  waiting: '待送达 waiting',
  held: '扣留 held back',
  accepted: '已送达 accepted',
};

export function bankPage(
  credits: readonly (Credit & { push: PushState })[],
  payments: readonly Payment[],
  faults: readonly FaultOrder[],
): string {
  const rows = credits
    .slice(0, 200)
    .map((credit) => [
      credit.reference,
      shanghaiClock(new Date(credit.bookedAt)),
      html`${credit.payerName}<br /><small
          >${credit.payerAccount} · ${credit.payerAccountType === 'corporate' ? '对公 corporate' : '个人 personal'}</small
        >`,
      credit.remittance,
      yuan(fen(credit.amountFen)),
      html`<span class="${credit.push === 'accepted' ? 'good' : ''}">${pushWords[credit.push]}</span>`,
    ]);
  const columns = [
    { zh: '流水号', en: 'reference' },
    { zh: '入账时间', en: 'booked' },
    { zh: '付款人', en: 'payer' },
    { zh: '附言', en: 'remittance' },
    { zh: '金额（元）', en: 'CNY', number: true },
    { zh: '通知', en: 'push' },
  ];
  return page(
    'bank',
    html`${transferForm()}
      <section>${heading('入账明细', 'Credits to our account')} ${table(columns, rows, '还没有入账 No credits yet')}</section>
      ${paymentList(payments)} ${faultPanel('bank', faults)}`,
  );
}

function transferForm() {
  return html`<section>
    ${heading('转账到我方账户', 'Transfer to our account')}
    <form method="post" action="/bank/transfers">
      <label>付款户名 <small lang="en">payer name</small><input class="long" name="payerName" maxlength="200" required /></label>
      <label>付款账号 <small lang="en">payer account</small><input name="payerAccount" maxlength="64" value="51001234567890" /></label>
      <label
        >账户类型 <small lang="en">account type</small
        ><select name="payerAccountType">
          <option value="corporate">对公 corporate</option>
          <option value="personal">个人 personal</option>
        </select></label
      >
      <label
        >金额（元） <small lang="en">amount, CNY</small
        ><input name="amountYuan" inputmode="decimal" pattern="[0-9]+(\\.[0-9]{1,2})?" required
      /></label>
      <label>附言 <small lang="en">remittance</small><input name="remittance" maxlength="500" /></label>
      <label class="check"><input type="checkbox" name="push" checked /> 通知到账 <small lang="en">push it</small></label>
      <button>转账 <small lang="en">transfer</small></button>
    </form>
  </section>`;
}

function paymentList(payments: readonly Payment[]) {
  const rows = payments
    .slice(0, 200)
    .map(({ reference, at, payeeName, payeeAccount, remittance, amountFen, status, failure }) => [
      reference,
      shanghaiClock(new Date(at)),
      html`${payeeName}<br /><small>${payeeAccount}</small>`,
      remittance,
      yuan(fen(amountFen)),
      html`<span class="${status === 'settled' ? 'good' : 'bad'}">${status === 'settled' ? '已付 paid' : (failure ?? '')}</span>`,
    ]);
  const columns = [
    { zh: '流水号', en: 'reference' },
    { zh: '时间', en: 'at' },
    { zh: '收款人', en: 'payee' },
    { zh: '附言', en: 'remittance' },
    { zh: '金额（元）', en: 'CNY', number: true },
    { zh: '结果', en: 'result' },
  ];
  return html`<section>
    ${heading('我方付款', 'Payments from our account')} ${table(columns, rows, '还没有付款 No payments yet')}
    <form method="post" action="/bank/accounts">
      <label>收款账号 <small lang="en">account</small><input name="account" maxlength="64" required /></label>
      <label class="check"><input type="checkbox" name="closed" checked /> 已销户 <small lang="en">closed</small></label>
      <button>登记 <small lang="en">set</small></button>
    </form>
  </section>`;
}
