/**
 * Paper: application forms, token labels, dispatch lists, receipts and reconciliations as PDF, printed by one warm Chromium; and workbooks.
 *
 * Promises: data is shown and never interpreted (escaped, no scripts, no network); the same fonts on every machine, embedded; a character
 * that no font draws is marked 〓 with its code point and logged, never dropped; a browser that crashes or is killed is replaced and the
 * document printed again; `close` leaves no process and no temporary profile behind. Safe to call concurrently.
 */
import { XinyinError } from '#domain';
import { findChromium, HOW_TO_GET_CHROMIUM } from './chromium.js';
import { openFonts } from './fonts.js';
import { Press } from './press.js';
import { applicationForm, type ApplicationFormData } from './templates/application-form.js';
import { dispatchList, type DispatchListData } from './templates/dispatch-list.js';
import { A4 } from './templates/office.js';
import { pickList, type PickListData } from './templates/pick-list.js';
import { receipt, type ReceiptData } from './templates/receipt.js';
import { reconciliation, type ReconciliationData } from './templates/reconciliation.js';
import { tokenLabel, type TokenLabelData } from './templates/token-label.js';

export { findChromium } from './chromium.js';
export { cssString, escapeHtml, html, Markup } from './html.js';
export { draftCode, type ApplicationFormData, type FeeLine } from './templates/application-form.js';
export type { DispatchListData, DispatchLetter } from './templates/dispatch-list.js';
export type { PickListData, PickedLetter } from './templates/pick-list.js';
export type { ReceiptData } from './templates/receipt.js';
export type { ReconciliationData } from './templates/reconciliation.js';
export type { TokenLabelData } from './templates/token-label.js';
export { reconciliationWorkbook } from './workbook.js';
export { yuan, yuanInCapitals } from './words.js';

export interface Documents {
  /** `html` is what stands in the body, styles included; all data in it must have been escaped. An `@page` size in it wins. Default A4. */
  renderHtml(html: string, options?: { widthMm?: number; heightMm?: number; title?: string }): Promise<Buffer>;
  /** 《企业机构电子签名认证证书及印章业务申请表》, A4. */
  applicationForm(d: ApplicationFormData): Promise<Buffer>;
  /** 60 × 40 mm, always one page. */
  tokenLabel(d: TokenLabelData): Promise<Buffer>;
  /** A4; as many pages as the rows need. */
  dispatchList(d: DispatchListData): Promise<Buffer>;
  /** 拣货单, A4: what to take for each letter, with its codes. */
  pickList(d: PickListData): Promise<Buffer>;
  /** 领取回执, A4, one page for up to twenty tokens. */
  receipt(d: ReceiptData): Promise<Buffer>;
  /** 日对账单, A4; as many pages as the differences need. */
  reconciliation(d: ReconciliationData): Promise<Buffer>;
  /** Waits for what is being printed, then ends the browser. */
  close(): Promise<void>;
}

/** Starts the browser and warms it. Throws an Error that names what to install when this machine has no Chromium. */
export async function openDocuments(options: { executablePath?: string; log?: (line: string) => void } = {}): Promise<Documents> {
  const executablePath = options.executablePath ?? (await findChromium());
  if (executablePath === null) throw new Error(HOW_TO_GET_CHROMIUM);
  const press = new Press(executablePath, await openFonts(), options.log ?? (() => undefined));
  try {
    await press.warm();
  } catch (reason) {
    await press.close();
    throw reason;
  }
  return {
    renderHtml: async (html, { widthMm = A4.widthMm, heightMm = A4.heightMm, title = '' } = {}) => {
      if (!(widthMm >= 1 && heightMm >= 1 && widthMm <= 2000 && heightMm <= 2000))
        throw new XinyinError('INTERNAL', { params: { widthMm, heightMm } });
      return press.print({ title, html, widthMm, heightMm });
    },
    applicationForm: async (d) => press.print(applicationForm(d)),
    tokenLabel: async (d) => press.print(tokenLabel(d)),
    dispatchList: async (d) => press.print(dispatchList(d)),
    pickList: async (d) => press.print(pickList(d)),
    receipt: async (d) => press.print(receipt(d)),
    reconciliation: async (d) => press.print(reconciliation(d)),
    close: () => press.close(),
  };
}
