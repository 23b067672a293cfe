/** The invoice of a case: its link, other data for it, and the red one after a refund. */
import type { Awaiting } from './awaiting.js';
import { givenBackEarned } from './finance.js';
import type { Scene } from './holder.js';

interface View {
  invoices: { colour: { zh: string }; number: string | null; amountFen: number; title: string }[];
}

/** Other data, and then the whole given back: four invoices, which are nothing together. Answers what is left of the first link. */
export async function correctedAndGivenBack(scene: Scene, awaiting: Awaiting): Promise<void> {
  const { agent, id, form, order } = awaiting;
  const first = await opened(scene, awaiting, 'invoice', '电子发票 The link opens the invoice as PDF and XML');
  const title = `${form.organisation.certificateName}成都分公司`;
  await scene.teller.step(
    '更正开票信息 Other data for the invoice',
    () => agent.post(`/api/v1/applications/${id}/invoice-corrections`, { title, taxNumber: form.organisation.uscc }, agent.key()),
    () => title,
  );
  await opened(scene, awaiting, 'invoice-replaced', '红冲并重开 Red over the old one, blue with the new data');
  await scene.teller.step('原链接的页面 The page of the first link', async () => {
    const page = await (await fetch(first)).text();
    if (!page.includes('已被红冲')) throw new Error('the page of the old invoice does not say that it holds no longer');
  });
  await givenBackEarned(scene, order.reference, order.amountFen);
  await opened(scene, awaiting, 'invoice-reversed', '退款后红冲 Red after the refund');
  await scene.teller.step(
    '全部发票 All of its invoices',
    async () => {
      const { invoices } = await agent.get<View>(`/api/v1/applications/${id}`);
      const sum = invoices.reduce((total, { amountFen }) => total + amountFen, 0);
      if (invoices.length !== 4 || sum !== 0) throw new Error(`${invoices.length} invoices, together ${sum} fen`);
      return invoices;
    },
    (invoices) => invoices.map(({ colour, number, amountFen }) => `${colour.zh} ${number} ${(amountFen / 100).toFixed(2)}`).join('; '),
  );
}

/** As whoever got the SMS opens it. */
function opened({ sandbox, teller }: Scene, { phone }: Awaiting, template: string, name: string): Promise<string> {
  return teller.step(
    name,
    async () => {
      const link = /(https?:\S+)$/.exec(await sandbox.sms(phone, template))?.[1] ?? '';
      for (const [path, begin] of [
        ['', '<!doctype html>'],
        ['/invoice.pdf', '%PDF-'],
        ['/invoice.xml', '<?xml'],
      ] as const) {
        const response = await fetch(`${link}${path}`);
        const text = await response.text();
        if (!response.ok || !text.startsWith(begin)) throw new Error(`${template}${path}: ${response.status}`);
      }
      return link;
    },
    () => 'page, PDF, XML',
  );
}
