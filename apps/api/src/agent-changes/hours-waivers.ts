/** A change of the agent is window business like any other: entered within the hours, or on a day for which a supervisor lets it in. */
import { shanghaiDay, type WindowSlug } from '#domain';
import { appendAudit, HoursWaiver, type Application } from '#persistence';
import { Not, type EntityManager } from 'typeorm';
import type { Staff } from '../platform/access.js';
import type { ApiContext } from '../platform/context.js';
import { requireOpen, requireReason } from '../window/hours.js';

/** For what is entered about this case today. Given twice, the first stands. */
export async function waiveHours(context: ApiContext, { staffId }: Staff, application: Application, reason: string): Promise<void> {
  requireReason(reason);
  const at = context.now();
  const { id: applicationId, waitingFor: next, dueAt: until } = application;
  const day = shanghaiDay(at);
  await context.data.transaction(async (tx) => {
    const row = { applicationId, day, waivedBy: staffId, reason, waivedAt: at };
    await tx.createQueryBuilder().insert().into(HoursWaiver).values(row).orIgnore().execute();
    const event = { action: 'window.hours-overridden', actor: { kind: 'staff', id: staffId }, onceKey: `hours-waived/${day}` } as const;
    await appendAudit(tx, { subject: `application/${applicationId}`, at, next, until, ...event });
  });
}

/** Nobody lets in what they enter themselves. @throws XinyinError WINDOW_CLOSED */
export async function requireHours(
  tx: EntityManager,
  context: ApiContext,
  { window, applicationId, enteredBy }: { window: WindowSlug; applicationId: string; enteredBy: string },
): Promise<void> {
  const waived = { applicationId, day: shanghaiDay(context.now()), waivedBy: Not(enteredBy) };
  if (!(await tx.existsBy(HoursWaiver, waived))) await requireOpen(tx, context, window);
}
