/** What to take from the drawer for a Friday: a block for each letter, with the codes that a hand scanner reads while packing. */
import { code128, qrCode } from '../codes.js';
import { html, type Markup } from '../html.js';
import { dayInWords, officeTime } from '../words.js';
import { ABSENT_NOTE, officePaper, type Paper } from './office.js';

export interface PickListData {
  /** The day of dispatch, 'YYYY-MM-DD'. */
  readonly day: string;
  readonly letters: readonly PickedLetter[];
  /** ISO instant. */
  readonly generatedAt: string;
}

export interface PickedLetter {
  readonly applicationNumber: string;
  readonly organisation: string;
  readonly tokenNumbers: readonly string[];
  readonly trackingNumber?: string;
}

const CSS = `
  header { margin-bottom: 3mm; }
  .letter { display: grid; grid-template-columns: 8mm 24mm 1fr 56mm; gap: 3mm; align-items: center; border-top: .2mm solid #000;
    padding: 2.5mm 0; break-inside: avoid; font-size: 9pt; }
  .letter svg { display: block; }
  .letter p { margin: 0 0 .8mm; } .letter .id { font-size: 8pt; letter-spacing: .03em; }
  .letter .name { font-weight: 700; }
  .tokens { display: flex; flex-wrap: wrap; gap: 1mm 4mm; }`;

export function pickList(d: PickListData): Paper {
  return officePaper({
    title: `拣货单 ${d.day}`,
    css: CSS,
    footLeft: `拣货单 ${d.day}`,
    footRight: `打印时间 ${officeTime(d.generatedAt)}`,
    body: html`<header>
        <h1>拣货单</h1>
        <small>Pick list</small>
        <p>寄送日期 <b>${dayInWords(d.day)}</b>　共 ${d.letters.length} 封</p>
      </header>
      ${d.letters.map(letter)} ${ABSENT_NOTE}`,
  });
}

function letter(d: PickedLetter, index: number): Markup {
  return html`<section class="letter">
    <div>${index + 1}<br /><span class="box" style="margin:0"></span></div>
    ${qrCode(d.applicationNumber, 22)}
    <div>
      <p class="name">${d.organisation}</p>
      <p class="id">${d.applicationNumber}</p>
      <div class="tokens id">${d.tokenNumbers.map((each) => html`<span>${each}</span>`)}</div>
    </div>
    <div class="id">
      ${d.trackingNumber ? html`${code128(d.trackingNumber, { heightMm: 9, maxWidthMm: 54, moduleMm: 0.3 })}${d.trackingNumber}` : '待填'}
    </div>
  </section>`;
}
