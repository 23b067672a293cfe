/** 《企业机构电子签名认证证书及印章业务申请表》: what was entered, ready to be stamped, signed, scanned and matched to its draft. */
import { qrCode } from '../codes.js';
import { html, type Markup } from '../html.js';
import { officeTime, yuan, yuanInCapitals } from '../words.js';
import { ABSENT_NOTE, label, officePaper, section, type Paper } from './office.js';

export interface ApplicationFormData {
  /** Of the draft, or of the application it became; what the QR code holds while there is no application number. */
  readonly draftId: string;
  readonly applicationNumber?: string;
  readonly business: { readonly zh: string; readonly en: string };
  /** From the outside in, e.g. ['政府采购', '四川省药品和医用耗材招采管理子系统']. */
  readonly subsystem: readonly string[];
  readonly organisation: { readonly certificateName: string; readonly uscc: string; readonly province: string; readonly city: string };
  readonly agent: { readonly name: string; readonly identityNumber?: string; readonly phone: string };
  readonly delivery?: { readonly recipient: string; readonly phone: string; readonly address: string; readonly postcode?: string };
  readonly roleAccounts: readonly { readonly kind: string; readonly account: string }[];
  readonly certificates: { readonly count: number; readonly years: number };
  readonly fees: { readonly lines: readonly FeeLine[]; readonly totalFen: number };
  readonly remarks?: string;
  /** Titles of the papers to hand in with this form, as the business's definition lists them. */
  readonly materials: readonly string[];
  readonly agreements: readonly { readonly title: string; readonly version: string; readonly acceptedAt: string }[];
  /** ISO instant. */
  readonly generatedAt: string;
}

export interface FeeLine {
  readonly name: string;
  readonly quantity: number;
  readonly amountFen: number;
}

const TITLE = '企业机构电子签名认证证书及印章业务申请表';

/** The short name of a draft for people: its first eight hexadecimal figures, in two groups. The QR code holds the whole id. */
export function draftCode(draftId: string): string {
  const figures = draftId.replace(/-/g, '').slice(0, 8).toUpperCase();
  return `${figures.slice(0, 4)}-${figures.slice(4)}`;
}

export function applicationForm(d: ApplicationFormData): Paper {
  const reference = d.applicationNumber ?? draftCode(d.draftId);
  const sections: [zh: string, en: string, body: Markup][] = [
    ['办理事项', 'Business', business(d)],
    ['申请单位', 'Organisation', organisation(d)],
    ['授权经办人', 'Authorised agent', agent(d)],
    ...(d.delivery ? [['证书寄送', 'Delivery', delivery(d.delivery)] satisfies [string, string, Markup]] : []),
    ['费用', 'Fees', fees(d)],
    ['备注', 'Remarks', remarks(d)],
    ['随附资料', 'Enclosed', materials(d)],
    ['声明与签章', 'Declaration and signatures', declaration(d)],
  ];
  return officePaper({
    title: `${TITLE} ${reference}`,
    css: CSS,
    footLeft: `${d.applicationNumber ? '申请编号' : '草稿编号'} ${reference}`,
    footRight: `打印时间 ${officeTime(d.generatedAt)}`,
    body: html`${head(d, reference)} ${sections.map(([zh, en, body], index) => section(`${'一二三四五六七八'[index]}、${zh}`, en, body))}
    ${ABSENT_NOTE}`,
  });
}

const CSS = `
  header { display: flex; align-items: flex-end; gap: 6mm; }
  header > div:first-child { flex: 1; }
  header .code { text-align: center; font: 7.5pt/1.3 var(--hei); }
  header .code svg { display: block; margin: 0 auto .8mm; }
  header .reference { margin-top: 1.4mm; }
  .en { font: 8pt/1 var(--hei); color: #444; margin-left: 1mm; }
  .uscc { display: inline-flex; border: .15mm solid #333; border-right: 0; }
  .uscc i { box-sizing: border-box; font: 9.5pt/4.8mm var(--hei); width: 4.3mm; height: 4.8mm; text-align: center; border-right: .15mm solid #333; }
  .accounts { display: grid; grid-template-columns: 1fr 1fr; gap: 0 4mm; }
  .fees th, .fees td { padding-top: .5mm; padding-bottom: .5mm; }
  .fees .total td { border-top: .3mm solid #000; font-weight: 700; }
  .remarks td { height: 9mm; vertical-align: top; white-space: pre-wrap; }
  ol.materials { margin: 0; padding: 1.3mm 2mm; list-style: none; border: .35mm solid #000; display: flex; flex-wrap: wrap; gap: .8mm 8mm; }
  .declare { border: .35mm solid #000; break-inside: avoid; }
  .declare p { margin: 0; padding: 1.4mm 2.5mm 1.2mm; }
  .declare ul { margin: 0; padding: 0 2.5mm 1.3mm; list-style: none; font: 8pt/1.45 var(--hei); }
  .sign { display: grid; grid-template-columns: 1fr 1fr; grid-template-rows: 23mm 20mm; border-top: .15mm solid #333; }
  .sign > div { padding: 1.4mm 2.5mm; position: relative; }
  .sign > .stamp { grid-row: 1 / 3; border-right: .15mm solid #333; }
  .sign > .office { border-top: .15mm solid #333; background: #f3f3f1; }
  .sign small { font: 6.5pt/1.3 var(--hei); color: #555; margin-left: 1.5mm; }
  .sign .date { position: absolute; right: 3mm; bottom: 1.6mm; word-spacing: 8mm; }
  .sign .lines { display: grid; grid-template-columns: 1fr 1fr; margin-top: 1.2mm; }`;

