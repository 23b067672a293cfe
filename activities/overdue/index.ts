/** Cases that are late in their stage: marked once a stage, put before a supervisor as a task, and counted from the mark. */
import { appendAudit, Application, lateTask, openTask } from '#persistence';
import { IsNull, LessThan, Not } from 'typeorm';
import { WORKFLOW } from '../casework/index.js';
import type { RecordDeps } from '../deps.js';

export const overdueActivities = ({ data, now }: RecordDeps) => ({
  async markOverdue(_: object): Promise<{ marked: number; overdue: number }> {
    const where = { stage: Not('closed' as const), dueAt: LessThan(now()), overdueSince: IsNull() };
    const late = await data.manager.find(Application, { where, select: { id: true }, take: 5000 });
    let marked = 0;
    for (const { id } of late) {
      marked += await data.transaction(async (tx) => {
        const { affected } = await tx.update(Application, { ...where, id }, { overdueSince: now() });
        if (affected !== 1) return 0;
        const application = await tx.findOneByOrFail(Application, { id });
        const { stage, waitingFor, dueAt } = application;
        await openTask(tx, lateTask(application, now()));
        const details = { stage, waitingFor };
        await appendAudit(tx, {
          subject: `application/${id}`,
          at: now(),
          actor: WORKFLOW,
          action: 'case.overdue',
          details,
          next: waitingFor,
          until: dueAt,
        });
        return 1;
      });
    }
    return { marked, overdue: await data.manager.countBy(Application, { stage: Not('closed' as const), overdueSince: Not(IsNull()) }) };
  },
});
