/** The look of an invoice, marked as a specimen on its face: it must not pass for a real one. */
import { fen, shanghaiDay, yuan } from '#domain';
import { html, yuanInCapitals } from '#documents';
import type { Invoice } from './invoice.js';

export const INVOICE_SIZE = { widthMm: 210, heightMm: 140 };

const CSS = `
  @page { size: 210mm 140mm; margin: 0; }
  body { margin: 0; font: 9pt/1.5 var(--hei, sans-serif); }
  .sheet { box-sizing: border-box; width: 210mm; height: 139.5mm; padding: 9mm 12mm; overflow: hidden; color: #5a2a1a; }
  h1 { font: 700 15pt/1.3 var(--song, serif); text-align: center; margin: 0; }
  .specimen { text-align: center; font-size: 8pt; margin: 1mm 0 3mm; }
  .head { display: flex; justify-content: space-between; margin-bottom: 2mm; }
  b { color: #111; font-weight: 400; overflow-wrap: anywhere; }
  table { width: 100%; border-collapse: collapse; }
  th, td { border: .2mm solid #5a2a1a; padding: 1.2mm 2mm; text-align: left; font-weight: 400; vertical-align: top; }
  td { color: #111; } .n { text-align: right; }`;

export function invoiceSheet(invoice: Omit<Invoice, 'token'>): string {
  const lines = invoice.lines.map(
    (line) =>
      html`<tr>
        <td>${line.name}</td>
        <td class="n">${line.quantity}</td>
        <td class="n">${yuan(fen(line.amountFen))}</td>
      </tr>`,
  );
  const sheet = html`<div class="sheet">
    <h1>电子发票（普通发票）</h1>
    <p class="specimen">沙盒样张，不得作为报销凭证 · Sandbox specimen, not a tax document</p>
    <div class="head">
      <span>发票号码：<b>${invoice.invoiceNumber}</b></span
      ><span>开票日期：<b>${shanghaiDay(new Date(invoice.at))}</b></span>
    </div>
    <table>
      <tr>
        <th colspan="3">购买方名称：<b>${invoice.title}</b><br />统一社会信用代码/纳税人识别号：<b>${invoice.taxNumber}</b></th>
      </tr>
      <tr>
        <th>项目名称</th>
        <th class="n">数量</th>
        <th class="n">金额（元）</th>
      </tr>
      ${lines}
      <tr>
        <th colspan="3">
          价税合计（大写）：<b>${yuanInCapitals(invoice.amountFen)}</b>　（小写）：<b>¥${yuan(fen(invoice.amountFen))}</b>
        </th>
      </tr>
    </table>
  </div>`;
  return `<style>${CSS}</style>${sheet.toString()}`;
}
