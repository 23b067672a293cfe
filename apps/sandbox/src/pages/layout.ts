/** The one frame of all pages: Chinese first, English beside. No script runs in it, so what a message says can never run either. */
import { kindsOf, type FaultKind, type FaultOrder, type System } from '../machine/faults.js';
import { html, type Markup } from '#documents';

export const systemWords: Record<System, { zh: string; en: string; about: string }> = {
  sms: { zh: '短信', en: 'SMS', about: '手机收到的短信 · What phones received' },
  sms2: { zh: '短信二', en: 'SMS 2', about: '备用短信服务商 · The second operator' },
  bank: { zh: '银行', en: 'Bank', about: '转账、到账通知、对账单 · Transfers, pushes, statements' },
  platform: { zh: '药械平台', en: 'Platform', about: '角色账号与绑定 · Role accounts and bindings' },
  invoice: { zh: '电子发票', en: 'E-invoice', about: '已开发票 · Invoices issued' },
  courier: { zh: '快递', en: 'Courier', about: '运单 · Waybills' },
};

const faultWords: Record<FaultKind, string> = {
  slow: '缓慢 slow',
  error: '出错 error',
  'lost-answer': '应答丢失 lost answer',
  duplicate: '重复 duplicate',
  'out-of-order': '乱序 out of order',
  undeliverable: '无法送达 undeliverable',
  'receipt-lost': '无回执 receipt lost',
};

export function page(active: System | null, content: Markup): string {
  const links = Object.entries(systemWords).map(
    ([system, { zh, en }]) =>
      html`<a href="/${system}" ${active === system ? html`aria-current="page"` : ''}>${zh} <small lang="en">${en}</small></a>`,
  );
  const title = active ? systemWords[active].zh : '外部系统';
  return html`<!doctype html>
    <html lang="zh-CN">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} · 信印沙盒</title>
        <link rel="stylesheet" href="/style.css" />
      </head>
      <body>
        <header>
          <a class="home" href="/">信印沙盒 <small lang="en">Xinyin sandbox</small></a>
          <nav aria-label="外部系统 Outside systems">${links}</nav>
        </header>
        <p class="note">
          这里扮演外部世界：不发真短信，不动真钱。<span lang="en">This plays the outside world: no real message, no real money.</span>
        </p>
        <main>${content}</main>
      </body>
    </html>`.toString();
}

export function heading(zh: string, en: string): Markup {
  return html`<h2>${zh} <small lang="en">${en}</small></h2>`;
}

export interface Column {
  zh: string;
  en: string;
  /** Numbers stand to the right. */
  number?: boolean;
}