function head(d: ApplicationFormData, reference: string): Markup {
  return html`<header>
    <div>
      <h1>${TITLE}</h1>
      <small>Application for the electronic signature certificate and seal of an organisation</small>
      <div class="reference">${d.applicationNumber ? '申请编号' : '草稿编号'}：<span class="id">${reference}</span></div>
    </div>
    <div class="code">${qrCode(d.applicationNumber ?? d.draftId, 19)}${reference}</div>
  </header>`;
}

function business({ business, subsystem, certificates, roleAccounts }: ApplicationFormData): Markup {
  const accounts = roleAccounts.map(({ kind, account }) => html`<span>${kind}：<span class="id">${account}</span></span>`);
  return html`<table>
    ${columns(30, 74, 26)}
    <tr>
      ${label('业务类型', 'Business')}
      <td>${business.zh}<span class="en">${business.en}</span></td>
      ${label('数量与年限', 'Count and years')}
      <td>证书 ${certificates.count} 张，${certificates.years} 年</td>
    </tr>
    <tr>
      ${label('应用系统', 'Subsystem')}
      <td colspan="3">${subsystem.join(' › ')}</td>
    </tr>
    <tr>
      ${label('绑定账号', 'Role accounts')}
      <td colspan="3">${accounts.length === 0 ? '无' : html`<div class="accounts">${accounts}</div>`}</td>
    </tr>
  </table>`;
}

function organisation({ organisation }: ApplicationFormData): Markup {
  return html`<table>
    ${columns(30, 83, 17)}
    <tr>
      ${label('单位名称', 'Certificate name')}
      <td colspan="3"><b>${organisation.certificateName}</b></td>
    </tr>
    <tr>
      ${label('统一社会信用代码', 'Unified social credit code')}
      <td><span class="uscc">${[...organisation.uscc].map((character) => html`<i>${character}</i>`)}</span></td>
      ${label('所在地', 'Place')}
      <td>${organisation.province} ${organisation.city}</td>
    </tr>
  </table>`;
}

function agent({ agent }: ApplicationFormData): Markup {
  return html`<table>
    ${columns(30, 32, 19, 28, 24)}
    <tr>
      ${label('姓名', 'Name')}
      <td>${agent.name}</td>
      ${label('手机号码', 'Mobile phone')}
      <td class="id">${agent.phone}</td>
      ${label('身份证件号码', 'Identity number')}
      <td class="id">${agent.identityNumber}</td>
    </tr>
  </table>`;
}

function delivery(delivery: NonNullable<ApplicationFormData['delivery']>): Markup {
  return html`<table>
    ${columns(30, 74, 26)}
    <tr>
      ${label('收件人', 'Recipient')}
      <td>${delivery.recipient}</td>
      ${label('联系电话', 'Phone')}
      <td class="id">${delivery.phone}</td>
    </tr>
    <tr>
      ${label('收件地址', 'Address')}
      <td colspan="3">${delivery.address}${delivery.postcode && html`（邮编 <span class="id">${delivery.postcode}</span>）`}</td>
    </tr>
  </table>`;
}

function fees({ fees }: ApplicationFormData): Markup {
  const line = ({ name, quantity, amountFen }: FeeLine) =>
    html`<tr>
      <td>${name}</td>
      <td class="num">${quantity}</td>
      <td class="num">${yuan(amountFen)}</td>
    </tr>`;
  return html`<table class="fees">
    ${columns(130, 18)}
    <tr>
      <th>项目</th>
      <th class="num">数量</th>
      <th class="num">金额（元）</th>
    </tr>
    ${fees.lines.map(line)}
    <tr class="total">
      <td colspan="2">合计（大写）：人民币${yuanInCapitals(fees.totalFen)}</td>
      <td class="num">${yuan(fees.totalFen)}</td>
    </tr>
  </table>`;
}

/** Column widths in mm; the last column takes what is left. */
function columns(...widthsMm: number[]): Markup {
  return html`<colgroup>
    ${widthsMm.map((width) => html`<col style="width:${width}mm" />`)}
    <col />
  </colgroup>`;
}

function remarks({ remarks }: ApplicationFormData): Markup {
  return html`<table class="remarks">
    <tr>
      ${html`<td>${remarks}</td>`}
    </tr>
  </table>`;
}

function materials({ materials }: ApplicationFormData): Markup {
  return html`<ol class="materials">
    ${materials.map((title) => html`<li><span class="box"></span>${title}</li>`)}
  </ol>`;
}

function declaration({ agreements }: ApplicationFormData): Markup {
  const accepted = agreements.map(
    ({ title, version, acceptedAt }) => html`<li>《${title}》（版本 ${version}）：${officeTime(acceptedAt)} 在线确认</li>`,
  );
  return html`<div class="declare">
    <p>本单位保证以上内容与随附资料真实、有效，委托上述经办人办理本次业务，并对签发的证书与印章的使用负责。</p>
    ${
      accepted.length > 0 &&
      html`<ul>
        ${accepted}
      </ul>`
    }
    <div class="sign">
      <div class="stamp">加盖单位公章（鲜章）<small>Company stamp, in fresh ink</small><span class="date">年 月 日</span></div>
      <div>经办人签字<small>Signature of the agent</small><span class="date">年 月 日</span></div>
      <div class="office">
        受理机构填写<small>For the office</small>
        <div class="lines"><span>受理人：</span><span>审核人：</span></div>
        <span class="date">年 月 日</span>
      </div>
    </div>
  </div>`;
}
