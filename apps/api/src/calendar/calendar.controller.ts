import { dayKinds, fieldError, requireDay, type DayKind } from '#domain';
import { Controller, Get, HttpCode, Param, Post, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Allow, Caller, type Staff } from '../platform/access.js';
import { Documented, Input, lineOfText } from '../platform/input.js';
import { OfficeDays } from './office-days.js';

const kind = z.enum(Object.keys(dayKinds) as [DayKind, ...DayKind[]]);
const reason = lineOfText(200);
const setDay = z.strictObject({ kind, reason });
const takeBack = z.strictObject({ reason });
const dayView = z.object({
  day: z.string(),
  kind,
  reason: z.string(),
  setBy: z.string(),
  setAt: z.string(),
  withdrawnBy: z.string().nullable(),
  withdrawnAt: z.string().nullable(),
});
const yearView = z.object({ year: z.number(), published: z.boolean(), dataVersion: z.string().nullable(), days: z.array(dayView) });

/** The office's calendar: what is published, and what a supervisor has set over it. */
@ApiTags('calendar')
@Controller('calendar')
export class CalendarController {
  constructor(private readonly days: OfficeDays) {}

  @Get(':year')
  @Allow('calendar.read')
  @Documented({ answers: yearView })
  year(@Param('year') text: string): Promise<z.infer<typeof yearView>> {
    if (!/^20\d\d$/.test(text)) throw fieldError('year', 'FIELD_FORMAT');
    return this.days.year(Number(text));
  }

  @Put('days/:day')
  @HttpCode(204)
  @Allow('calendar.set')
  @Documented({ takes: setDay, status: 204 })
  set(@Caller() caller: Staff, @Param('day') day: string, @Input(setDay) input: z.infer<typeof setDay>): Promise<void> {
    return this.days.set(caller, requireDay(day, 'day'), input);
  }

  @Post('days/:day/withdrawal')
  @HttpCode(204)
  @Allow('calendar.set')
  @Documented({ takes: takeBack, status: 204 })
  takeBack(@Caller() caller: Staff, @Param('day') day: string, @Input(takeBack) input: z.infer<typeof takeBack>): Promise<void> {
    return this.days.takeBack(caller, requireDay(day, 'day'), input.reason);
  }
}
