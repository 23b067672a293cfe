/** The look of a 数电票 (电子发票), with what everybody looks for in its place; marked as a specimen on its face: it must not pass for a real one. */
import bwip from 'bwip-js';
import { fen, shanghaiDay, yuan } from '#domain';
import { html, Markup, yuanInCapitals } from '#documents';
import { SELLER, TAX_RATE, taxed, totals, type Invoice } from './invoice-book.js';

export const INVOICE_SIZE = { widthMm: 210, heightMm: 140 };

const CSS = `
  @page { size: 210mm 140mm; margin: 0; }
  body { margin: 0; font: 8.5pt/1.45 var(--song, serif); }
  .sheet { --ink: #8c3b1f; position: relative; box-sizing: border-box; width: 210mm; height: 139.5mm; padding: 7mm 9mm; overflow: hidden; color: var(--ink); }
  .head { display: grid; grid-template-columns: 24mm 1fr 58mm; align-items: end; height: 23mm; margin-bottom: 2mm; }
  .head > svg { width: 20mm; height: 20mm; align-self: start; }
  h1 { position: relative; justify-self: center; font-weight: 700; font-size: 17pt; line-height: 1.2; margin: 0 0 3mm; padding: 0 3mm 1mm; border-bottom: 1.1mm double var(--ink); }
  .stamp { position: absolute; left: 50%; top: -4.5mm; width: 32mm; height: 19mm; margin-left: -16mm; opacity: .45; }
  .numbers p { margin: 0; white-space: nowrap; }
  b { color: #16130f; font-weight: 400; overflow-wrap: anywhere; }
  .parties { display: grid; grid-template-columns: 6mm 1fr 6mm 1fr; border: .25mm solid var(--ink); height: 21mm; }
  .parties > * { border-left: .25mm solid var(--ink); }
  .parties > :first-child { border-left: 0; }
  .side { writing-mode: vertical-rl; text-align: center; letter-spacing: .12em; display: flex; align-items: center; justify-content: center; line-height: 1.05; font-size: 8pt; }
  .party { padding: 2mm; } .party p { margin: 0 0 1.5mm; }
  table { width: 100%; border-collapse: collapse; border: .25mm solid var(--ink); border-top: 0; }
  th, td { padding: .9mm 1.5mm; text-align: left; font-weight: 400; vertical-align: top; border: 0; }
  td { color: #16130f; overflow-wrap: anywhere; } .n { text-align: right; white-space: nowrap; } .c { text-align: center; }
  .lines { height: 42mm; } .lines tr.rest td { height: 100%; padding: 0; }
  .sum th, .sum td { border-top: 0; }
  .total { border-collapse: separate; border-spacing: 0; } .total th { padding: 1.8mm 2mm; } .total th + th { border-left: .25mm solid var(--ink); }
  .total .word { width: 34mm; text-align: center; }
  .total .figures { display: flex; justify-content: space-between; padding-right: 14mm; font-size: 9.5pt; }
  .notes { display: grid; grid-template-columns: 6mm 1fr; border: .25mm solid var(--ink); border-top: 0; height: 14mm; }
  .notes > :last-child { border-left: .25mm solid var(--ink); padding: 1.5mm 2mm; }
  .foot { margin: 2.5mm 0 0 14mm; }
  .specimen { position: absolute; left: 0; right: 0; top: 62mm; text-align: center; font: 700 21pt/1 var(--hei, sans-serif); color: rgba(140, 59, 31, .13); transform: rotate(-14deg); letter-spacing: .2em; }
  .small { position: absolute; right: 9mm; bottom: 3mm; font: 7pt/1 var(--hei, sans-serif); }`;

/** The place and the form of the tax bureau's mark, with a text that says what this is. */
const STAMP = new Markup(`<svg class="stamp" viewBox="0 0 160 95" xmlns="http://www.w3.org/2000/svg">
  <g fill="none" stroke="#c8102e"><ellipse cx="80" cy="47.5" rx="77" ry="45" stroke-width="3.5"/><ellipse cx="80" cy="47.5" rx="69" ry="38" stroke-width="1.2"/></g>
  <g fill="#c8102e" text-anchor="middle" style="font-family: var(--hei, sans-serif)"><text x="80" y="33" font-size="14">沙盒样张</text><text x="80" y="53" font-size="13">不得入账报销</text><text x="80" y="71" font-size="11">SPECIMEN</text></g></svg>`);

