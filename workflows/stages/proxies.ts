/**
 * How each capability is called. Options stand here once: short transactions run as local activities beside the workflow, everything
 * that leaves the machine or takes keys is a normal activity on its queue and is retried until a person stops it.
 */
import type { Activities } from '#activities';
import { proxyActivities, proxyLocalActivities, type RetryPolicy } from '@temporalio/workflow';
import { queues } from '../contract/index.js';

/** Outside systems may be away for days; a refusal is not retried at all (it comes as a non-retryable failure). */
const patient: RetryPolicy = { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '2 minutes' };

export const records = proxyLocalActivities<Activities>({
  startToCloseTimeout: '15 seconds',
  localRetryThreshold: '30 seconds',
  retry: { initialInterval: '200 milliseconds', backoffCoefficient: 2, maximumInterval: '30 seconds' },
});

export const outside = proxyActivities<Activities>({ taskQueue: queues.business, startToCloseTimeout: '30 seconds', retry: patient });
export const documents = proxyActivities<Activities>({ taskQueue: queues.documents, startToCloseTimeout: '2 minutes', retry: patient });
export const pki = proxyActivities<Activities>({ taskQueue: queues.pki, startToCloseTimeout: '15 seconds', retry: patient });
export const station = proxyActivities<Activities>({ taskQueue: queues.station, startToCloseTimeout: '15 seconds', retry: patient });

/** The first checkpoint reads the end of every chain there is; an attempt that was given up is waited for, not overtaken. */
export const checkpointing = proxyActivities<Activities>({ taskQueue: queues.pki, startToCloseTimeout: '10 minutes', retry: patient });

/** A Friday's items: an outside system that stays away for half a day costs the item this Friday, never the batch. */
export const dispatching = proxyActivities<Activities>({
  taskQueue: queues.documents,
  startToCloseTimeout: '2 minutes',
  scheduleToCloseTimeout: '6 hours',
  retry: patient,
});
