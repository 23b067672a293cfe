/** One supervised process: started, watched until it answers, started again when it dies, stopped with a deadline. */
import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { LaunchError, reasonOf } from './failure.js';
import type { LogFile } from './log-file.js';

/** How we know that a process does its work: an address answers 2xx, it prints a line with these words, or a probe says so. */
export type Readiness = { url: string } | { line: string } | { probe: () => Promise<boolean> };

export interface ChildSpec {
  name: string;
  command: string;
  args: string[];
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  uid?: number;
  gid?: number;
  ready: Readiness;
  /** How long until it must be ready, the first time. */
  readyWithinMs?: number;
  stopSignal?: NodeJS.Signals;
}

export interface Clock {
  now(): number;
  /** Calls back after `ms`; the returned function takes that back. */
  after(ms: number, callback: () => void): () => void;
}

export interface ChildSurroundings {
  clock: Clock;
  log: LogFile;
  report: (line: string) => void;
  spawned: (name: string, pid: number) => void;
}

const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 30_000;
/** So long healthy, and the next death counts as the first. */
const HEALTHY_AFTER_MS = 60_000;
const GIVE_UP_STARTING_AFTER = 3;
const POLL_MS = 100;
/** The last words of a dead process may still be in the pipe. */
const LAST_WORDS_MS = 200;

export class Child {
  private process: ChildProcess | undefined;
  private stopping = false;
  private wasReady = false;
  private readySince: number | undefined;
  private deaths = 0;
  private lastLines: string[] = [];
  private cancelRestart: () => void = () => undefined;
  private settle!: { resolve: () => void; reject: (error: Error) => void };
  /** Resolves when it is ready for the first time. */
  readonly started: Promise<void>;

  constructor(
    readonly spec: ChildSpec,
    private readonly around: ChildSurroundings,
  ) {
    this.started = new Promise((resolve, reject) => (this.settle = { resolve, reject }));
    // Whoever waits gets the rejection; nobody waiting must not end the launcher.
    this.started.catch(() => undefined);
  }

  get pid(): number | undefined {
    return this.process?.pid;
  }

  launch(): void {
    const { command, args, env, cwd, uid, gid, name } = this.spec;
    const begun = this.around.clock.now();
    // A group of its own: the terminal's Ctrl-C must reach the launcher only, or Postgres would go before the applications.
    const child = spawn(command, args, { env, cwd, uid, gid, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    this.process = child;
    this.lastLines = [];
    let heard: (line: string) => void = () => undefined;
    const spokeReady = new Promise<void>((resolve) => {
      heard = (line) => 'line' in this.spec.ready && line.includes(this.spec.ready.line) && resolve();
    });
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        this.around.log.write(line);
        this.lastLines = [...this.lastLines.slice(-19), line];
        heard(line);
      });
    }
    const gone = new Promise<string>((resolve) => {
      child.once('error', (error) => resolve(`could not be started: ${reasonOf(error)}`));
      child.once('exit', (code, signal) => resolve(signal === null ? `exit code ${code}` : `signal ${signal}`));
    });
    if (child.pid !== undefined) {
      this.around.log.write(`launcher: started as process ${child.pid}`);
      this.around.spawned(name, child.pid);
    }
    void this.watch(child, gone, spokeReady, begun);
  }

  private async watch(child: ChildProcess, gone: Promise<string>, spokeReady: Promise<void>, begun: number): Promise<void> {
    let alive = true;
    const death = gone.then((reason) => ((alive = false), reason));
    const ready = this.untilReady(() => alive, spokeReady).then(() => undefined);
    if ((await Promise.race([ready, death])) === undefined && alive) this.becameReady(begun);
    const reason = await death;
    await Promise.race([new Promise((resolve) => child.once('close', resolve)), new Promise((r) => setTimeout(r, LAST_WORDS_MS).unref())]);
    this.died(reason);
  }

  private async untilReady(alive: () => boolean, spokeReady: Promise<void>): Promise<void> {
    const { ready } = this.spec;
    if ('line' in ready) return spokeReady;
    const answers = 'probe' in ready ? ready.probe : () => answersWell(ready.url);
    while (alive() && !(await answers().catch(() => false))) await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }

  private becameReady(begun: number): void {
    this.readySince = this.around.clock.now();
    if (this.wasReady) this.around.report(`${this.spec.name} is back after ${((this.readySince - begun) / 1000).toFixed(1)} s.`);
    this.wasReady = true;
    this.settle.resolve();
  }

  private died(reason: string): void {
    const { clock, log, report } = this.around;
    this.process = undefined;
    log.write(`launcher: ended, ${reason}`);
    if (this.stopping) return;
    if (this.readySince !== undefined && clock.now() - this.readySince >= HEALTHY_AFTER_MS) this.deaths = 0;
    this.readySince = undefined;
    const words = this.lastLines.at(-1);
    const told = `${this.spec.name} stopped (${reason})${words === undefined ? '' : `: ${words}`}`;
    this.deaths += 1;
    if (!this.wasReady && this.deaths >= GIVE_UP_STARTING_AFTER) return this.giveUp(`${told}\nIt did so ${this.deaths} times.`);
    const delay = Math.min(FIRST_DELAY_MS * 2 ** (this.deaths - 1), LONGEST_DELAY_MS);
    report(`${told}\n  It starts again in ${delay / 1000} s. Its log: ${log.path}`);
    this.cancelRestart = clock.after(delay, () => this.launch());
  }

  /** Ends the attempts to start it, with what it said last. */
  giveUp(why: string): void {
    const said = this.lastLines.map((line) => `    ${line}`).join('\n');
    this.settle.reject(new LaunchError(`${why}\nIts last lines (${this.around.log.path}):\n${said || '    (none)'}`));
  }

  /** Asks it to end, and ends it when it has not done so in time. */
  async stop(withinMs: number): Promise<void> {
    this.stopping = true;
    this.cancelRestart();
    this.settle.reject(new LaunchError(`${this.spec.name} was stopped before it was ready.`));
    const child = this.process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill(this.spec.stopSignal ?? 'SIGTERM');
    const deadline = setTimeout(() => this.kill(), withinMs);
    await gone;
    clearTimeout(deadline);
    // What it started and did not end: a browser, for example.
    this.killGroup(child.pid);
    this.process = undefined;
  }

  /** At once, with everything it started. */
  kill(): void {
    this.killGroup(this.process?.pid);
  }

  private killGroup(pid: number | undefined): void {
    if (pid === undefined) return;
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // The group is empty: nothing was left behind.
    }
  }
}

async function answersWell(url: string): Promise<boolean> {
  const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
  await response.body?.cancel();
  return response.ok;
}
