/** Over real processes; only the clock is ours, so that nobody waits. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Supervisor, type ChildSpec, type Clock } from './supervisor.js';

const folder = mkdtempSync(join(tmpdir(), 'xinyin-supervisor-'));
const supervisors: Supervisor[] = [];
afterAll(async () => {
  await Promise.all(supervisors.map((supervisor) => supervisor.stop()));
  rmSync(folder, { recursive: true, force: true });
});

/** Restarts happen when the test says so; `delays` is what was asked for. */
function handClock() {
  const pending: (() => void)[] = [];
  const delays: number[] = [];
  let time = 0;
  const waiters: (() => void)[] = [];
  const clock: Clock = {
    now: () => time,
    after: (ms, callback) => {
      delays.push(ms);
      pending.push(callback);
      waiters.splice(0).forEach((wake) => wake());
      return () => void pending.splice(pending.indexOf(callback), 1);
    },
  };
  const died = async () => {
    if (pending.length === 0) await new Promise<void>((wake) => waiters.push(wake));
  };
  return { clock, delays, died, restart: () => pending.shift()?.(), pass: (ms: number) => (time += ms) };
}

function supervise(clock: Clock) {
  const reports: string[] = [];
  let changed: () => void = () => undefined;
  const supervisor = new Supervisor({ logFolder: folder, report: (line) => (reports.push(line), changed()), clock });
  supervisors.push(supervisor);
  const reported = async (words: string) => {
    while (!reports.some((line) => line.includes(words))) await new Promise<void>((resolve) => (changed = resolve));
  };
  return { supervisor, reports, reported };
}

const program = (name: string, script: string): ChildSpec => ({
  name,
  command: process.execPath,
  args: ['-e', script],
  env: process.env,
  ready: { line: 'here I am' },
});
const STAYS = "console.log('here I am'); setInterval(() => {}, 1000);";

function kill(supervisor: Supervisor): void {
  for (const { pid } of supervisor.running()) process.kill(pid, 'SIGKILL');
}

describe('Supervisor', () => {
  it('names a process that died, with the reason, and starts it again', async () => {
    const { clock, died, restart } = handClock();
    const { supervisor, reports, reported } = supervise(clock);
    await supervisor.start(program('archive', STAYS));
    kill(supervisor);
    await died();
    restart();
    await reported('archive is back');
    expect(reports[0]).toContain('archive stopped (signal SIGKILL)');
    expect(reports[0]).toContain('It starts again in 0.5 s');
    expect(supervisor.running().map(({ name }) => name)).toEqual(['archive']);
  });

  it('waits 0.5 s, then twice as long each time, at most 30 s', async () => {
    const { clock, delays, died, restart } = handClock();
    const { supervisor } = supervise(clock);
    const spec = program('gone', STAYS);
    await supervisor.start(spec);
    // From now on every attempt dies at once.
    spec.command = join(folder, 'no-such-program');
    kill(supervisor);
    await died();
    for (let attempt = 1; attempt < 8; attempt += 1) {
      restart();
      await died();
    }
    expect(delays).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
  });

  it('counts from the beginning after a minute of health', async () => {
    const { clock, delays, died, restart, pass } = handClock();
    const { supervisor, reported, reports } = supervise(clock);
    await supervisor.start(program('healthy', STAYS));
    for (const healthyMs of [1_000, 1_000, 60_000]) {
      pass(healthyMs);
      kill(supervisor);
      await died();
      restart();
      await reported('healthy is back');
      reports.length = 0;
    }
    expect(delays).toEqual([500, 1_000, 500]);
  });

  it('gives up a start that dies three times, with its last lines', async () => {
    const { clock, died, restart } = handClock();
    const { supervisor } = supervise(clock);
    const started = supervisor.start(program('hopeless', "console.error('the disk is full'); process.exit(3);"));
    const failure = expect(started).rejects.toThrow(/hopeless stopped \(exit code 3\): the disk is full\nIt did so 3 times/);
    await died();
    restart();
    await died();
    restart();
    await failure;
  });

  it('gives up a start that says nothing in time', async () => {
    const { supervisor } = supervise(handClock().clock);
    const silent = { ...program('silent', 'setInterval(() => {}, 1000);'), readyWithinMs: 50 };
    await expect(supervisor.start(silent)).rejects.toThrow('silent was not ready after 0.05 s.');
  });

  it('keeps what a process says in a log of its own, each line with its name', async () => {
    const { supervisor } = supervise(handClock().clock);
    await supervisor.start(program('speaker', STAYS));
    await supervisor.stop();
    expect(readFileSync(join(folder, 'speaker.log'), 'utf8')).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z speaker \| here I am$/m);
  });

  it('ends the applications before Temporal and Temporal before Postgres', async () => {
    const { supervisor } = supervise(handClock().clock);
    const order = join(folder, 'order');
    const noting = (name: string) =>
      program(
        name,
        `process.on('SIGTERM', () => { require('fs').appendFileSync(${JSON.stringify(order)}, '${name} '); process.exit(0); }); ${STAYS}`,
      );
    await Promise.all(['postgres', 'temporal', 'api'].map((name) => supervisor.start(noting(name))));
    await supervisor.stop();
    expect(readFileSync(order, 'utf8')).toBe('api temporal postgres ');
    expect(supervisor.running()).toEqual([]);
  });
});
