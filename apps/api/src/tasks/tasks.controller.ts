import { fieldError, maskPhone, systemTaskNotes, taskKinds, taskNotes, taskReason, waiters, type TaskNote } from '#domain';
import type { Application, StaffTask } from '#persistence';
import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiQuery, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Allow, Caller, type Staff } from '../platform/access.js';
import { Documented, Input } from '../platform/input.js';
import { TasksService } from './tasks.service.js';

const STATES = ['open', 'done'] as const;
const words = z.object({ code: z.string(), zh: z.string(), en: z.string() });
const taskView = z.object({
  id: z.string(),
  kind: words,
  application: z.object({ id: z.string(), number: z.string() }).nullable(),
  template: z.string().nullable(),
  phone: z.string().nullable(),
  why: words,
  waitingFor: words.nullable(),
  dueAt: z.string().nullable(),
  openedAt: z.string(),
  claimedBy: z.string().nullable(),
  claimUntil: z.string().nullable(),
  doneAt: z.string().nullable(),
  doneBy: z.string().nullable(),
  note: words.nullable(),
});
const claimView = z.object({ claimUntil: z.string(), phone: z.string().nullable(), text: z.string().nullable() });
const done = z.strictObject({ note: z.enum(Object.keys(taskNotes) as [TaskNote, ...TaskNote[]]) });
const nothing = z.strictObject({});

/** What only a person can do: phones that no SMS reached, to be called; cases that are late in their stage, to be seen to by a supervisor. */
@ApiTags('tasks')
@Controller('tasks')
export class TasksController {
  constructor(private readonly tasks: TasksService) {}

  @Get()
  @Allow('tasks.read')
  @ApiQuery({ name: 'state', enum: STATES, required: false })
  @Documented({ answers: z.array(taskView) })
  async list(@Caller() caller: Staff, @Query('state') state: unknown = 'open'): Promise<z.infer<typeof taskView>[]> {
    const wanted = STATES.find((each) => each === state);
    if (!wanted) throw fieldError('state', 'FIELD_CHOICE');
    return (await this.tasks.list(caller, wanted)).map(({ task, message, application, held }) => ({
      id: task.id,
      kind: wordsOf(task.kind, taskKinds[task.kind]),
      application: application && { id: application.id, number: application.number },
      template: message?.template ?? null,
      phone: message && maskPhone(message.phone ?? ''),
      why: wordsOf(task.why, taskReason(task.kind, task.why)),
      ...lateness(task, application),
      openedAt: task.openedAt.toISOString(),
      claimedBy: held ? task.claimedBy : null,
      claimUntil: held ? (task.claimUntil?.toISOString() ?? null) : null,
      doneAt: task.doneAt?.toISOString() ?? null,
      doneBy: task.doneBy,
      note: task.note === null ? null : wordsOf(task.note, noteWords(task.note)),
    }));
  }

  /** Takes a task for half an hour; taking it again renews that. Answers whom to call, and what about, where somebody is to be called. */
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

const wordsOf = (code: string, { zh, en }: { zh: string; en: string }) => ({ code, zh, en });
const noteWords = (note: string) => ({ ...taskNotes, ...systemTaskNotes })[note as TaskNote | keyof typeof systemTaskNotes];

/** Of a case that is late, and still is: for whom it waits, and until when it should have gone on. */
function lateness({ kind, doneAt }: StaffTask, application: Application | null) {
  if (kind !== 'case-overdue' || doneAt !== null || application === null) return { waitingFor: null, dueAt: null };
  const { waitingFor, dueAt } = application;
  return { waitingFor: wordsOf(waitingFor, waiters[waitingFor]), dueAt: dueAt?.toISOString() ?? null };
}
