/**
 * The SDK's own download of a server. It can only be had by starting that server, and a download cannot be called off, so it happens in
 * a process of its own that is ended when it takes too long.
 */
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isProgram } from './programs.js';

export type SdkServer = 'dev-server' | 'time-skipping';

const WITHIN_MS = 20_000;

/** @returns the path of the program, in `folder` */
export async function downloadWithSdk(kind: SdkServer, folder: string, signal?: AbortSignal): Promise<string> {
  const script = fileURLToPath(import.meta.url).replace(/sdk-download\.([jt]s)$/, 'sdk-download-process.$1');
  const said = await runToEnd([...process.execArgv, script, kind, folder], signal);
  const program = readdirSync(folder)
    .map((name) => join(folder, name))
    .find((path) => isProgram(path) && !path.endsWith('.downloading'));
  if (program === undefined) throw new Error(`SDK download: ${said || `no answer within ${WITHIN_MS / 1000} s`}`);
  return program;
}

function runToEnd(args: string[], signal?: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'], timeout: WITHIN_MS, killSignal: 'SIGKILL', signal });
    let said = '';
    child.stderr.on('data', (chunk) => (said += String(chunk)));
    child.once('error', reject);
    child.once('close', (code) => {
      const reason = /failed to download[^:]*: ([^\n]{0,120})/.exec(said)?.[1] ?? said.trim().split('\n').at(-1) ?? '';
      return code === 0 ? resolve('') : resolve(reason);
    });
  });
}
