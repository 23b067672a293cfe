/** The office's own word on the calendar. */
import type { DayKind } from '#domain';
import { Check, Entity, Index } from 'typeorm';
import { day, instant, text, uuid } from './columns.js';

/** A day set by a supervisor over what is published. Taken back, the row stays for the record. */
@Entity({ name: 'calendar_day' })
@Index('uq_calendar_day', ['day'], { unique: true, where: 'withdrawn_at IS NULL' })
@Check('ck_calendar_day_kind', `kind IN ('holiday','working')`)
@Check('ck_calendar_day_withdrawn', `(withdrawn_at IS NULL) = (withdrawn_by IS NULL)`)
export class CalendarDayRow {
  @uuid('id', { primary: true }) id!: string;
  @day('day') day!: string;
  @text('kind') kind!: DayKind;
  @text('reason') reason!: string;
  @uuid('set_by') setBy!: string;
  @instant('set_at') setAt!: Date;
  @uuid('withdrawn_by', { nullable: true }) withdrawnBy!: string | null;
  @instant('withdrawn_at', { nullable: true }) withdrawnAt!: Date | null;
}

/** The versions of the published data that have been seen at a start. */
@Entity({ name: 'calendar_data' })
export class CalendarData {
  @text('version', { primary: true }) version!: string;
  @instant('seen_at') seenAt!: Date;
}
