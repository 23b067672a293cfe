/** 领取回执, A4: what was handed over at a window, what was paid for it, and the lines to sign. */
import { html, type Markup } from '../html.js';
import { ABSENT_NOTE, label, officePaper, section, type Paper } from './office.js';

export interface ReceiptData {
  readonly number: string;
  readonly business: string;
  readonly window: string;
  readonly certificateName: string;
  readonly uscc: string;
  readonly agent: string;
  readonly tokens: readonly { readonly serialNumber: string; readonly serial: string; readonly notAfter: string }[];
  readonly payment: { readonly method: 'card' | 'transfer'; readonly slipNumber: string; readonly amountYuan: string } | null;
  /** As a clock in the office shows it. */
  readonly printedAt: string;
}

const METHODS = { card: '刷卡', transfer: '转账' } as const;
const CSS = `
  .signatures { display: flex; gap: 10mm; margin-top: 14mm; } .signatures div { flex: 1; border-top: .25mm solid #000; padding-top: 1mm; }`;

export function receipt(d: ReceiptData): Paper {
  const body = html`<h1>证书及印章领取回执</h1>
    <small>Receipt for certificate and seal</small>
    ${section(
      '业务',
      'Business',
      html`<table>
        <tr>
          ${label('申请编号', 'Application')}
          <td class="id">${d.number}</td>
          ${label('业务类型', 'Business')}
          <td>${d.business}</td>
        </tr>
        <tr>
          ${label('单位名称', 'Organisation')}
          <td>${d.certificateName}</td>
          ${label('统一社会信用代码', 'Code')}
          <td class="id">${d.uscc}</td>
        </tr>
        <tr>
          ${label('办理窗口', 'Window')}
          <td>${d.window}</td>
          ${label('经办人', 'Agent')}
          <td>${d.agent}</td>
        </tr>
      </table>`,
    )}
    ${section('领取的证书盘', 'Tokens', tokens(d.tokens))}
    ${
      d.payment &&
      section(
        '缴费',
        'Payment',
        html`<table>
          <tr>
            ${label('金额（元）', 'Yuan')}
            <td class="num">${d.payment.amountYuan}</td>
            ${label('方式', 'By')}
            <td>${METHODS[d.payment.method]}</td>
            ${label('凭证号', 'Slip')}
            <td class="id">${d.payment.slipNumber}</td>
          </tr>
        </table>`,
      )
    }
    <p class="note">初始口令为 12345678，请在证书助手中立即修改。如非本人领取，请致电 400-028-1130。</p>
    ${ABSENT_NOTE}
    <div class="signatures">
      <div>经办人签字 Signature of the agent</div>
      <div>窗口人员 Clerk</div>
      <div>日期 Date</div>
    </div>`;
  return officePaper({ title: `领取回执 ${d.number}`, css: CSS, footLeft: d.number, footRight: d.printedAt, body });
}

function tokens(list: ReceiptData['tokens']): Markup {
  return html`<table>
    <colgroup>
      <col style="width:46mm" />
      <col />
      <col style="width:28mm" />
    </colgroup>
    <tr>
      ${label('证书盘编号', 'Token')} ${label('签名证书序列号', 'Serial number')} ${label('有效期至', 'Valid until')}
    </tr>
    ${list.map(
      (token) =>
        html`<tr>
          <td class="id">${token.serialNumber}</td>
          <td class="id">${token.serial}</td>
          <td>${token.notAfter}</td>
        </tr>`,
    )}
  </table>`;
}
