/**
 * How each capability is called. Options stand here once: short transactions run as local activities beside the workflow, everything
 * that leaves the machine or takes keys is a normal activity on its queue and is retried until a person stops it.
 */
import type { Activities } from '#activities';
import {
  proxyActivities,
  proxyLocalActivities,
  type ActivityInterfaceFor,
  type ActivityOptions,
  type LocalActivityOptions,
  type RetryPolicy,
} from '@temporalio/workflow';
import { queues } from '../contract/index.js';
import { oneByOne } from './one-by-one.js';
import { stepWords } from './step-words.js';

/** Outside systems may be away for days; a refusal is not retried at all (it comes as a non-retryable failure). */
const patient: RetryPolicy = { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '2 minutes' };

/**
 * All activities under the same options, each with its own line for the Temporal UI. Made when one is called: module code runs anew for
 * each workflow, and what it builds stays in memory with every case that waits.
 */
function described<Options extends { summary?: string }>(
  proxied: (options: Options) => ActivityInterfaceFor<Activities>,
  options: Options,
): ActivityInterfaceFor<Activities> {
  const get = (_: object, name: string | symbol) => {
    const step = name as keyof Activities;
    return proxied({ ...options, summary: stepWords[step] })[step];
  };
  return new Proxy({}, { get }) as ActivityInterfaceFor<Activities>;
}
const remote = (options: ActivityOptions) => described((each) => proxyActivities<Activities>(each), options);

/** Never two at once in a workflow, whether its main way asks or a handler. */
const record = oneByOne();
const inTurn = (options: LocalActivityOptions) =>
  new Proxy(proxyLocalActivities<Activities>(options), {
    get: (local, name) => {
      const activity = local[name as keyof Activities] as (input: unknown) => Promise<unknown>;
      return (input: unknown) => record(() => activity(input));
    },
  });

export const records = described(inTurn, {
  startToCloseTimeout: '15 seconds',
  localRetryThreshold: '30 seconds',
  retry: { initialInterval: '200 milliseconds', backoffCoefficient: 2, maximumInterval: '30 seconds' },
});

/**
 * Records of a run that does many things at once: steps of the history like the calls outside among which they stand. A local activity that
 * takes long is replayed at another place among them than it had.
 */
export const recordsAmongMany = remote({ taskQueue: queues.business, startToCloseTimeout: '15 seconds', retry: patient });

export const outside = remote({ taskQueue: queues.business, startToCloseTimeout: '30 seconds', retry: patient });
export const documents = remote({ taskQueue: queues.documents, startToCloseTimeout: '2 minutes', retry: patient });
export const pki = remote({ taskQueue: queues.pki, startToCloseTimeout: '15 seconds', retry: patient });
export const station = remote({ taskQueue: queues.station, startToCloseTimeout: '15 seconds', retry: patient });

/** A file of a hundred thousand lines is read for some seconds, and tells of itself meanwhile; one that went silent is begun again. */
export const statements = remote({
  taskQueue: queues.business,
  startToCloseTimeout: '10 minutes',
  heartbeatTimeout: '1 minute',
  retry: { ...patient, maximumInterval: '30 seconds' },
});

/** Some invoices at a time, each with its files, from a service that may be slow. */
export const invoicing = remote({ taskQueue: queues.business, startToCloseTimeout: '2 minutes', retry: patient });

/** The first checkpoint reads the end of every chain there is; an attempt that was given up is waited for, not overtaken. */
export const checkpointing = proxyActivities<Activities>({ taskQueue: queues.pki, startToCloseTimeout: '10 minutes', retry: patient });

/** To the second operator: what it does not take within two minutes, a person tells. */
export const delivering = remote({
  taskQueue: queues.business,
  startToCloseTimeout: '30 seconds',
  scheduleToCloseTimeout: '2 minutes',
  retry: patient,
});

/** One message among many: when the operator stays away, the next hour's run tries it again. */
export const reminding = remote({
  taskQueue: queues.business,
  startToCloseTimeout: '30 seconds',
  scheduleToCloseTimeout: '10 minutes',
  retry: patient,
});

/** A Friday's items: an outside system that stays away costs the item this Friday, never the batch. */
export const dispatching = (withinMs: number) =>
  remote({ taskQueue: queues.documents, startToCloseTimeout: '2 minutes', scheduleToCloseTimeout: withinMs, retry: patient });
