/** One page of the browser with the fonts at hand: bodies are laid on it one after another and printed. */
import type { Browser, HTTPRequest, Page } from 'puppeteer';
import type { FontLibrary } from './fonts.js';
import { markAbsent, setBody } from './in-page.js';

export interface PrintJob {
  readonly title: string;
  /** What stands in the body, styles included. */
  readonly html: string;
  readonly widthMm: number;
  readonly heightMm: number;
}

const ORIGIN = 'http://documents.invalid';
const POLICY = `default-src 'none'; style-src 'unsafe-inline'; font-src ${ORIGIN}; img-src data:; form-action 'none'; base-uri 'none'`;
/** A page that printed so many is replaced: what rare slices it gathered is given back. */
const DOCUMENTS_A_SHEET = 2000;
/** Every document's usual weights, fetched before the first is asked for; the last run is what page margins write, which no layout waits for. */
const WARM_BODY = `<p class="song">信印<b>信印</b></p><p class="hei">第 0123456789 页，共 页</p>`;
const BASE_CSS = `
  :root { --song: 'Noto Serif SC', 'Noto Sans SC'; --hei: 'Noto Sans SC', 'Noto Serif SC'; }
  html { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
  body { margin: 0; font: 10.5pt/1.5 var(--song); color: #000; font-variant-numeric: lining-nums; }
  .song { font-family: var(--song); } .hei { font-family: var(--hei); }`;

export class Sheet {
  #printed = 0;
  #sound = true;
  #broken: Error | null = null;
  /** Those who wait for the page just now, to be told when it is lost. */
  readonly #waiting = new Set<(reason: Error) => void>();

  private constructor(
    private readonly browser: Browser,
    private readonly page: Page,
    private readonly fonts: FontLibrary,
    private readonly log: (line: string) => void,
  ) {
    // Without this a command sent to a crashed page would wait for its time limit.
    page.once('error', () => this.#fail(new Error('the page crashed')));
    page.once('close', () => this.#fail(new Error('the page was closed')));
    browser.once('disconnected', () => this.#fail(new Error('the browser is gone')));
  }

  static async open(browser: Browser, fonts: FontLibrary, log: (line: string) => void): Promise<Sheet> {
    const page = await browser.newPage();
    const sheet = new Sheet(browser, page, fonts, log);
    await sheet.#unless(sheet.#prepare());
    return sheet;
  }

  get usable(): boolean {
    return this.#sound && this.browser.connected && this.#printed < DOCUMENTS_A_SHEET;
  }

  async print(job: PrintJob): Promise<Buffer> {
    this.#printed += 1;
    return this.#unless(this.#print(job));
  }

  discard(): void {
    this.#sound = false;
    this.page.close().catch(() => undefined);
  }

  async #prepare(): Promise<void> {
    await this.page.setJavaScriptEnabled(false);
    await this.page.emulateMediaType('print');
    this.page.on('request', (request) => void this.#answer(request));
    await this.page.setRequestInterception(true);
    await this.page.goto(`${ORIGIN}/`, { waitUntil: 'load' });
    await this.page.evaluate(setBody, { title: '', html: WARM_BODY });
  }

  async #print({ title, html, widthMm, heightMm }: PrintJob): Promise<Buffer> {
    const text = await this.page.evaluate(setBody, { title, html });
    const absent = await this.fonts.absent(text);
    if (absent.length > 0) {
      const points = absent.map((character) => `U+${character.codePointAt(0)?.toString(16).toUpperCase()}`);
      this.log(`documents: no font draws ${points.join(' ')}; marked 〓 in the document`);
      await this.page.evaluate(markAbsent, absent);
    }
    const pdf = await this.page.pdf({
      width: `${widthMm}mm`,
      height: `${heightMm}mm`,
      printBackground: true,
      preferCSSPageSize: true,
      waitForFonts: false,
    });
    return Buffer.from(pdf);
  }

  /** Everything the page may ever load: its empty document and our fonts. All else is refused before it leaves the browser. */
  async #answer(request: HTTPRequest): Promise<void> {
    try {
      const { origin, pathname } = new URL(request.url());
      const font = origin === ORIGIN && pathname.startsWith('/fonts/') ? await this.fonts.file(pathname.slice('/fonts/'.length)) : null;
      if (font) await request.respond({ contentType: 'font/woff2', headers: { 'cache-control': 'max-age=86400' }, body: font });
      else if (origin === ORIGIN && pathname === '/' && request.isNavigationRequest()) await request.respond(this.#document());
      else if (request.url().startsWith('data:')) await request.continue();
      else await request.abort('blockedbyclient');
    } catch {
      // The page went away under the request; whoever prints on it is told by `#fail`.
    }
  }

  #document() {
    const body = `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title></title><style>${this.fonts.css}${BASE_CSS}</style></head><body></body></html>`;
    return { contentType: 'text/html; charset=utf-8', headers: { 'content-security-policy': POLICY }, body };
  }

  #fail(reason: Error): void {
    this.#sound = false;
    this.#broken ??= reason;
    for (const reject of this.#waiting) reject(reason);
  }

  /** No race against one promise that lasts as long as the page: it would keep every document that ever won against it. */
  #unless<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#broken) reject(this.#broken);
      this.#waiting.add(reject);
      const done = () => void this.#waiting.delete(reject);
      work.then(resolve, reject).then(done, done);
    });
  }
}
