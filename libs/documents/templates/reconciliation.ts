/** 日对账单, A4: the day in figures, the accounts, and every difference. */
import type { Reconciliation } from '#domain';
import { html, type Markup } from '../html.js';
import { dayInWords, officeTime, yuan } from '../words.js';
import { label, officePaper, section, type Paper } from './office.js';

export interface ReconciliationData extends Reconciliation {
  /** ISO instant. */
  readonly generatedAt: string;
}

const CSS = `
  td small { display: block; font: 6.5pt/1.2 var(--hei); color: #555; }
  th.num { text-align: right; }
  .total td { font-weight: 700; border-top-width: .35mm; }`;
/** In millimetres; what is not named takes the rest. */
const [COUNT, SUM, REFERENCE] = [20, 34, 52];

export function reconciliation(d: ReconciliationData): Paper {
  const body = html`<h1>日对账单</h1>
    <small>Daily reconciliation</small>
    <p>${dayInWords(d.day)}</p>
    ${section(
      '当日合计',
      'The day in figures',
      sheet(
        [label('项目', 'What'), amount('笔数', 'Count', COUNT), amount('金额（元）', 'Yuan', SUM)],
        d.tallies.map((each) => row(each, html`${number(String(each.count))}${number(yuan(each.amountFen))}`)),
      ),
    )}
    ${section(
      '账簿科目',
      'Accounts of the ledger',
      sheet(
        [label('科目', 'Account'), amount('当日发生（元）', 'Moved on the day', SUM), amount('日终余额（元）', 'At its end', SUM)],
        [...d.accounts.map(account), total(d.accounts)],
      ),
    )}
    ${section(
      '差异明细',
      `Differences: ${d.differences.length}`,
      d.differences.length === 0
        ? html`<p>无差异 None</p>`
        : sheet(
            [label('差异', 'Difference'), wide('编号', 'Reference', REFERENCE), amount('金额（元）', 'Yuan', SUM)],
            d.differences.map((each) =>
              row(
                each,
                html`<td class="id">${each.reference}</td>
                  ${number(yuan(each.amountFen))}`,
              ),
            ),
          ),
    )}`;
  const title = `日对账单 ${d.day}`;
  return officePaper({ title, css: CSS, footLeft: title, footRight: `打印时间 ${officeTime(d.generatedAt)}`, body });
}

/** Its head stands on every page that it reaches. */
function sheet(headings: readonly Markup[], rows: readonly Markup[]): Markup {
  return html`<table>
    <thead>
      <tr>
        ${headings}
      </tr>
    </thead>
    <tbody>
      ${rows}
    </tbody>
  </table>`;
}

const wide = (zh: string, en: string, widthMm: number) => html`<th style="width:${widthMm}mm">${zh}<small>${en}</small></th>`;
const amount = (zh: string, en: string, widthMm: number) => html`<th class="num" style="width:${widthMm}mm">${zh}<small>${en}</small></th>`;
const number = (text: string) => html`<td class="num">${text}</td>`;

/** The fonts draw a typographic apostrophe as wide as a character. */
const english = (text: string) => text.replaceAll('’', "'");
const row = ({ zh, en }: { zh: string; en: string }, cells: Markup) =>
  html`<tr>
    <td>${zh}<small>${english(en)}</small></td>
    ${cells}
  </tr>`;

type Account = Reconciliation['accounts'][number];
const account = (each: Account) => row(each, html`${number(yuan(each.movementFen))}${number(yuan(each.balanceFen))}`);

/** What was received is in one of the others, to the fen: whoever reads the paper can hold the two against each other. */
function total(accounts: readonly Account[]): Markup {
  const others = accounts.filter(({ code }) => code !== 'received');
  const sum = (of: (account: Account) => number) => number(yuan(others.reduce((so, each) => so + of(each), 0)));
  return html`<tr class="total">
    <td>实收以外合计，应等于实收<small>all but received: has to equal received</small></td>
    ${sum(({ movementFen }) => movementFen)}${sum(({ balanceFen }) => balanceFen)}
  </tr>`;
}
