import { days, taskKinds, XinyinError, type TaskKind } from '#domain';
import { StaffTask } from '#persistence';
import { Controller, Get, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Response } from 'express';
import { IsNull } from 'typeorm';
import { Allow } from '../platform/access.js';
import { ApiContext } from '../platform/context.js';

@ApiExcludeController()
@Controller()
@Allow('anybody')
export class HealthController {
  constructor(private readonly context: ApiContext) {}

  /** The process lives. */
  @Get('healthz')
  alive() {
    return { status: 'ok' };
  }

  /** It can do its work: database and engine answer. */
  @Get('readyz')
  async ready() {
    try {
      await this.context.data.query('SELECT 1');
      await this.context.engine.withDeadline(Date.now() + 2000, () => this.context.engine.connection.ensureConnected());
    } catch (cause) {
      throw new XinyinError('UNAVAILABLE', { cause });
    }
    return { status: 'ready' };
  }

  private overdueByStage(): Promise<{ stage: string; count: string }[]> {
    return this.context.data.query(
      "SELECT stage, count(*) AS count FROM application WHERE overdue_since IS NOT NULL AND stage <> 'closed' GROUP BY stage",
    );
  }

  private async countMessages(): Promise<void> {
    const { data, metrics, now } = this.context;
    const counted: { provider: string; state: string; count: string }[] = await data.query(
      'SELECT provider, state, count(*) AS count FROM sms_hand_over WHERE "at" > $1 GROUP BY provider, state',
      [new Date(now().getTime() - days(1))],
    );
    metrics.messages.reset();
    for (const { provider, state, count } of counted) metrics.messages.set({ provider, state }, Number(count));
  }

  private async countTasks(): Promise<void> {
    const { data, metrics } = this.context;
    for (const kind of Object.keys(taskKinds) as TaskKind[])
      metrics.openTasks.set({ kind }, await data.manager.countBy(StaffTask, { kind, doneAt: IsNull() }));
  }

  @Get('metrics')
  async metrics(@Res() response: Response) {
    const { registry, overdue } = this.context.metrics;
    overdue.reset();
    for (const { stage, count } of await this.overdueByStage()) overdue.set({ stage }, Number(count));
    await this.countMessages();
    await this.countTasks();
    response.type(registry.contentType).send(await registry.metrics());
  }
}
