/** The courier: gives a tracking number to a parcel and prints its waybill. */
import { Router } from 'express';
import { maskPhone, shanghaiClock } from '#domain';
import { html } from '#documents';
import { contracts } from '#gateways';
import { json, machineOf } from '../machine/endpoint.js';
import { Refusal } from '../machine/refusal.js';
import { faultPanel, heading, page, table } from '../pages/layout.js';
import { openJournal } from '../storage/journal.js';
import { createOnce } from '../storage/once.js';
import { openPdfFolder } from '../storage/pdf-folder.js';
import type { OutsideSystem, World } from './system.js';
import { WAYBILL_SIZE, waybillSheet } from './waybill-sheet.js';

export interface Waybill {
  trackingNumber: string;
  receiver: { name: string; phone: string; address: string; organisation: string };
  contents: string;
  at: string;
}
type Printed = Waybill & { file: string };
interface Entry {
  type: 'created';
  key: string;
  fingerprint: string;
  waybill: Printed;
}

export function openCourier(world: World): OutsideSystem {
  const journal = openJournal<Entry>(world.folder, 'courier');
  const files = openPdfFolder(world.folder, 'courier-files');
  const waybills = new Map<string, Printed>();
  const once = createOnce<Printed>();
  const apply = ({ key, fingerprint, waybill }: Entry) => {
    waybills.set(waybill.trackingNumber, waybill);
    once.restore(key, fingerprint, waybill);
  };
  for (const entry of journal.past) apply(entry);
  // Taken before printing: see the invoice numbers.
  let lastNumber = Math.max(0, ...journal.past.map(({ waybill }) => Number(waybill.trackingNumber.slice(2))));

  const create = async (content: Pick<Waybill, 'receiver' | 'contents'>, key: string, fingerprint: string) => {
    lastNumber += 1;
    const waybill: Waybill = { trackingNumber: `KD${String(lastNumber).padStart(12, '0')}`, ...content, at: world.now().toISOString() };
    const file = await files.store(await world.renderPdf(waybillSheet(waybill), WAYBILL_SIZE));
    const entry: Entry = { type: 'created', key, fingerprint, waybill: { ...waybill, file } };
    journal.append(entry);
    apply(entry);
    return entry.waybill;
  };

  const router = Router();
  router.post(
    '/waybills',
    machineOf(world, 'courier')(contracts.courier.waybill, async ({ idempotencyKey, ...content }) => {
      const { trackingNumber, file } = await once.run(idempotencyKey, content, (fingerprint) =>
        create(content, idempotencyKey, fingerprint),
      );
      return json({ trackingNumber, pdf: (await files.read(file)).toString('base64') });
    }),
  );
  router.get('/waybills/:name', async (request, response) => {
    const waybill = waybills.get(request.params.name.replace(/\.pdf$/, ''));
    if (!waybill) throw new Refusal(404, 'NOT_FOUND');
    response.type('application/pdf').send(await files.read(waybill.file));
  });
  const newestFirst = () => [...waybills.values()].reverse();
  router.get('/waybills', (_, response) => void response.json(newestFirst().map(({ file: _file, ...waybill }) => waybill)));
  router.get('/', (_, response) => {
    const rows = newestFirst()
      .slice(0, 200)
      .map(({ trackingNumber, receiver, contents, at }) => [
        html`<a href="/courier/waybills/${trackingNumber}.pdf">${trackingNumber}</a>`,
        shanghaiClock(new Date(at)),
        html`${receiver.name} ${maskPhone(receiver.phone)}<br /><small>${receiver.organisation}</small>`,
        receiver.address,
        contents,
      ]);
    const columns = [
      { zh: '运单号', en: 'tracking' },
      { zh: '下单时间', en: 'created' },
      { zh: '收件人', en: 'receiver' },
      { zh: '地址', en: 'address' },
      { zh: '内件', en: 'contents' },
    ];
    const list = html`<section>${heading('运单', 'Waybills')} ${table(columns, rows, '还没有运单 No waybills yet')}</section>`;
    response.send(page('courier', html`${list} ${faultPanel('courier', world.faults.list())}`));
  });
  return { router, close: () => journal.close() };
}
