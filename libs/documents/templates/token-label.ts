/** The label on a USB token, 60 × 40 mm: which token, whose, until when, and what the holder needs on the first day. */
import { code128 } from '../codes.js';
import { html } from '../html.js';
import type { Paper } from './office.js';

export interface TokenLabelData {
  readonly tokenNumber: string;
  readonly certificateName: string;
  /** Days as they are in the office: 'YYYY-MM-DD'. */
  readonly notBefore: string;
  readonly notAfter: string;
  readonly account?: string;
  /** Of the platform account, to be changed at its first use. */
  readonly initialPassword?: string;
  readonly servicePhone?: string;
}

const SERVICE_PHONE = '400-028-1130';
/** A name of so many characters fits two lines at the usual size; longer ones are set smaller. */
const USUAL_NAME = 34;
const LONG_NAME = 48;

const CSS = `
  @page { size: 60mm 40mm; margin: 0; }
  body { font: 6.6pt/1.3 var(--hei); }
  .label { box-sizing: border-box; width: 60mm; height: 40mm; padding: 2mm 2.6mm 1.6mm; overflow: hidden; display: flex; flex-direction: column; }
  .name { font: 700 8.4pt/1.22 var(--song); height: 6.9mm; display: flex; align-items: center; overflow: hidden; overflow-wrap: anywhere; }
  .name.long { font-size: 6.4pt; } .name.longest { font-size: 5pt; }
  hr { width: 100%; border: 0; border-top: .2mm solid #000; margin: .9mm 0; }
  dl { margin: 0; display: grid; grid-template-columns: 14mm 1fr; gap: .35mm 0; align-items: baseline; }
  dt { font-size: 5.8pt; color: #222; } dd { margin: 0; overflow-wrap: anywhere; }
  dd.id { font-variant-numeric: tabular-nums; font-weight: 700; letter-spacing: .03em; }
  .bottom { margin-top: auto; text-align: center; }
  .bottom svg { display: block; margin: 0 auto .3mm; }
  .number { font: 700 7pt/1.15 var(--hei); letter-spacing: .12em; }
  .service { font-size: 5.6pt; display: flex; justify-content: space-between; }`;

export function tokenLabel(d: TokenLabelData): Paper {
  const length = [...d.certificateName].length;
  const size = length > LONG_NAME ? 'name longest' : length > USUAL_NAME ? 'name long' : 'name';
  const body = html`<div class="label">
    <div class="${size}"><span>${d.certificateName}</span></div>
    <hr />
    <dl>
      <dt>有效期</dt>
      <dd>${d.notBefore} 至 ${d.notAfter}</dd>
      ${
        d.account &&
        html`<dt>平台账号</dt>
          <dd class="id">${d.account}</dd>`
      }
      ${
        d.initialPassword &&
        html`<dt>初始密码</dt>
          <dd class="id">${d.initialPassword}</dd>`
      }
    </dl>
    <div class="bottom">
      ${code128(d.tokenNumber, { heightMm: 8, maxWidthMm: 52, moduleMm: 0.36 })}
      <div class="number">${d.tokenNumber}</div>
      <div class="service">
        <span>${d.initialPassword && '初始密码仅限首次登录，登录后请即修改'}</span><span>客服 ${d.servicePhone ?? SERVICE_PHONE}</span>
      </div>
    </div>
  </div>`;
  return { title: `USB Key ${d.tokenNumber}`, html: `<style>${CSS}</style>${body.source}`, widthMm: 60, heightMm: 40 };
}
