/** Connections to the engine. */
import { Client, Connection } from '@temporalio/client';

export interface EngineAddress {
  address: string;
  namespace: string;
}

export interface Engine {
  client: Client;
  close(): Promise<void>;
}

export async function connectEngine({ address, namespace }: EngineAddress): Promise<Engine> {
  const connection = await Connection.connect({ address, connectTimeout: '10s' });
  return { client: new Client({ connection, namespace }), close: () => connection.close() };
}

/** Connects at first use, so that a process can start while the engine is away. */
export function lazyEngine({ address, namespace }: EngineAddress): Engine {
  const connection = Connection.lazy({ address, connectTimeout: '10s' });
  return { client: new Client({ connection, namespace }), close: () => connection.close() };
}
