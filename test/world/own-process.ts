/** A process of ours as production runs it, from sources, that a test may kill. */
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';

const root = resolve(import.meta.dirname, '../..');

export interface OwnProcess {
  pid: number;
  /** All it has said so far, on both streams. */
  said(): string;
  /** True until it has ended. */
  alive(): boolean;
  /** Resolves with a line that holds these words. */
  line(words: string): Promise<string>;
  /** At once and without a last word, as a power cut would. Resolves when it is gone. */
  kill(): Promise<void>;
}

/** @param program e.g. `apps/api/src/main.ts` */
export function startProcess(program: string, args: readonly string[], env: NodeJS.ProcessEnv): OwnProcess {
  const runner = ['--conditions=source', '--import', '@swc-node/register/esm-register', program, ...args];
  const child = spawn(process.execPath, runner, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const lines: string[] = [];
  const awaited: { words: string; tell: (line: string) => void; fail: (error: Error) => void }[] = [];
  for (const stream of [child.stdout, child.stderr])
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line);
      for (const each of awaited) if (line.includes(each.words)) each.tell(line);
    });
  const gone = new Promise<void>((settle) => child.once('close', () => settle()));
  void gone.then(() =>
    awaited.forEach(({ words, fail }) => fail(new Error(`it ended before it said "${words}": ${lines.slice(-5).join('\n')}`))),
  );
  return {
    pid: child.pid ?? 0,
    said: () => lines.join('\n'),
    alive: () => child.exitCode === null && child.signalCode === null,
    line: (words) => {
      const said = lines.find((line) => line.includes(words));
      return said === undefined ? new Promise((tell, fail) => awaited.push({ words, tell, fail })) : Promise.resolve(said);
    },
    kill: async () => {
      child.kill('SIGKILL');
      await gone;
    },
  };
}

/** The API as a process of its own, and where it listens. */
export async function startApi(env: NodeJS.ProcessEnv): Promise<OwnProcess & { url: string }> {
  const api = startProcess('apps/api/src/main.ts', [], env);
  const { url } = JSON.parse(await api.line('api ready')) as { url: string };
  return { ...api, url };
}

/** A worker as a process of its own, once it serves its queues. */
export async function startWorker(queues: string, env: NodeJS.ProcessEnv): Promise<OwnProcess> {
  const worker = startProcess('apps/worker/src/main.ts', ['--queues', queues], env);
  await worker.line('worker ready');
  return worker;
}
