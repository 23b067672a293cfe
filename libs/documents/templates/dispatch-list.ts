/** The manifest of a Friday: what leaves the office, checked off by hand and signed by who hands it over. */
import { code128 } from '../codes.js';
import { html, type Markup } from '../html.js';
import { dayInWords, officeTime } from '../words.js';
import { ABSENT_NOTE, officePaper, type Paper } from './office.js';

export interface DispatchListData {
  /** The day of dispatch, 'YYYY-MM-DD'. */
  readonly day: string;
  /** Why this day and no other, in words, e.g. '10月2日为法定节假日，顺延至下一周五'. */
  readonly dayReason: string;
  readonly carrier?: string;
  readonly letters: readonly DispatchLetter[];
  /** ISO instant. */
  readonly generatedAt: string;
}

/** What the carrier counts and signs for: one row, with every token that is in it. */
export interface DispatchLetter {
  readonly applicationNumber: string;
  readonly organisation: string;
  readonly tokenNumbers: readonly string[];
  readonly account?: string;
  readonly trackingNumber?: string;
}

const CSS = `
  header { display: flex; justify-content: space-between; align-items: flex-end; margin-bottom: 2.5mm; }
  header dl { margin: 0; display: grid; grid-template-columns: auto auto; gap: .3mm 3mm; font-size: 9pt; }
  header dt { color: #333; } header dd { margin: 0; }
  .why { margin: 0 0 2.5mm; }
  .list { table-layout: fixed; font-size: 8.5pt; border: 0; }
  .list th { text-align: left; font-size: 8.5pt; }
  .list td { padding: 1.1mm 1.6mm; height: 12.5mm; line-height: 1.3; }
  .list svg { display: block; margin-bottom: .5mm; }
  .list .id { font-size: 7.5pt; letter-spacing: .03em; }
  .centre { text-align: center !important; }
  .list tbody { break-inside: avoid; }
  .list .tokens td { height: auto; padding: 1.2mm 1.6mm; }
  .list .tokens div { display: grid; grid-template-columns: repeat(4, 1fr); gap: 1.4mm 2mm; }
  .list .sign { height: auto; padding: 7mm 0 0; border-width: .15mm 0 0; }
  .handover { display: grid; grid-template-columns: 1fr 1fr; gap: 7mm 14mm; font-size: 9.5pt; }
  .handover div { display: flex; align-items: flex-end; white-space: nowrap; }
  .handover i { flex: 1; border-bottom: .2mm solid #000; margin-left: 2mm; height: 7mm; }
  .empty { height: 20mm; text-align: center; }`;

export function dispatchList(d: DispatchListData): Paper {
  return officePaper({
    title: `证书寄送清单 ${d.day}`,
    css: CSS,
    footLeft: `证书寄送清单 ${d.day}`,
    footRight: `打印时间 ${officeTime(d.generatedAt)}`,
    body: html`<header>
        <div>
          <h1>证书寄送清单</h1>
          <small>Dispatch list of certificates and tokens</small>
        </div>
        <dl>
          <dt>寄送日期</dt>
          <dd><b>${dayInWords(d.day)}</b></dd>
          <dt>件数</dt>
          <dd>共 ${d.letters.length} 件，USB Key ${tokensIn(d.letters)} 个${d.carrier && `，承运：${d.carrier}`}</dd>
        </dl>
      </header>
      <p class="why">日期依据：${d.dayReason}</p>
      ${list(d.letters)} ${ABSENT_NOTE}`,
  });
}

function list(letters: readonly DispatchLetter[]): Markup {
  return html`<table class="list">
    <colgroup>
      <col style="width:8mm" />
      <col style="width:28mm" />
      <col />
      <col style="width:37mm" />
      <col style="width:46mm" />
      <col style="width:11mm" />
    </colgroup>
    <thead>
      <tr>
        <th class="centre">序</th>
        <th>申请编号<small>Application</small></th>
        <th>单位与平台账号<small>Organisation, account</small></th>
        <th>USB Key<small>Token number</small></th>
        <th>运单号<small>Tracking number</small></th>
        <th class="centre">核对<small>Check</small></th>
      </tr>
    </thead>
    ${letters.slice(0, -1).map(
      (each, index) =>
        html`<tbody>
          ${rows(each, index)}
        </tbody>`,
    )}
    <!-- Nobody signs a page on which nothing stands: the last letter goes with the lines to sign. -->
    <tbody>
      ${
        letters.length === 0
          ? html`<tr>
              <td colspan="6" class="empty">本次无待寄证书</td>
            </tr>`
          : letters.slice(-1).map((each) => rows(each, letters.length - 1))
      }
      <tr>
        <td colspan="6" class="sign">${handover()}</td>
      </tr>
    </tbody>
  </table>`;
}

const tokensIn = (letters: readonly DispatchLetter[]) => letters.reduce((sum, { tokenNumbers }) => sum + tokenNumbers.length, 0);

/** A token alone stands in the letter's row; more of them are counted there and stand beneath, on the same page. */
function rows(d: DispatchLetter, index: number): Markup {
  const [only, ...more] = d.tokenNumbers;
  return html`<tr>
      <td class="centre">${index + 1}</td>
      <td class="id">${d.applicationNumber}</td>
      <td>
        ${d.organisation}
        <div class="id">${d.account ?? '无账号'}</div>
      </td>
      <td class="id">${only === undefined || more.length > 0 ? `共 ${d.tokenNumbers.length} 个，见下` : scannable(only, 33)}</td>
      <td class="id">${d.trackingNumber ? scannable(d.trackingNumber, 42) : '待填'}</td>
      <td class="centre"><span class="box" style="margin:0"></span></td>
    </tr>
    ${more.length > 0 && tokens(d.tokenNumbers)}`;
}

function tokens(numbers: readonly string[]): Markup {
  return html`<tr class="tokens">
    <td></td>
    <td colspan="5" class="id">
      <div>${numbers.map((each) => html`<span>${scannable(each, 36)}</span>`)}</div>
    </td>
  </tr>`;
}

function scannable(text: string, maxWidthMm: number): Markup {
  return html`${code128(text, { heightMm: 6, maxWidthMm, moduleMm: 0.26 })}${text}`;
}

function handover(): Markup {
  return html`<div class="handover">
    <div>寄送人签字 Dispatcher<i></i></div>
    <div>日期 Date<i></i></div>
    <div>承运人签收 Carrier<i></i></div>
    <div>实收件数 Pieces<i></i></div>
  </div>`;
}
