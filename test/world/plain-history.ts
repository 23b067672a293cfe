/** A history as its workflow and our workers read it: every text in it, with payloads decrypted. For tests that search it. */
import { payloadCodec } from '#temporal';
import type { WorkflowHandle } from '@temporalio/client';
import type { Payload } from '@temporalio/common';
import type { Office } from './office.js';

export async function textsOf(office: Office, handle: WorkflowHandle): Promise<string[]> {
  const { payloadKey } = office.settings.temporal;
  const decode = async (payload: Payload) => (payloadKey ? ((await payloadCodec(payloadKey).decode([payload]))[0] ?? payload) : payload);
  const read = async (value: unknown): Promise<string[]> => {
    if (typeof value === 'string') return [value];
    if (value instanceof Uint8Array) return [Buffer.from(value).toString('utf8')];
    if (typeof value !== 'object' || value === null) return [];
    if (isPayload(value)) return [Buffer.from((await decode(value)).data ?? []).toString('utf8')];
    return (await Promise.all(Object.values(value).map(read))).flat();
  };
  return read(await handle.fetchHistory());
}

const isPayload = (value: object): value is Payload => 'metadata' in value && 'data' in value && value.data instanceof Uint8Array;
