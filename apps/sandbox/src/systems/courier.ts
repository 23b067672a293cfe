/** The courier: gives a tracking number to a parcel and prints its waybill. */
import { Router, json as jsonBody } from 'express';
import { z } from 'zod';
import { deliveries, maskPhone, shanghaiClock } from '#domain';
import { html } from '#documents';
import { contracts } from '#gateways';
import { createCallbacks } from '../machine/callbacks.js';
import { json, machineOf } from '../machine/endpoint.js';
import { Refusal } from '../machine/refusal.js';
import { faultPanel, heading, page, table } from '../pages/layout.js';
import { openJournal } from '../storage/journal.js';
import { createOnce } from '../storage/once.js';
import { openPdfFolder } from '../storage/pdf-folder.js';
import { readMessage, show } from './people.js';
import type { OutsideSystem, World } from './system.js';
import { WAYBILL_SIZE, waybillSheet } from './waybill-sheet.js';

export interface Waybill {
  trackingNumber: string;
  receiver: { name: string; phone: string; address: string; organisation: string };
  contents: string;
  at: string;
}
type Printed = Waybill & { file: string };
type Entry =
  | { type: 'created'; key: string; fingerprint: string; waybill: Printed }
  | { type: 'event'; told: Told }
  | { type: 'told'; eventId: string };
/** What a parcel lived through, as our API is told. */
type Told = z.output<typeof contracts.courier.tracking>;

const occurrence = z.strictObject({ event: contracts.courier.tracking.shape.event });

export function openCourier(world: World): OutsideSystem {
  const journal = openJournal<Entry>(world.folder, 'courier');
  const files = openPdfFolder(world.folder, 'courier-files');
  const waybills = new Map<string, Printed>();
  const once = createOnce<Printed>();
  const events: Told[] = [];
  const untold = new Map<string, Told>();
  const apply = (entry: Entry) => {
    if (entry.type === 'created') {
      waybills.set(entry.waybill.trackingNumber, entry.waybill);
      once.restore(entry.key, entry.fingerprint, entry.waybill);
    }
    if (entry.type === 'event') {
      events.push(entry.told);
      untold.set(entry.told.eventId, entry.told);
    }
    if (entry.type === 'told') untold.delete(entry.eventId);
  };
  const record = (entry: Entry) => {
    journal.append(entry);
    apply(entry);
  };
  for (const entry of journal.past) apply(entry);
  const pushes = createCallbacks({
    target: world.courierPush,
    now: world.now,
    pauseMs: world.pauseMs,
    onAccepted: (eventId) => record({ type: 'told', eventId }),
  });
  for (const told of untold.values()) pushes.send(told.eventId, told);
  // Taken before printing: see the invoice numbers.
  let lastNumber = Math.max(0, ...[...waybills.keys()].map((each) => Number(each.slice(2))));

  const create = async (content: Pick<Waybill, 'receiver' | 'contents'>, key: string, fingerprint: string) => {
    lastNumber += 1;
    const waybill: Waybill = { trackingNumber: `KD${String(lastNumber).padStart(12, '0')}`, ...content, at: world.now().toISOString() };
    const file = await files.store(await world.renderPdf(waybillSheet(waybill), WAYBILL_SIZE));
    const printed: Printed = { ...waybill, file };
    record({ type: 'created', key, fingerprint, waybill: printed });
    return printed;
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
  /** Somebody at the courier scans a parcel. */
  router.post('/waybills/:number/events', jsonBody(), (request, response) => {
    const trackingNumber = request.params['number'] ?? '';
    if (!waybills.has(trackingNumber)) throw new Refusal(404, 'NOT_FOUND');
    const { event } = readMessage(request, occurrence, (form) => form);
    const told: Told = {
      eventId: `E${String(events.length + 1).padStart(8, '0')}`,
      trackingNumber,
      event,
      occurredAt: world.now().toISOString(),
    };
    record({ type: 'event', told });
    pushes.send(told.eventId, told);
    show(request, response, 'courier', told, 201);
  });
  router.get('/events', (_, response) => void response.json([...events].reverse()));
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
        happened(trackingNumber, events),
      ]);
    const columns = [
      { zh: '运单号', en: 'tracking' },
      { zh: '下单时间', en: 'created' },
      { zh: '收件人', en: 'receiver' },
      { zh: '地址', en: 'address' },
      { zh: '内件', en: 'contents' },
      { zh: '轨迹', en: 'tracking' },
    ];
    const list = html`<section>${heading('运单', 'Waybills')} ${table(columns, rows, '还没有运单 No waybills yet')}</section>`;
    response.send(page('courier', html`${list} ${faultPanel('courier', world.faults.list())}`));
  });
  return {
    router,
    close: () => {
      pushes.close();
      journal.close();
    },
  };
}

/** What a parcel lived through, and what may happen to it next. */
function happened(trackingNumber: string, events: readonly Told[]) {
  const known = events.filter((each) => each.trackingNumber === trackingNumber).map(({ event }) => deliveries[event].zh);
  return html`${known.join('、')}
    <form method="post" action="/courier/waybills/${trackingNumber}/events">
      <select name="event" aria-label="轨迹 event">
        ${Object.entries(deliveries).map(([event, { zh, en }]) => html`<option value="${event}">${zh} ${en}</option>`)}
      </select>
      <button>记录 <small lang="en">record</small></button>
    </form>`;
}
