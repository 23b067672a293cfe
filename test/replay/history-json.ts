/** A history as JSON, one event a line: without the machine it ran on, and searchable for what must not be in it. */
import type { WorkflowHandle } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
export interface HistoryJson {
  events: { [name: string]: Json }[];
}

export async function historyOf(handle: WorkflowHandle): Promise<HistoryJson> {
  const history = JSON.parse(historyToJSON(await handle.fetchHistory())) as HistoryJson;
  return { events: history.events.map((event) => withoutMachine(event) as { [name: string]: Json }) };
}

export const written = ({ events }: HistoryJson) => `{"events":[\n${events.map((event) => JSON.stringify(event)).join(',\n')}\n]}\n`;

/** A worker's identity and its sticky queue say process and host: nothing a replay needs. */
function withoutMachine(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutMachine);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => {
      if (name === 'identity') return [name, 'worker'];
      if (name === 'taskQueue' && isSticky(each)) return [name, { ...each, name: 'sticky' }];
      return [name, withoutMachine(each)];
    }),
  );
}

const isSticky = (queue: Json): queue is { [name: string]: Json } =>
  queue !== null && typeof queue === 'object' && !Array.isArray(queue) && queue['kind'] === 'TASK_QUEUE_KIND_STICKY';

/** Every text in a history, also what its payloads hold; instants left out, whose digits may look like a code. */
export function textsIn(value: Json): string[] {
  if (typeof value === 'string') return isInstant(value) ? [] : [value, Buffer.from(value, 'base64').toString('utf8')];
  if (value === null || typeof value !== 'object') return [];
  return Object.values(value).flatMap(textsIn);
}

const isInstant = (text: string) => /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(text);
