/** The engine of an office for tests: a namespace of its own on the run's server, or the server that skips time. */
import { randomUUID } from 'node:crypto';
import { registerSearchAttributes } from '#temporal';
import { searchAttributes } from '#workflows/contract';
import { Connection } from '@temporalio/client';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { timeSkippingServer } from './index.js';

export interface OfficeEngine {
  address: string;
  namespace: string;
  /** Lets the engine's time run ahead; only on the server that skips time. */
  skip(ms: number): Promise<void>;
  /** The time by which its timers run. */
  now(): Promise<Date>;
  close(): Promise<void>;
}

export async function namespaceOn(address: string): Promise<OfficeEngine> {
  const namespace = `office-${randomUUID()}`;
  const connection = await Connection.connect({ address });
  try {
    await connection.workflowService.registerNamespace({
      namespace,
      workflowExecutionRetentionPeriod: { seconds: 86_400 as unknown as never },
    });
    await registerSearchAttributes(connection, namespace);
  } finally {
    await connection.close();
  }
  const skip = () => Promise.reject(new Error('this office’s engine keeps real time: open it with engine: time-skipping'));
  return { address, namespace, skip, now: () => Promise.resolve(new Date()), close: () => Promise.resolve() };
}

/** `IndexedValueType` of Temporal's API (temporal/api/enums/v1/common.proto). */
const INDEXED_AS = { KEYWORD: 2, DATETIME: 6 } as const;

/** The SDK gives the server five seconds to start; where other things run too, a Java machine takes longer. */
export async function startSkippingServer(triesLeft = 7): Promise<TestWorkflowEnvironment> {
  const server = { executable: { type: 'existing-path', path: timeSkippingServer() } } as const;
  return TestWorkflowEnvironment.createTimeSkipping({ server }).catch((error: unknown) => {
    if (triesLeft <= 1) throw error;
    return startSkippingServer(triesLeft - 1);
  });
}

/** Its time runs as the wall's does but for `skip`. It cannot list search attributes, so they are registered by name here. */
export async function skippingEngine(): Promise<OfficeEngine> {
  const env = await startSkippingServer();
  const namespace = env.namespace ?? 'default';
  const wanted: Record<string, number> = {};
  for (const { name, type } of Object.values(searchAttributes)) wanted[name] = INDEXED_AS[type];
  await env.connection.operatorService.addSearchAttributes({ namespace, searchAttributes: wanted });
  const now = async () => new Date(await env.currentTimeMs());
  return { address: env.address, namespace, skip: (ms) => env.sleep(ms), now, close: () => env.teardown() };
}
