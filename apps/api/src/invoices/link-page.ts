/** The page that a link opens, on a phone mostly. No script; what it shows is escaped. */
import { fen, invoiceColours, shanghaiClock, shanghaiDay, yuan } from '#domain';
import { html, type Markup } from '#documents';
import type { Invoice } from '#persistence';

const STYLE = `
  body { margin: 0; background: #f4f5f7; color: #1c2330; font: 16px/1.6 system-ui, sans-serif; }
  main { box-sizing: border-box; max-width: 30rem; margin: 8vh auto; padding: 1.5rem; background: #fff; border-radius: .75rem; }
  h1 { margin: 0 0 1rem; font-size: 1.25rem; } small { color: #5b6472; font-weight: 400; }
  dl { display: grid; grid-template-columns: 5.5rem 1fr; gap: .35rem .75rem; margin: 0 0 1.25rem; } dt { color: #5b6472; } dd { margin: 0; overflow-wrap: anywhere; }
  .note { padding: .6rem .8rem; background: #fdf1ee; color: #8c2f16; border-radius: .4rem; }
  a.file { display: block; margin: .5rem 0; padding: .75rem; text-align: center; color: #fff; background: #14532d; border-radius: .4rem; text-decoration: none; }
  a.plain { color: #14532d; background: #e7f1ea; }`;

function page(title: string, content: Markup): string {
  const body = html`<title>${title} · 信印</title>
    <body>
      <main>${content}</main>
    </body>`;
  const head =
    '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">';
  return `<!doctype html>\n<html lang="zh-CN">\n${head}<style>${STYLE}</style>\n${body.toString()}\n</html>\n`;
}

export const NOTHING_PAGE = page(
  '链接无效或已过期',
  html`<h1>链接无效或已过期 <small lang="en">This link opens nothing</small></h1>
    <p>发票链接 30 天内有效。请经办人登录网厅，在“我的申请”中重新获取；或致电 400-028-1130。</p>
    <p lang="en">A link is good for 30 days. The agent can ask for another at the portal, or call 400-028-1130.</p>`,
);

/** The files stand below the page's own address. */
export function invoicePage(token: string, { invoice, until }: { invoice: Invoice; until: Date }, takenBack: boolean): string {
  const { colour, invoiceNumber, issuedAt, title, amountFen } = invoice;
  const rows: [string, string][] = [
    ['发票号码', invoiceNumber ?? ''],
    ['开票日期', issuedAt ? shanghaiDay(issuedAt) : ''],
    ['购买方', title],
    ['价税合计', `¥${colour === 'red' ? '-' : ''}${yuan(fen(amountFen))}`],
    ['链接有效至', shanghaiClock(until)],
  ];
  const lines = rows.map(
    ([name, value]) =>
      html`<dt>${name}</dt>
        <dd>${value}</dd>`,
  );
  const note = takenBack
    ? html`<p class="note">此发票已被红冲，请勿入账。<span lang="en">This invoice was taken back by a red one.</span></p>`
    : '';
  const content = html`<h1>电子发票 <small>${invoiceColours[colour].zh}</small></h1>
    ${note}
    <dl>${lines}</dl>
    <a class="file" href="${token}/invoice.pdf">查看 PDF <span lang="en">Open the PDF</span></a>
    <a class="file plain" href="${token}/invoice.xml">下载 XML（入账用） <span lang="en">XML, for the books</span></a>`;
  return page(`电子发票 ${invoiceNumber ?? ''}`, content);
}
