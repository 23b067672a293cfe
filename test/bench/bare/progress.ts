/**
 * How far bare workflows are, by the activities they have done: a decision is sent when the workflow has come to where it waits for one, as
 * people see a case arrive. Sent earlier, several would fall into one workflow task.
 */
export interface Progress {
  did(workflowId: string): void;
  /** Resolves when the workflow has done so many activities. */
  reached(workflowId: string, count: number): Promise<void>;
}

export function createProgress(): Progress {
  const counts = new Map<string, number>();
  const waiting = new Map<string, { count: number; go: () => void }>();
  const look = (workflowId: string) => {
    const one = waiting.get(workflowId);
    if (!one || (counts.get(workflowId) ?? 0) < one.count) return;
    waiting.delete(workflowId);
    one.go();
  };
  return {
    did(workflowId) {
      counts.set(workflowId, (counts.get(workflowId) ?? 0) + 1);
      look(workflowId);
    },
    reached: (workflowId, count) =>
      new Promise((go) => {
        waiting.set(workflowId, { count, go });
        look(workflowId);
      }),
  };
}

/** What a worker in a process of its own says of an activity. */
export const didLine = (workflowId: string) => `did ${workflowId}`;
export const workflowIn = (line: string): string | null => /^did (.+)$/.exec(line)?.[1] ?? null;
