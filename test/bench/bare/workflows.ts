/**
 * The bound that cases are measured against: as many activities, updates, signals and timers, doing nothing. A new certificate with its
 * Friday is written out here; what the other businesses do, their histories tell.
 */
import {
  condition,
  defineSignal,
  defineUpdate,
  getExternalWorkflowHandle,
  proxyActivities,
  proxyLocalActivities,
  setHandler,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import { queues, searchAttributes, type Queue } from '#workflows/contract';
import type { Script } from './steps.js';

interface Nothing {
  nothing(): Promise<void>;
}
const on = (queue: Queue) => proxyActivities<Nothing>({ taskQueue: queues[queue], startToCloseTimeout: '30 seconds' });
const records = proxyLocalActivities<Nothing>({ startToCloseTimeout: '15 seconds' });

export const decide = defineUpdate<void, [{ decisionId: string }]>('decide');
export const credited = defineSignal<[{ creditId: string }]>('credited');
export const noticed = defineSignal<[{ step: string }]>('noticed');

export async function bareCase(): Promise<void> {
  let decided = false;
  let paid = false;
  let out = false;
  setHandler(decide, async () => {
    await records.nothing();
    decided = true;
  });
  setHandler(credited, () => void (paid = true));
  setHandler(noticed, ({ step }) => void (out ||= step === 'handed-over'));
  await records.nothing(); // openPhoneVerification
  await records.nothing(); // openReview
  await condition(() => decided);
  await records.nothing(); // openOrder
  await on('business').nothing(); // SMS: approved
  await condition(() => paid, '30 days');
  await records.nothing(); // confirmPayment
  await on('business').nothing(); // SMS: paid
  await records.nothing(); // startIssuance
  await on('station').nothing(); // key and request
  await on('pki').nothing(); // certificates
  await on('pki').nothing(); // seal
  await on('station').nothing(); // write
  await on('documents').nothing(); // tag
  await records.nothing(); // completeApplication
  await on('business').nothing(); // SMS: completed
  await Promise.all([invoice(), condition(() => out)]);
  await on('business').nothing(); // SMS: dispatched
  await records.nothing(); // closeCase
}

async function invoice(): Promise<void> {
  await on('business').nothing();
  await on('business').nothing();
}

export async function bareCredit({ caseId }: { caseId: string }): Promise<void> {
  await records.nothing();
  await getExternalWorkflowHandle(caseId).signal(credited, { creditId: 'c' });
}

export async function bareBatch({ caseIds }: { caseIds: string[] }): Promise<void> {
  let handedOver = false;
  let packed = false;
  setHandler(decide, async () => {
    await condition(() => packed);
    await records.nothing();
    await Promise.all(caseIds.map((id) => getExternalWorkflowHandle(id).signal(noticed, { step: 'handed-over' })));
    handedOver = true;
  });
  await records.nothing();
  const waiting = [...caseIds];
  const hand = async () => {
    for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
      await on('documents').nothing(); // bind
      await on('documents').nothing(); // pack
      await getExternalWorkflowHandle(id).signal(noticed, { step: 'packed' });
    }
  };
  await Promise.all(Array.from({ length: 8 }, hand));
  await on('documents').nothing(); // list
  packed = true;
  await condition(() => handedOver, '3 days');
  await records.nothing();
}

/** As many attributes as a case sets at each stage. */
function mark(): void {
  upsertSearchAttributes([
    { key: searchAttributes.stage, value: 'review' },
    { key: searchAttributes.waitingFor, value: 'reviewer' },
    { key: searchAttributes.dueAt, value: new Date() },
  ]);
}

export async function bareScript({ steps, told }: Script): Promise<void> {
  const decisions = steps.flatMap((step) => (step.do === 'update' ? [step.records] : []));
  let taken = 0;
  let updates = 0;
  let signals = 0;
  setHandler(decide, async () => {
    const count = decisions[taken++] ?? 0;
    for (let done = 0; done < count; done += 1) await records.nothing();
    updates += 1;
  });
  setHandler(credited, () => void (signals += 1));

  let [updatesDue, signalsDue] = [0, 0];
  let timer = false;
  const until = async (met: () => boolean) => {
    if (timer) await condition(met, '30 days');
    else await condition(met);
    timer = false;
  };
  for (const step of steps) {
    if (step.do === 'record') await records.nothing();
    else if (step.do === 'activity') await on(step.queue).nothing();
    else if (step.do === 'tell') await getExternalWorkflowHandle(told ?? '').signal(credited, { creditId: 'c' });
    else if (step.do === 'timer') timer = true;
    else if (step.do === 'mark') mark();
    else if (step.do === 'update') {
      updatesDue += 1;
      await until(() => updates >= updatesDue);
    } else {
      signalsDue += 1;
      await until(() => signals >= signalsDue);
    }
  }
}
