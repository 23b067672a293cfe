/** What became of a day's letters, from the rows that the batch wrote as it went. */
import { calendarDay, carriedReasons, isProvisional, type OfficeCalendar } from '#domain';
import { Application, DispatchBatch, DispatchOutcome } from '#persistence';
import { In, type EntityManager } from 'typeorm';
import { z } from 'zod';

const words = z.object({ code: z.string(), zh: z.string(), en: z.string() });
/** `provisional`: the holidays of that year are not published yet, so that the day may still change. */
const late = z.object({ number: z.string(), reason: words, to: z.string(), provisional: z.boolean() });
export const reportView = z.object({
  day: z.string(),
  openedAt: z.string().nullable(),
  closedAt: z.string().nullable(),
  counts: z.object({ handedOver: z.number(), carried: z.number(), failed: z.number() }),
  handedOver: z.array(z.object({ number: z.string(), trackingNumber: z.string().nullable() })),
  /** With its reason each: carried because of the letter or the office, failed because of an outside system. */
  carried: z.array(late),
  failed: z.array(late),
});

/** Null for a day on which nothing was done and nothing was missed. */
export async function reportOf(manager: EntityManager, day: string, calendar: OfficeCalendar): Promise<z.infer<typeof reportView> | null> {
  const batch = await manager.findOneBy(DispatchBatch, { day });
  const outcomes = await manager.find(DispatchOutcome, { where: { day }, order: { at: 'ASC', applicationId: 'ASC' } });
  if (!batch && outcomes.length === 0) return null;
  const applications = await manager.find(Application, {
    select: { id: true, number: true },
    where: { id: In(outcomes.map(({ applicationId }) => applicationId)) },
  });
  const numbers = new Map(applications.map(({ id, number }) => [id, number]));
  const numberOf = ({ applicationId }: DispatchOutcome) => numbers.get(applicationId) ?? '';
  const handedOver = outcomes.filter(({ carriedReason }) => carriedReason === null);
  const notSent = outcomes.flatMap((outcome) => {
    const { carriedReason: code, carriedTo: to } = outcome;
    if (code === null || to === null) return [];
    const provisional = isProvisional(calendarDay(to), calendar);
    return [{ number: numberOf(outcome), reason: { code, ...carriedReasons[code] }, to, provisional }];
  });
  const failed = notSent.filter(({ reason }) => reason.code === 'failed');
  const carried = notSent.filter(({ reason }) => reason.code !== 'failed');
  return {
    day,
    openedAt: batch?.openedAt.toISOString() ?? null,
    closedAt: batch?.closedAt?.toISOString() ?? null,
    counts: { handedOver: handedOver.length, carried: carried.length, failed: failed.length },
    handedOver: handedOver.map((outcome) => ({ number: numberOf(outcome), trackingNumber: outcome.trackingNumber })),
    carried,
    failed,
  };
}
