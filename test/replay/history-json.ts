/** A history as JSON, one event a line: without the machine it ran on, and searchable for what must not be in it. */
import type { WorkflowHandle } from '@temporalio/client';
import type { History } from '@temporalio/common/lib/proto-utils.js';
import proto from '@temporalio/proto';

// Not the SDK's own `historyToJSON`: it wants the very protobufjs that made its types, and an installation may hold it several times.
const { History: message } = proto.temporal.api.history.v1;

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
export type HistoryJson = { events: { [name: string]: Json }[] };

export async function historyOf(handle: WorkflowHandle): Promise<HistoryJson> {
  const history = message.fromObject(await handle.fetchHistory());
  return withoutMachine(message.toObject(history, { longs: String, enums: String, bytes: String })) as unknown as HistoryJson;
}

/** As a replay takes it. */
export const fromJson = (history: HistoryJson): History => message.fromObject(history);

export const written = ({ events }: HistoryJson) => `{"events":[\n${events.map((event) => JSON.stringify(event)).join(',\n')}\n]}\n`;

/** A worker's identity and its sticky queue say process and host, a failure's stack says paths: nothing a replay needs. */
function withoutMachine(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutMachine);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => {
      if (name === 'identity') return [name, 'worker'];
      if (name === 'stackTrace') return [name, ''];
      if (name === 'taskQueue' && isSticky(each)) return [name, { ...each, name: 'sticky' }];
      return [name, withoutMachine(each)];
    }),
  );
}

const isSticky = (queue: Json): queue is { [name: string]: Json } =>
  queue !== null && typeof queue === 'object' && !Array.isArray(queue) && queue['kind'] === 'TASK_QUEUE_KIND_STICKY';

/** Every text in a history, also what its payloads hold. */
export function textsIn(value: Json): string[] {
  if (typeof value === 'string') return [value, Buffer.from(value, 'base64').toString('utf8')];
  if (value === null || typeof value !== 'object') return [];
  return Object.values(value).flatMap(textsIn);
}
