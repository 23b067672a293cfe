/** Keeps a set of processes alive and stops them in order. */
import { Child, type ChildSpec, type ChildSurroundings, type Clock } from './child.js';
import { LaunchError } from './failure.js';
import { openLog } from './log-file.js';

export type { ChildSpec, Clock, Readiness } from './child.js';

const READY_WITHIN_MS = 60_000;

/** Those that need others stop before them. Together less than the ten seconds that Ctrl-C may take. */
const STOP_ORDER = [
  { holds: (name: string) => name !== 'temporal' && name !== 'postgres', withinMs: 6_000 },
  { holds: (name: string) => name === 'temporal', withinMs: 1_500 },
  { holds: (name: string) => name === 'postgres', withinMs: 2_000 },
];

const realClock: Clock = {
  now: () => performance.now(),
  after: (ms, callback) => {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};

export interface SupervisorOptions {
  logFolder: string;
  /** Told of every death and return. */
  report: (line: string) => void;
  /** Told after each start of a process, so that a later launcher can find what this one left behind. */
  changed?: (processes: readonly RunningProcess[]) => void;
  clock?: Clock;
}

export interface RunningProcess {
  name: string;
  pid: number;
}

export class Supervisor {
  private readonly children: Child[] = [];
  private stopped: Promise<void> | undefined;

  constructor(private readonly options: SupervisorOptions) {
    // The launcher itself may end by an error of its own: nothing may outlive it.
    process.once('exit', this.killAll);
  }

  /** Starts it and waits until it is ready. */
  async start(spec: ChildSpec): Promise<void> {
    if (this.stopped) throw new LaunchError(`${spec.name} is not started: Xinyin is stopping.`);
    const around: ChildSurroundings = {
      clock: this.options.clock ?? realClock,
      log: openLog(this.options.logFolder, spec.name),
      report: this.options.report,
      spawned: () => this.options.changed?.(this.running()),
    };
    const child = new Child(spec, around);
    this.children.push(child);
    child.launch();
    const withinMs = spec.readyWithinMs ?? READY_WITHIN_MS;
    const deadline = setTimeout(() => child.giveUp(`${spec.name} was not ready after ${withinMs / 1000} s.`), withinMs);
    try {
      await child.started;
    } finally {
      clearTimeout(deadline);
    }
  }

  running(): RunningProcess[] {
    return this.children.flatMap(({ spec, pid }) => (pid === undefined ? [] : [{ name: spec.name, pid }]));
  }

  /** Ends every process, in order; called twice it waits for the same end. */
  stop(): Promise<void> {
    this.stopped ??= this.stopInOrder();
    return this.stopped;
  }

  readonly killAll = (): void => {
    for (const child of this.children) child.kill();
  };

  private async stopInOrder(): Promise<void> {
    for (const { holds, withinMs } of STOP_ORDER) {
      await Promise.all(this.children.filter(({ spec }) => holds(spec.name)).map((child) => child.stop(withinMs)));
    }
    process.removeListener('exit', this.killAll);
  }
}
