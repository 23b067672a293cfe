/** A program of ours in a process of its own, beside the measurement, once it says that it is ready. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface Apart {
  pid: number;
  stop(): Promise<void>;
  kill(): void;
}

/**
 * @param program relative to the folder of the measurements, e.g. `./bare/worker.js`
 * @param hear what it prints, line by line
 */
export async function startApart(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  hear: (line: string) => void = () => undefined,
): Promise<Apart> {
  const path = fileURLToPath(new URL(`../${program}`, import.meta.url));
  const child = spawn(process.execPath, [path, ...args], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const gone = new Promise<void>((settle) => child.once('close', () => settle()));
  await new Promise<void>((ready, fail) => {
    createInterface({ input: child.stdout }).on('line', (line) => (line.includes('worker ready') ? ready() : hear(line)));
    void gone.then(() => fail(new Error(`${program} ended before it was ready`)));
  });
  return { pid: child.pid ?? 0, stop: async () => (child.kill('SIGTERM'), gone), kill: () => void child.kill('SIGKILL') };
}
