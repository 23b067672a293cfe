/** Damaged requests to all by which cases, windows, letters and the people about them are told something. */
import { randomUUID } from 'node:crypto';
import { DispatchItem } from '#persistence';
import { nextDay, openDesk } from '../../world/desk.js';
import { openOffice } from '../../world/office.js';
import { calendarAims, callbackAims, holderAims, letterAims, otherAims, taskAims, windowAims } from './aims-at-desks.js';
import { agentChangeAims, caseAims, draftAims, type Scene } from './aims-of-cases.js';
import { callersOf, tellDamaged, type Target } from './telling.js';

/** A certificate that ends so soon is renewed, changed, reissued or revoked. */
const SOON_MS = 30 * 86_400_000;

tellDamaged('cases', openCases);

async function openCases(): Promise<Target> {
  const office = await openOffice();
  nextDay(office, '10:00:00');
  const desk = await openDesk(office);
  const holder = await desk.holder(new Date(office.clock.now().getTime() + SOON_MS));
  const scene: Scene = { office, desk, holder, me: { person: holder.agent, phone: holder.phone } };
  const cases = await caseAims(scene);
  const windows = await windowAims(scene);
  const letters = await letterAims(scene);
  const [parcel] = await office.data.manager.findBy(DispatchItem, { state: 'handed-over' });
  return {
    office,
    callers: await callersOf(office, holder.agent),
    places: {
      id: [...windows.ids, ...cases.ids, holder.id, randomUUID()],
      day: ['2026-03-06', '2026-03-02'],
      index: ['1', '2'],
      kind: ['signing', 'encryption', 'token-label', 'drug-production'],
      form: ['seal.png', 'seal.esl'],
      material: ['licence', 'application-form', 'agent-id', 'authorisation-letter'],
      agreement: ['personal-data', 'subscriber-agreement'],
      slug: ['personal-data'],
      window: ['chengnan', 'xinchuan'],
      serial: [holder.serial],
      number: [...letters.numbers, 'BB-2026-000001'],
      year: ['2026', '2027'],
    },
    aims: {
      ...(await draftAims(scene)),
      ...cases.aims,
      ...(await agentChangeAims(scene)),
      ...windows.aims,
      ...(await holderAims(scene)),
      ...(await taskAims(scene)),
      ...letters.aims,
      ...calendarAims(scene),
      ...callbackAims(scene, parcel?.trackingNumber ?? ''),
      ...otherAims(scene),
    },
  };
}
