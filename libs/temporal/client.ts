/** Connections to the engine. */
import { Client, Connection } from '@temporalio/client';
import { payloadCodec } from './payload-codec.js';

export interface EngineAddress {
  address: string;
  namespace: string;
  /** 32 bytes with which payloads are encrypted; absent where nobody's history is kept, as in a test of workflows alone. */
  payloadKey?: Buffer;
}

export interface Engine {
  client: Client;
  close(): Promise<void>;
}

export async function connectEngine({ address, namespace, payloadKey }: EngineAddress): Promise<Engine> {
  const connection = await Connection.connect({ address, connectTimeout: '10s' });
  return { client: new Client({ connection, namespace, ...converter(payloadKey) }), close: () => connection.close() };
}

/** Connects at first use, so that a process can start while the engine is away. */
export function lazyEngine({ address, namespace, payloadKey }: EngineAddress): Engine {
  const connection = Connection.lazy({ address, connectTimeout: '10s' });
  return { client: new Client({ connection, namespace, ...converter(payloadKey) }), close: () => connection.close() };
}

/** For clients and workers alike: both sides of a history have to agree. */
export const converter = (payloadKey: Buffer | undefined) =>
  payloadKey === undefined ? {} : { dataConverter: { payloadCodecs: [payloadCodec(payloadKey)] } };
