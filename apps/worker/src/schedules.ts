/** The Schedules of the office. Made when missing; an operator's pause or change is left alone. */
import { queues, schedules, workflowTypes } from '#workflows/contract';
import { ZONE } from '#domain';
import { ScheduleAlreadyRunning, ScheduleOverlapPolicy, type Client, type ScheduleOptions } from '@temporalio/client';

type When = Pick<ScheduleOptions['spec'], 'calendars' | 'intervals'>;

export async function ensureSchedules(client: Client): Promise<void> {
  await ensure(client, schedules.fridayDispatch, workflowTypes.fridayDispatch, 'dispatch', {
    when: { calendars: [{ dayOfWeek: 'FRIDAY', hour: 9, minute: 0 }] },
    // A Friday missed by an outage is made up within the day; later its items are found by the next batch.
    catchupWindow: '24 hours',
    note: '周五寄送 Friday dispatch. It fires every Friday; the batch itself holds only what the calendar put on that day.',
    args: [{}],
  });
  await ensure(client, schedules.bankStatement, workflowTypes.importStatement, 'bank-statement', {
    when: { calendars: [{ hour: 6, minute: 30 }] },
    catchupWindow: '7 days',
    note: '昨日银行对账单 Yesterday’s bank statement',
    args: [{}],
  });
  await ensure(client, schedules.publishCrl, workflowTypes.publishCrl, 'publish-crl', {
    when: { calendars: [{ hour: [0, 12], minute: 0 }] },
    catchupWindow: '1 hour',
    note: '证书吊销列表 Certificate revocation list',
    args: [],
    triggerImmediately: true,
  });
  await ensure(client, schedules.auditCheckpoint, workflowTypes.checkpointAudit, 'audit-checkpoint', {
    when: { calendars: [{ hour: '*', minute: 0 }] },
    // Of those missed only the last is made up: it covers what the others would have.
    catchupWindow: '1 hour',
    note: '审计检查点 Checkpoint of the audit',
    args: [],
  });
  await ensure(client, schedules.remind, workflowTypes.remind, 'remind', {
    // D: within the hours in which a phone may ring; the sending itself looks at the clock again.
    when: { calendars: [{ hour: { start: 8, end: 19 }, minute: 15 }] },
    catchupWindow: '1 hour',
    note: '提醒与超期 Reminders, old drafts, cases that are late',
    args: [],
    overlap: ScheduleOverlapPolicy.SKIP,
  });
  await ensure(client, schedules.followMessages, workflowTypes.followMessages, 'follow-messages', {
    when: { intervals: [{ every: '1 minute' }] },
    // What was missed is found by the next run: it asks for all that is due.
    catchupWindow: '1 minute',
    note: '未送达短信 Messages that failed, or of which no operator reported',
    args: [],
    overlap: ScheduleOverlapPolicy.SKIP,
  });
  await ensure(client, schedules.wakeInvoices, workflowTypes.wakeInvoices, 'wake-invoices', {
    when: { calendars: [{ hour: '*', minute: 20 }] },
    catchupWindow: '1 hour',
    note: '开票队列 Invoices that are due: their queue goes on where nobody has woken it',
    args: [],
    triggerImmediately: true,
    overlap: ScheduleOverlapPolicy.SKIP,
  });
  await ensure(client, schedules.watchFridays, workflowTypes.watchFridays, 'watch-fridays', {
    when: { calendars: [{ hour: '*', minute: 40 }] },
    catchupWindow: '1 hour',
    note: '核对寄送日期 Promised Fridays by the calendar of now; Fridays that were missed',
    args: [{}],
    overlap: ScheduleOverlapPolicy.SKIP,
  });
  await ensure(client, schedules.certifyResponders, workflowTypes.certifyResponders, 'certify-responders', {
    when: { intervals: [{ every: '5 minutes' }] },
    catchupWindow: '1 minute',
    note: 'OCSP 应答证书 Certificates of the OCSP responders: those that ask for one get it',
    args: [],
    // While the pki worker is away one run waits for it, and is enough.
    overlap: ScheduleOverlapPolicy.SKIP,
  });
}

/** At each start: an outage may have missed a Friday, and new data of holidays may have moved some. Waits for the workers. */
export async function lookAtFridays(client: Client): Promise<void> {
  await client.schedule.getHandle(schedules.watchFridays).trigger(ScheduleOverlapPolicy.BUFFER_ONE);
}

interface Plan {
  when: When;
  catchupWindow: '1 minute' | '1 hour' | '24 hours' | '7 days';
  note: string;
  args: unknown[];
  triggerImmediately?: boolean;
  overlap?: ScheduleOverlapPolicy;
}

async function ensure(client: Client, scheduleId: string, workflowType: string, workflowId: string, plan: Plan): Promise<void> {
  try {
    await client.schedule.create({
      scheduleId,
      spec: { ...plan.when, timezone: ZONE },
      action: { type: 'startWorkflow', workflowType, workflowId, taskQueue: queues.business, args: plan.args },
      policies: { overlap: plan.overlap ?? ScheduleOverlapPolicy.BUFFER_ONE, catchupWindow: plan.catchupWindow, pauseOnFailure: false },
      state: { note: plan.note, triggerImmediately: plan.triggerImmediately ?? false },
    });
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
  }
}
