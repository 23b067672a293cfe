/** What the office's paper forms share: rules, label columns, the title, the running foot. */
import { cssString, html, type Markup } from '../html.js';

export interface Paper {
  readonly title: string;
  readonly html: string;
  readonly widthMm: number;
  readonly heightMm: number;
}

export const A4 = { widthMm: 210, heightMm: 297 } as const;

const OFFICE_CSS = `
  body { font: 9.5pt/1.45 var(--song); }
  h1 { font: 700 17pt/1.3 var(--song); margin: 0; letter-spacing: .02em; }
  h2 { font: 700 10.5pt/1.3 var(--song); margin: 2.6mm 0 .9mm; break-after: avoid; }
  h2 small, h1 + small { font: 400 7.5pt/1.3 var(--hei); color: #444; letter-spacing: 0; }
  h2 small { margin-left: 2mm; }
  table { width: 100%; border-collapse: collapse; table-layout: fixed; border: .35mm solid #000; }
  tr { break-inside: avoid; }
  th, td { border: .15mm solid #333; padding: .75mm 2mm; text-align: left; font-weight: 400; vertical-align: middle; overflow-wrap: anywhere; }
  th { background: #f3f3f1; white-space: nowrap; line-height: 1.25; }
  th small { display: block; font: 6pt/1.2 var(--hei); color: #555; }
  .num { text-align: right; font-variant-numeric: lining-nums tabular-nums; }
  .id { font-family: var(--hei); font-variant-numeric: tabular-nums; letter-spacing: .04em; }
  .box { display: inline-block; width: 2.9mm; height: 2.9mm; border: .25mm solid #000; margin-right: 1.6mm; vertical-align: -.4mm; }
  .note { font: 7.5pt/1.4 var(--hei); color: #333; margin: 1.2mm 0 0; }`;

/** Every A4 paper: number and time at the foot of each page, with "page of pages". */
export function officePaper(options: { title: string; css: string; footLeft: string; footRight: string; body: Markup }): Paper {
  const foot = (content: string) => `{ content: ${content}; font: 7pt/1 var(--hei); font-family: 'Noto Sans SC'; color: #444; }`;
  const page = `@page { size: A4; margin: 12mm 16mm 13mm;
    @bottom-left ${foot(cssString(options.footLeft).source)}
    @bottom-center ${foot(`"第 " counter(page) " 页，共 " counter(pages) " 页"`)}
    @bottom-right ${foot(cssString(options.footRight).source)} }`;
  return { ...A4, title: options.title, html: `<style>${page}${OFFICE_CSS}${options.css}</style>${options.body.source}` };
}

/** A label in both languages, Chinese first. */
export function label(zh: string, en: string): Markup {
  return html`<th>${zh}<small>${en}</small></th>`;
}

export function section(zh: string, en: string, body: Markup): Markup {
  return html`<section>
    <h2>${zh}<small>${en}</small></h2>
    ${body}
  </section>`;
}

/** Shown only when the printing marked a character that no font draws. */
export const ABSENT_NOTE = html`<p class="note" data-absent-note hidden>文中“〓(U+…)”处的汉字字库未收录，请在其旁以正楷手写补正。</p>`;
