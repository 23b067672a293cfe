/** Invoices of an office for tests: what the service has made, what the agent's phone was told, and what its link opens. */
import { Invoice, InvoiceCorrection } from '#persistence';
import { IsNull } from 'typeorm';
import type { Cases, FiledCase } from './cases.js';
import type { Office } from './office.js';

export interface MadeAtService {
  invoiceNumber: string;
  colour: 'blue' | 'red';
  reverses?: string;
  reason?: string;
  title: string;
  taxNumber: string;
  amountFen: number;
  lines: { name: string; amountFen: number }[];
}
export interface InvoiceSeen {
  id: string;
  colour: { code: string };
  occasion: { code: string };
  state: { code: string };
  number: string | null;
  amountFen: number;
  title: string;
  taxNumber: string;
  reverses: string | null;
}

export type Invoices = ReturnType<typeof invoicesOf>;

export function invoicesOf(office: Office, cases: Cases) {
  /** A case that is complete, with the link of its invoice. */
  async function completed(name: string, years = 1): Promise<FiledCase> {
    const filed = await cases.awaitingPayment({ name, years });
    await cases.pay(filed);
    await cases.reach(filed, 'dispatch');
    await cases.received(filed, 'invoice');
    return filed;
  }
  const atService = async (): Promise<MadeAtService[]> =>
    ((await (await fetch(`${office.sandbox.base}/invoice/invoices`)).json()) as MadeAtService[]).reverse();
  /** Under a title, oldest first. */
  const titled = async (title: string) => (await atService()).filter((each) => each.title === title);
  const rows = (filed: FiledCase) => office.data.manager.find(Invoice, { where: { applicationId: filed.id }, order: { sequence: 'ASC' } });
  const seen = async (filed: FiledCase) =>
    await filed.agent.get<{ invoices: InvoiceSeen[]; invoiceLink: string | null }>(`/api/v1/applications/${filed.id}`);
  /** The link of the newest message of a template. */
  const linkIn = async (filed: FiledCase, template: string): Promise<string> => {
    const texts = await cases.received(filed, template);
    const link = /(https?:\S+)$/.exec(texts.at(-1) ?? '')?.[1];
    if (!link) throw new Error(`no link in ${texts.at(-1)}`);
    return link;
  };
  const open = async (url: string) => {
    const response = await fetch(url);
    return { status: response.status, type: response.headers.get('content-type') ?? '', body: Buffer.from(await response.arrayBuffer()) };
  };
  const setUnknown = async (taxNumber: string, unknown: boolean): Promise<void> => {
    const headers = { 'Content-Type': 'application/json' };
    const response = await fetch(`${office.sandbox.base}/invoice/unknown-buyers`, {
      method: 'PUT',
      headers,
      body: JSON.stringify({ taxNumber, unknown }),
    });
    if (!response.ok) throw new Error(`the sandbox refused: ${response.status}`);
  };
  const told = async (filed: FiledCase) =>
    (await cases.messages(filed)).map(({ template }) => template).filter((template) => template.startsWith('invoice'));
  /** What was asked to be corrected is done, to the last note. */
  const settled = (filed: FiledCase) =>
    office.until(async () => {
      const open = await office.data.manager.countBy(InvoiceCorrection, { applicationId: filed.id, doneAt: IsNull() });
      return open === 0 ? true : null;
    }, `the corrections of ${filed.number}`);
  return { settled, completed, titled, rows, seen, linkIn, open, setUnknown, told };
}
