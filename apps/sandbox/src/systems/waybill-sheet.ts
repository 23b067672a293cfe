/** A waybill of 100 × 150 mm, the size parcel printers take, with its number as Code 128 (ISO/IEC 15417). */
import bwip from 'bwip-js';
import { shanghaiClock } from '#domain';
import { Markup, html } from '#documents';
import type { Waybill } from './courier.js';

export const WAYBILL_SIZE = { widthMm: 100, heightMm: 150 };

const CSS = `
  @page { size: 100mm 150mm; margin: 0; }
  body { margin: 0; font: 10pt/1.45 var(--hei, sans-serif); }
  .sheet { box-sizing: border-box; width: 100mm; height: 149.5mm; padding: 5mm; overflow: hidden; }
  h1 { font-size: 13pt; margin: 0 0 3mm; display: flex; justify-content: space-between; align-items: baseline; }
  h1 small { font-size: 7pt; font-weight: 400; }
  .code { text-align: center; border: .3mm solid #000; padding: 3mm 2mm 1mm; }
  .code svg { width: 80mm; height: 18mm; }
  .code p { margin: 1mm 0; font-size: 12pt; letter-spacing: .12em; }
  dl { margin: 0; border: .3mm solid #000; border-top: 0; padding: 3mm; display: grid; grid-template-columns: 14mm 1fr; gap: 2mm 1mm; }
  dt { color: #444; } dd { margin: 0; overflow-wrap: anywhere; }
  .name { font-size: 13pt; font-weight: 700; }
  .full { font-size: 8pt; padding: 2mm 3mm; gap: 1mm; } .full .name { font-size: 9pt; }`;
/** So much text fills the sheet at its usual size. */
const FULL = 130;

export function waybillSheet({ trackingNumber, receiver, contents, at }: Waybill): string {
  const drawing = bwip.toSVG({ bcid: 'code128', text: trackingNumber, includetext: false });
  // Stretched to the box: the ratios between bars stay, which is all a scanner reads.
  const bars = new Markup(drawing.replace('<svg ', '<svg preserveAspectRatio="none" shape-rendering="crispEdges" '));
  const sheet = html`<div class="sheet">
    <h1>快递运单 <small>沙盒样张 Sandbox specimen</small></h1>
    <div class="code">
      ${bars}
      <p>${trackingNumber}</p>
    </div>
    <dl class="${receiver.name.length + receiver.organisation.length + receiver.address.length > FULL ? 'full' : ''}">
      <dt>收件人</dt>
      <dd class="name">${receiver.name}　${receiver.phone}</dd>
      <dt>单位</dt>
      <dd>${receiver.organisation}</dd>
      <dt>地址</dt>
      <dd>${receiver.address}</dd>
      <dt>内件</dt>
      <dd>${contents}</dd>
      <dt>时间</dt>
      <dd>${shanghaiClock(new Date(at))}</dd>
    </dl>
  </div>`;
  return `<style>${CSS}</style>${sheet.toString()}`;
}
