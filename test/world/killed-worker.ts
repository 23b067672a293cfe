/**
 * Stops an activity at one of its writes, as a worker does that is killed there: what was committed stays, what was not is gone, and
 * nobody is told. Other activities of the same process go on.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { DataSource, QueryRunner } from 'typeorm';

export interface Death {
  activity: string;
  /** Which token of the case. */
  index?: number;
  /** The position of the write in the activity's own list, and the side of it on which the worker dies. */
  write: number;
  when: 'before' | 'after';
  /**
   * `reported`: the engine hears of it at once and tries again. `silent`: nothing is heard until the attempt times out.
   * `late`: silent too, but the worker was only slow: released, the old attempt goes on beside or after the new one.
   */
  how?: 'reported' | 'silent' | 'late';
}

interface Attempt {
  activity: string;
  writes: string[];
  death: Death | undefined;
  dead: boolean;
}

export class WorkerKilled extends Error {}

export interface KilledWorkers {
  /** Wraps all activities of a queue; to be given as `OfficeOptions.activities`. */
  queue(real: object): object;
  /** The next attempt of this activity for this case dies so. */
  plan(applicationId: string, death: Death): void;
  /** The deaths that have happened, by case. */
  happened(applicationId: string): number;
  /** Writes of the last whole attempt, by activity, e.g. `commit certificate, audit_entry`. */
  writes(applicationId: string, activity: string): readonly string[];
  /** Begins to watch the writes of this connection. */
  watch(data: DataSource): void;
  /** Lets everything go that hangs. Resolves when the late attempts have ended. */
  release(): Promise<void>;
}

export function killedWorkers(): KilledWorkers {
  const current = new AsyncLocalStorage<Attempt>();
  const planned = new Map<string, Death[]>();
  const happened = new Map<string, number>();
  const seen = new Map<string, readonly string[]>();
  const late = new Set<Promise<unknown>>();
  let letGo: () => void = () => undefined;
  const released = new Promise<void>((resolve) => (letGo = resolve));

  const take = (applicationId: string, activity: string, index: number) => {
    const deaths = planned.get(applicationId) ?? [];
    const death = deaths.find((each) => each.activity === activity && (each.index ?? 1) === index);
    planned.set(
      applicationId,
      deaths.filter((each) => each !== death),
    );
    return death;
  };

  const run = async (activity: string, work: (input: Place) => Promise<unknown>, input: Place) => {
    const { index = 1 } = input;
    const applicationId = input.applicationId ?? input.refundId ?? '';
    const attempt: Attempt = { activity, writes: [], death: take(applicationId, activity, index), dead: false };
    if (attempt.death) happened.set(applicationId, (happened.get(applicationId) ?? 0) + 1);
    const done = current.run(attempt, () => work(input));
    if (attempt.death?.how === 'late') late.add(done.catch(() => undefined));
    const answer = await done.catch(async (error: unknown) => {
      if (attempt.dead && attempt.death?.how === 'silent') await released;
      throw error;
    });
    seen.set(`${applicationId}/${activity}`, attempt.writes);
    return answer;
  };

  const dieIf = async (attempt: Attempt, when: Death['when']) => {
    const { death, writes } = attempt;
    // `before` is asked while the write is not in the list yet.
    const at = when === 'before' ? writes.length : writes.length - 1;
    if (!death || attempt.dead || death.when !== when || death.write !== at) return;
    attempt.dead = true;
    if (death.how === 'late') await released;
    else throw new WorkerKilled(`killed ${when} write ${death.write} of ${death.activity}`);
  };

  return {
    queue: (real) =>
      Object.fromEntries(
        Object.entries(real as Record<string, (input: Place) => Promise<unknown>>).map(([name, work]) => [
          name,
          (input: Place) => run(name, work, input),
        ]),
      ),
    plan: (applicationId, death) => void planned.set(applicationId, [...(planned.get(applicationId) ?? []), death]),
    happened: (applicationId) => happened.get(applicationId) ?? 0,
    writes: (applicationId, activity) => seen.get(`${applicationId}/${activity}`) ?? [],
    watch: (data) => {
      const make = data.driver.createQueryRunner.bind(data.driver);
      data.driver.createQueryRunner = (mode) => watched(make(mode), current, dieIf);
    },
    release: async () => {
      letGo();
      await Promise.all(late);
    },
  };
}

/** What an activity is about: a case, or a refund. */
interface Place {
  applicationId?: string;
  refundId?: string;
  index?: number;
}

/** A write is what others can see afterwards: a statement outside a transaction, or a commit with all that went before it. */
function watched(
  runner: QueryRunner,
  current: AsyncLocalStorage<Attempt>,
  dieIf: (attempt: Attempt, when: Death['when']) => Promise<void>,
) {
  const query = runner.query.bind(runner) as (...args: unknown[]) => Promise<unknown>;
  const tables: string[] = [];
  const watching = async (...args: unknown[]) => {
    const attempt = current.getStore();
    const sql = String(args[0]);
    if (!attempt) return query(...args);
    // A dead process says nothing more; its connection is dropped, which rolls back.
    if (attempt.dead && attempt.death?.how !== 'late' && sql !== 'ROLLBACK') throw new WorkerKilled('already killed');
    const table = /^(?:INSERT INTO|UPDATE|DELETE FROM) "(\w+)"/.exec(sql)?.[1];
    const verb = sql.split(' ')[0]?.toLowerCase() ?? '';
    if (table && runner.isTransactionActive) tables.push(table);
    const write =
      sql === 'COMMIT' ? `commit ${tables.splice(0).join(', ')}` : table && !runner.isTransactionActive ? `${verb} ${table}` : null;
    if (write === null) return query(...args);
    await dieIf(attempt, 'before');
    const answer = await query(...args);
    attempt.writes.push(write);
    await dieIf(attempt, 'after');
    return answer;
  };
  return Object.assign(runner, { query: watching });
}