export function table(columns: readonly Column[], rows: readonly (readonly (Markup | string | number)[])[], none: string): Markup {
  if (rows.length === 0) return html`<p class="none">${none}</p>`;
  const head = columns.map(
    ({ zh, en, number }) => html`<th scope="col" class="${number && 'number'}">${zh} <small lang="en">${en}</small></th>`,
  );
  const cell = (value: Markup | string | number, index: number) => html`<td class="${columns[index]?.number && 'number'}">${value}</td>`;
  return html`<div class="wide">
    <table>
      <thead>
        <tr>
          ${head}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${row.map(cell)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

export function faultPanel(system: System, orders: readonly FaultOrder[]): Markup {
  const options = kindsOf(system).map((kind) => html`<option value="${kind}">${faultWords[kind]}</option>`);
  const active = orders
    .filter((order) => order.system === system)
    .map(
      ({ kind, count, delayMs }) =>
        html`<li>
          ${faultWords[kind]}，${count === undefined ? '直到清除 until cleared' : `还有 ${count} 次 left`}${delayMs === undefined ? '' : `，${delayMs} ms`}
        </li>`,
    );
  return html`<section class="faults">
    ${heading('故障', 'Faults')}
    ${
      active.length
        ? html`<ul>
            ${active}
          </ul>`
        : html`<p class="none">一切正常 All is well</p>`
    }
    <form method="post" action="/faults">
      <input type="hidden" name="system" value="${system}" />
      <label
        >种类 <small lang="en">kind</small
        ><select name="kind">
          ${options}
        </select></label
      >
      <label>次数 <small lang="en">times (empty: until cleared)</small><input name="count" type="number" min="1" value="1" /></label>
      <label>毫秒 <small lang="en">delay, ms</small><input name="delayMs" type="number" min="0" /></label>
      <button>设置 <small lang="en">set</small></button>
    </form>
    <form method="post" action="/faults/${system}/clear">
      <button class="quiet">清除 <small lang="en">clear</small></button>
    </form>
  </section>`;
}

export const stylesheet = `
:root { color-scheme: light; --ink: #1d2733; --soft: #5a6776; --line: #d9e0e7; --ground: #f5f7f9; --accent: #0b5c8f; }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 15px/1.6 system-ui, "Noto Sans SC", "PingFang SC", "Microsoft YaHei", sans-serif; }
small { color: var(--soft); font-size: .82em; font-weight: 400; }
header { display: flex; flex-wrap: wrap; gap: .5rem 1.5rem; align-items: center; padding: .75rem 1.5rem; background: #fff; border-bottom: 1px solid var(--line); }
header a { color: inherit; text-decoration: none; }
.home { font-weight: 600; font-size: 1.1rem; }
nav { display: flex; flex-wrap: wrap; gap: .25rem; }
nav a { padding: .3rem .75rem; border-radius: 6px; }
nav a:hover { background: var(--ground); }
nav a[aria-current] { background: var(--accent); color: #fff; }
nav a[aria-current] small { color: #d5e6f2; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.note { margin: 0; padding: .4rem 1.5rem; background: #fff7e0; border-bottom: 1px solid #f0e0ad; font-size: .9rem; }
.note span { color: var(--soft); }
main { max-width: 1200px; margin: 0 auto; padding: 1.25rem 1.5rem 3rem; display: grid; gap: 1.25rem; grid-template-columns: minmax(0, 1fr); }
section, .card { background: #fff; border: 1px solid var(--line); border-radius: 8px; padding: 1rem 1.25rem; }
h2 { margin: 0 0 .75rem; font-size: 1.1rem; }
form { display: flex; flex-wrap: wrap; gap: .75rem; align-items: end; }
form + form { margin-top: .6rem; }
td form { gap: .4rem; flex-wrap: nowrap; }
label { display: grid; gap: .2rem; font-size: .9rem; }
label.check { display: flex; align-items: center; gap: .4rem; padding-bottom: .45rem; }
input, select { font: inherit; padding: .35rem .5rem; border: 1px solid #a9b5c1; border-radius: 5px; background: #fff; min-width: 9rem; height: 2.2rem; }
input[type=checkbox] { min-width: 0; height: auto; }
input.long { min-width: 18rem; }
button { font: inherit; padding: .4rem .9rem; border: 1px solid var(--accent); border-radius: 5px; background: var(--accent); color: #fff; cursor: pointer; white-space: nowrap; }
button small { color: #d5e6f2; }
button.quiet { background: #fff; color: var(--accent); }
button.quiet small { color: var(--soft); }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; }
th, td { text-align: left; padding: .45rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top; }
th { white-space: nowrap; font-weight: 600; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.none { color: var(--soft); margin: .25rem 0; }
.bad { color: #9c1c1c; }
.good { color: #176a35; }
.cards { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fill, minmax(220px, 1fr)); }
.card { color: inherit; text-decoration: none; display: block; }
.card:hover { border-color: var(--accent); }
.card strong { font-size: 1.15rem; display: block; }
.bubble { background: #eaf3ea; border-radius: 10px; padding: .5rem .8rem; max-width: 46rem; margin: 1rem 0 .2rem; overflow-wrap: anywhere; }
.stamp { color: var(--soft); font-size: .82rem; margin: 0; }
`;
