import { fieldError, hoursOf, isOpen, isWindow, queueLabel, queueTicketRules, shanghaiDay, XinyinError, type WindowSlug } from '#domain';
import { QueueTicket } from '#persistence';
import { Controller, Get, HttpCode, Param, Post, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { IsNull, LessThan, Not } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import { Allow, Caller, type Staff } from '../platform/access.js';
import { allowAddress } from '../platform/address-allowance.js';
import { ApiContext } from '../platform/context.js';
import { Documented, Input } from '../platform/input.js';

const ticketView = z.object({ label: z.string(), ahead: z.number() });
const call = z.strictObject({ desk: z.string().regex(/^[0-9]{1,2}$/) });
const calledView = z.object({ label: z.string(), desk: z.string(), waiting: z.number() });
const boardView = z.object({ waiting: z.number(), called: z.array(z.object({ label: z.string(), desk: z.string() })) });

/** The queue at a window: a number when somebody comes in, and the next one called to a desk. */
@ApiTags('queue')
@Controller('windows/:window/queue')
export class QueueController {
  constructor(private readonly context: ApiContext) {}

  /** At the machine by the door, or from afar: nobody is asked who they are, so an address takes so many an hour. */
  @Post()
  @Allow('anybody')
  @Documented({ answers: ticketView, status: 201 })
  async take(@Param('window') slug: string, @Req() { ip: address = '' }: Request): Promise<z.infer<typeof ticketView>> {
    const { data, now } = this.context;
    const window = requireWindow(slug);
    if (!isOpen(window, now(), await this.context.calendar()))
      throw new XinyinError('WINDOW_CLOSED', { params: { hours: hoursOf(window) } });
    const day = shanghaiDay(now());
    return data.transaction(async (tx) => {
      await allowAddress(tx, this.context, { what: 'queue', address, ...queueTicketRules });
      await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 19))', [`${window} ${day}`]);
      const number = 1 + (await tx.countBy(QueueTicket, { window, day }));
      await tx.insert(QueueTicket, { id: uuidv7(), window, day, number, takenAt: now() });
      const ahead = await tx.countBy(QueueTicket, { window, day, calledAt: IsNull(), number: LessThan(number) });
      return { label: queueLabel(window, number), ahead };
    });
  }

  /** On the screen on the wall: who is called where, the last one first. */
  @Get()
  @Allow('anybody')
  @Documented({ answers: boardView })
  async board(@Param('window') slug: string): Promise<z.infer<typeof boardView>> {
    const window = requireWindow(slug);
    const { manager } = this.context.data;
    const today = { window, day: shanghaiDay(this.context.now()) };
    const where = { ...today, calledAt: Not(IsNull()) };
    const called = await manager.find(QueueTicket, { where, order: { calledAt: 'DESC' }, take: 6 });
    return {
      waiting: await manager.countBy(QueueTicket, { ...today, calledAt: IsNull() }),
      called: called.map(({ number, desk }) => ({ label: queueLabel(window, number), desk: desk ?? '' })),
    };
  }

  /** The next one, to the clerk's desk. Two clerks who call at once call two different people. */
  @Post('calls')
  @HttpCode(200)
  @Allow('window.enter')
  @Documented({ takes: call, answers: calledView })
  async call(@Caller() caller: Staff, @Param('window') slug: string, @Input(call) { desk }: z.infer<typeof call>) {
    const window = requireWindow(slug);
    const { data, now } = this.context;
    const waiting = { window, day: shanghaiDay(now()), calledAt: IsNull() };
    return data.transaction(async (tx) => {
      const lock = { mode: 'pessimistic_write', onLocked: 'skip_locked' } as const;
      const next = await tx.findOne(QueueTicket, { where: waiting, order: { number: 'ASC' }, lock });
      if (!next) throw new XinyinError('QUEUE_EMPTY');
      await tx.update(QueueTicket, { id: next.id }, { calledAt: now(), calledBy: caller.staffId, desk });
      return { label: queueLabel(window, next.number), desk, waiting: await tx.countBy(QueueTicket, waiting) };
    });
  }
}

function requireWindow(slug: string): WindowSlug {
  if (!isWindow(slug)) throw fieldError('window', 'FIELD_CHOICE');
  return slug;
}