export function invoiceSheet(invoice: Omit<Invoice, 'token'>): string {
  const { netFen, taxFen } = totals(invoice);
  const day = shanghaiDay(new Date(invoice.at));
  const [year, month, date] = day.split('-');
  const code = bwip.toSVG({
    bcid: 'qrcode',
    text: `01,32,,${invoice.invoiceNumber},${plain(invoice.amountFen)},${day.replaceAll('-', '')},,`,
  });
  const sheet = html`<div class="sheet">
    <div class="head">
      ${new Markup(code)}
      <h1>电子发票（普通发票）${STAMP}</h1>
      <div class="numbers">
        <p>发票号码：<b>${invoice.invoiceNumber}</b></p>
        <p>开票日期：<b>${year} 年 ${month} 月 ${date} 日</b></p>
      </div>
    </div>
    <div class="parties">
      ${party('购买方信息', invoice.title, invoice.taxNumber)} ${party('销售方信息', SELLER.name, SELLER.taxNumber)}
    </div>
    <table class="lines">
      <tr>
        <th>项目名称</th>
        <th class="c">规格型号</th>
        <th class="c">单位</th>
        <th class="n">数量</th>
        <th class="n">单价</th>
        <th class="n">金额</th>
        <th class="n">税率/征收率</th>
        <th class="n">税额</th>
      </tr>
      ${invoice.lines.map(lineRow)}
      <tr class="rest">
        <td colspan="8"></td>
      </tr>
      <tr class="sum">
        <th class="c">合　　计</th>
        <td colspan="4"></td>
        <td class="n">¥${plain(netFen)}</td>
        <td></td>
        <td class="n">¥${plain(taxFen)}</td>
      </tr>
    </table>
    <table class="total">
      <tr>
        <th class="word">价税合计（大写）</th>
        <th>
          <span class="figures"
            ><b>${invoice.colour === 'red' ? '（负数）' : '⊗'}${yuanInCapitals(Math.abs(invoice.amountFen))}</b
            ><span>（小写）<b>¥${plain(invoice.amountFen)}</b></span></span
          >
        </th>
      </tr>
    </table>
    <div class="notes">
      <span class="side">备注</span>
      <span><b>${note(invoice)}</b></span>
    </div>
    <p class="foot">开票人：<b>信印财务</b></p>
    <p class="specimen">沙盒样张 SPECIMEN</p>
    <p class="small">沙盒样张，不得作为报销凭证 · Sandbox specimen, not a tax document</p>
  </div>`;
  return `<style>${CSS}</style>${sheet.toString()}`;
}

const plain = (amountFen: number) => yuan(fen(amountFen)).replaceAll(',', '');

const party = (side: string, name: string, taxNumber: string) =>
  html`<span class="side">${side}</span>
    <div class="party">
      <p>名称：<b>${name}</b></p>
      <p>统一社会信用代码/纳税人识别号：<b>${taxNumber}</b></p>
    </div>`;

function lineRow(line: Invoice['lines'][number]) {
  const { netFen, taxFen } = taxed(line.amountFen);
  const quantity = line.amountFen < 0 ? -line.quantity : line.quantity;
  return html`<tr>
    <td>*信息技术服务*${line.name}</td>
    <td></td>
    <td class="c">项</td>
    <td class="n">${quantity}</td>
    <td class="n">${plain(Math.round(netFen / quantity))}</td>
    <td class="n">${plain(netFen)}</td>
    <td class="n">${TAX_RATE}</td>
    <td class="n">${plain(taxFen)}</td>
  </tr>`;
}

function note({ reverses, reason }: Pick<Invoice, 'reverses' | 'reason'>): string {
  if (reverses === undefined) return '';
  return `被红冲蓝字数电发票号码：${reverses}　红字发票原因：${reason === 'refund' ? '销货退回' : '开票有误'}`;
}
