/** Days that a supervisor sets over the published calendar. What is promised for them is computed anew by a workflow. */
import { addDays, calendarDay, fieldError, shanghaiDay, XinyinError, yearOf, type CalendarDay, type DayKind } from '#domain';
import { appendAudit, CalendarData, CalendarDayRow } from '#persistence';
import { Injectable } from '@nestjs/common';
import { Between, IsNull, type EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { CaseStarter } from '../cases/case-starter.js';
import type { Staff } from '../platform/access.js';
import { ApiContext } from '../platform/context.js';

@Injectable()
export class OfficeDays {
  constructor(
    private readonly context: ApiContext,
    private readonly starter: CaseStarter,
  ) {}

  /** The days set in a year, those taken back among them, and whether the state has published it. */
  async year(year: number) {
    const { data } = this.context;
    const within = Between(`${year}-01-01`, `${year}-12-31`);
    const days = await data.manager.find(CalendarDayRow, { where: { day: within }, order: { day: 'ASC', setAt: 'ASC' } });
    const [newest] = await data.manager.find(CalendarData, { order: { seenAt: 'DESC' }, take: 1 });
    return {
      year,
      published: this.context.holidays.isPublished(year),
      dataVersion: newest?.version ?? null,
      days: days.map(({ day, kind, reason, setBy, setAt, withdrawnBy, withdrawnAt }) => ({
        ...{ day, kind, reason, setBy, setAt: setAt.toISOString() },
        ...{ withdrawnBy, withdrawnAt: withdrawnAt?.toISOString() ?? null },
      })),
    };
  }

  /** In the place of what was set for the day before, if anything was. Set to the same again, nothing changes. */
  async set({ staffId }: Staff, day: CalendarDay, { kind, reason }: { kind: DayKind; reason: string }): Promise<void> {
    this.requireNotOver(day);
    const changed = await this.context.data.transaction(async (tx) => {
      const before = await standing(tx, day);
      if (before?.kind === kind) return null;
      const at = this.context.now();
      if (before) await tx.update(CalendarDayRow, { id: before.id }, { withdrawnBy: staffId, withdrawnAt: at });
      const row = { id: uuidv7(), day, kind, reason, setBy: staffId, setAt: at };
      await tx.insert(CalendarDayRow, row);
      await this.record(tx, day, { staffId, action: 'calendar.day-set', details: { kind, reason, before: before?.kind ?? null } });
      return `${row.id}/set`;
    });
    await this.recompute(changed);
  }

  /** What is published counts again. */
  async takeBack({ staffId }: Staff, day: CalendarDay, reason: string): Promise<void> {
    this.requireNotOver(day);
    const changed = await this.context.data.transaction(async (tx) => {
      const before = await standing(tx, day);
      if (!before) throw new XinyinError('NOT_FOUND');
      await tx.update(CalendarDayRow, { id: before.id }, { withdrawnBy: staffId, withdrawnAt: this.context.now() });
      await this.record(tx, day, { staffId, action: 'calendar.day-withdrawn', details: { kind: before.kind, reason } });
      return `${before.id}/withdrawn`;
    });
    await this.recompute(changed);
  }

  private record(
    tx: EntityManager,
    day: CalendarDay,
    {
      staffId,
      ...event
    }: { staffId: string; action: 'calendar.day-set' | 'calendar.day-withdrawn'; details: Record<string, string | null> },
  ) {
    return appendAudit(tx, { subject: `calendar/${day}`, at: this.context.now(), actor: { kind: 'staff', id: staffId }, ...event });
  }

  /** A day that is over has been worked, or not. */
  private requireNotOver(day: CalendarDay): void {
    const today = shanghaiDay(this.context.now());
    // Two years ahead nobody knows anything, and a slip of the pen would be found by nobody.
    const last = calendarDay(`${yearOf(addDays(today, 366)) + 1}-12-31`);
    if (day < today || day > last) throw fieldError('day', 'FIELD_RANGE', { min: today, max: last });
  }

  /** Should the engine be away, the hourly look at the Fridays does the same. */
  private async recompute(change: string | null): Promise<void> {
    if (change === null) return;
    await this.starter
      .startWatch(change)
      .catch((error: unknown) =>
        this.context.log.warn({ change, failure: error instanceof Error ? error.name : '' }, 'the hourly look will move the letters'),
      );
  }
}

/** The day is held, whether anything was set for it or not: two supervisors at once come one after the other. */
async function standing(tx: EntityManager, day: CalendarDay): Promise<CalendarDayRow | null> {
  await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 16))', [`calendar/${day}`]);
  return tx.findOneBy(CalendarDayRow, { day, withdrawnAt: IsNull() });
}
