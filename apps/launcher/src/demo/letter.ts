/** One letter and the people about it: the agent who was promised a day, the dispatcher, the courier who scans it. */
import { nameOf, type Applicant } from './awaiting.js';
import type { Filed } from './desk.js';
import type { Scene } from './holder.js';
import type { Person } from './person.js';
import { handOver, lettersInWords, staff } from './story.js';
import { asShown } from './teller.js';

/** Whose letter it is. */
export interface Mailed extends Filed, Applicant {}

interface Letter {
  day: string;
  state: string;
  trackingNumber: string | null;
  delivery: { code: string; zh: string } | null;
}
type Scan = 'picked-up' | 'delivered' | 'returned' | 'lost';

export const letterOf = (person: Person, number: string) => person.get<Letter>(`/api/v1/letters/${number}`);

/** From now on, or since that instant. */
export function certified({ sandbox, teller }: Scene, { form }: Mailed, since?: Date): Promise<void> {
  return teller.step('平台认证 The role account is certified on the platform', () =>
    sandbox.certify(form.organisation.uscc, form.roleAccount, since),
  );
}

/** The Friday that the agent sees, with its reason. */
export async function promised({ teller }: Scene, { agent, id }: Mailed): Promise<string> {
  const { day } = await teller.step(
    '寄送日 The promised Friday',
    () =>
      teller.until(
        async () => (await agent.get<{ dispatch: { day: string; reason: string } | null }>(`/api/v1/applications/${id}`)).dispatch,
        'the promise',
      ),
    (promise) => `${promise.day}: ${promise.reason}`,
  );
  return day;
}

/** Demonstrations do not wait for the day: the dispatcher begins its batch by hand, which is the same batch. Answers the tracking number. */
export async function onItsFriday(scene: Scene, mailed: Mailed, day: string): Promise<string> {
  const dispatcher = await staff(scene.office, 'dispatcher');
  return sentBy(scene, mailed, day, {
    batch: `周五寄送 The batch of ${day}, begun by hand today, binds, labels and packs`,
    // A batch that is just ending takes nothing more: the next one does.
    meanwhile: async () => {
      const { working } = await dispatcher.get<{ working: boolean }>(`/api/v1/dispatches/${day}`);
      if (!working) await dispatcher.post(`/api/v1/dispatches/${day}`);
    },
  });
}

interface Sending {
  /** What is said of the batch that packs it. */
  batch: string;
  /** Done as long as the letter is not packed. */
  meanwhile?: () => Promise<void>;
}

/** Packed by the batch of that day, handed over, told. Answers the tracking number. */
export async function sentBy(scene: Scene, mailed: Mailed, day: string, { batch, meanwhile }: Sending): Promise<string> {
  const { teller, office, sandbox } = scene;
  const dispatcher = await staff(office, 'dispatcher');
  const tracking = await teller.step(batch, () =>
    teller.until(async () => {
      const { state, trackingNumber } = await letterOf(dispatcher, mailed.number);
      if (state === 'packed') return trackingNumber;
      await meanwhile?.();
      return null;
    }, `${mailed.number} to be packed`),
  );
  await teller.step('交寄 A dispatcher hands over', () => handOver(dispatcher, teller, day), lettersInWords);
  await teller.step('寄出短信 The agent is told the tracking number', () =>
    teller.until(async () => ((await sandbox.sms(mailed.phone, 'dispatched')).includes(tracking) ? tracking : null), 'the SMS'),
  );
  return tracking;
}

/** Somebody at the courier scans the parcel, and the courier tells our API by itself. */
export async function scanned({ sandbox, teller, office }: Scene, { number }: Mailed, tracking: string, scans: Scan[]): Promise<void> {
  const dispatcher = await staff(office, 'dispatcher');
  for (const scan of scans)
    await teller.step('快递轨迹 The courier reports', async () => {
      await sandbox.scan(tracking, scan);
      return teller.until(async () => {
        const { delivery } = await letterOf(dispatcher, number);
        return delivery?.code === scan ? `${delivery.zh} ${scan}` : null;
      }, scan);
    });
}

export async function delivered(scene: Scene, mailed: Mailed): Promise<void> {
  const dispatcher = await staff(scene.office, 'dispatcher');
  const { trackingNumber } = await letterOf(dispatcher, mailed.number);
  if (trackingNumber === null) throw new Error(`${nameOf(mailed)} has no waybill`);
  await scanned(scene, mailed, trackingNumber, ['picked-up', 'delivered']);
  await scene.teller.step('签收短信 The agent is told', () => scene.sandbox.sms(mailed.phone, 'parcel-delivered'), asShown);
}
