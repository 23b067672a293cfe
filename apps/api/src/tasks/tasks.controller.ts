import { arrivedNote, fieldError, taskKinds, taskNotes, whyWords, type TaskNote } from '#domain';
import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiQuery, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Allow, Caller, type Staff } from '../platform/access.js';
import { Documented, Input } from '../platform/input.js';
import { maskedPhone, TasksService } from './tasks.service.js';

const STATES = ['open', 'done'] as const;
const words = z.object({ code: z.string(), zh: z.string(), en: z.string() });
const taskView = z.object({
  id: z.string(),
  kind: words,
  application: z.object({ id: z.string(), number: z.string() }).nullable(),
  template: z.string(),
  phone: z.string(),
  why: words,
  openedAt: z.string(),
  claimedBy: z.string().nullable(),
  claimUntil: z.string().nullable(),
  doneAt: z.string().nullable(),
  doneBy: z.string().nullable(),
  note: words.nullable(),
});
const claimView = z.object({ claimUntil: z.string(), phone: z.string(), text: z.string().nullable() });
const done = z.strictObject({ note: z.enum(Object.keys(taskNotes) as [TaskNote, ...TaskNote[]]) });
const nothing = z.strictObject({});

/** What only a person can do: phones that no SMS reached, to be called. */
@ApiTags('tasks')
@Controller('tasks')
export class TasksController {
  constructor(private readonly tasks: TasksService) {}

  @Get()
  @Allow('tasks.read')
  @ApiQuery({ name: 'state', enum: STATES, required: false })
  @Documented({ answers: z.array(taskView) })
  async list(@Query('state') state: unknown = 'open'): Promise<z.infer<typeof taskView>[]> {
    const wanted = STATES.find((each) => each === state);
    if (!wanted) throw fieldError('state', 'FIELD_CHOICE');
    return (await this.tasks.list(wanted)).map(({ task, message, number, held }) => ({
      id: task.id,
      kind: { code: task.kind, ...taskKinds[task.kind] },
      application: task.applicationId !== null && number !== null ? { id: task.applicationId, number } : null,
      template: message?.template ?? '',
      phone: maskedPhone(message),
      why: { code: task.why, ...whyWords(task.why) },
      openedAt: task.openedAt.toISOString(),
      claimedBy: held ? task.claimedBy : null,
      claimUntil: held ? (task.claimUntil?.toISOString() ?? null) : null,
      doneAt: task.doneAt?.toISOString() ?? null,
      doneBy: task.doneBy,
      note: task.note === null ? null : { code: task.note, ...noteWords(task.note) },
    }));
  }

  /** Takes a task for half an hour; taking it again renews that. Answers whom to call, and what about. */
  @Post(':id/claim')
  @HttpCode(200)
  @Allow('tasks.work')
  @Documented({ takes: nothing, answers: claimView })
  claim(@Caller() caller: Staff, @Param('id') id: string, @Input(nothing) _: z.infer<typeof nothing>) {
    return this.tasks.claim(caller, id);
  }

  @Post(':id/done')
  @HttpCode(204)
  @Allow('tasks.work')
  @Documented({ takes: done, status: 204 })
  async done(@Caller() caller: Staff, @Param('id') id: string, @Input(done) { note }: z.infer<typeof done>) {
    await this.tasks.done(caller, id, note);
  }
}

const noteWords = (note: string) => ({ ...taskNotes, ...arrivedNote })[note as TaskNote | 'arrived'];
