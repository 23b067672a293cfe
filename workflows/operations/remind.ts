/** Every hour of the day: reminders that are due, drafts that nobody touched, cases that are late. One that cannot be sent waits for the next hour. */
import { isCancellation } from '@temporalio/workflow';
import { records, reminding } from '../stages/proxies.js';

export interface RemindResult {
  sent: number;
  failed: number;
  deleted: number;
  marked: number;
  overdue: number;
}

export async function remind(): Promise<RemindResult> {
  const { marked, overdue } = await records.markOverdue({});
  const { reminders } = await records.dueReminders({});
  const result = { sent: 0, failed: 0, deleted: 0, marked, overdue };
  const waiting = [...reminders];
  const hand = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      try {
        const { result: became } = await reminding.sendReminder(next);
        if (became === 'sent') result.sent += 1;
      } catch (error) {
        if (isCancellation(error)) throw error;
        result.failed += 1;
      }
    }
  };
  await Promise.all(Array.from({ length: 8 }, hand));
  result.deleted = (await records.deleteOldDrafts({})).deleted;
  return result;
}
