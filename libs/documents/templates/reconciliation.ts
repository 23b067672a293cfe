/** 日对账单, A4: the day in figures, the accounts, and every difference. */
import type { Reconciliation } from '#domain';
import { html } from '../html.js';
import { dayInWords, officeTime, yuan } from '../words.js';
import { label, officePaper, section, type Paper } from './office.js';

export interface ReconciliationData extends Reconciliation {
  /** ISO instant. */
  readonly generatedAt: string;
}

const CSS = `
  td small { display: block; font: 6.5pt/1.2 var(--hei); color: #555; }
  .sum { width: 30mm; } .many { width: 18mm; } .which { width: 46mm; }`;

export function reconciliation(d: ReconciliationData): Paper {
  const both = ({ zh, en }: { zh: string; en: string }) => html`<td>${zh}<small>${en}</small></td>`;
  const body = html`<h1>日对账单</h1>
    <small>Daily reconciliation</small>
    <p>${dayInWords(d.day)}</p>
    ${section(
      '当日合计',
      'The day in figures',
      html`<table>
        <tr>
          ${label('项目', 'What')} ${label('笔数', 'Count')} ${label('金额（元）', 'Yuan')}
        </tr>
        ${d.tallies.map(
          (each) =>
            html`<tr>
              ${both(each)}
              <td class="num many">${String(each.count)}</td>
              <td class="num sum">${yuan(each.amountFen)}</td>
            </tr>`,
        )}
      </table>`,
    )}
    ${section(
      '账簿科目',
      'Accounts of the ledger',
      html`<table>
        <tr>
          ${label('科目', 'Account')} ${label('当日发生（元）', 'Moved on the day')} ${label('日终余额（元）', 'At its end')}
        </tr>
        ${d.accounts.map(
          (each) =>
            html`<tr>
              ${both(each)}
              <td class="num">${yuan(each.movementFen)}</td>
              <td class="num">${yuan(each.balanceFen)}</td>
            </tr>`,
        )}
      </table>`,
    )}
    ${section(
      '差异明细',
      'Differences',
      d.differences.length === 0
        ? html`<p>无差异 None</p>`
        : html`<table>
            <tr>
              ${label('差异', 'Difference')} ${label('编号', 'Reference')} ${label('金额（元）', 'Yuan')}
            </tr>
            ${d.differences.map(
              (each) =>
                html`<tr>
                  ${both(each)}
                  <td class="id which">${each.reference}</td>
                  <td class="num sum">${yuan(each.amountFen)}</td>
                </tr>`,
            )}
          </table>`,
    )}`;
  const title = `日对账单 ${d.day}`;
  return officePaper({ title, css: CSS, footLeft: title, footRight: `打印时间 ${officeTime(d.generatedAt)}`, body });
}
