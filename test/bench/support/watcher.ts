/** Sees cases arrive at their stages: one query for all that are waited for, and seldom, for watching is not what is measured. */
import type { Stage } from '#domain';
import type { Office } from '../../world/office.js';

export interface Watcher {
  /** The case stands at the stage. At the stage a business begins with, it stands from its submission on: `opened` waits for the workflow. */
  reached(id: string, stage: Stage): Promise<void>;
  opened(id: string, stage: Stage): Promise<void>;
  stop(): void;
}

interface Awaited {
  id: string;
  stage: Stage;
  opened: boolean;
  found: () => void;
}

export function watcher(office: Office, everyMs: number): Watcher {
  let waiting: Awaited[] = [];
  let looking = false;
  const timer = setInterval(() => void look(), everyMs);
  async function look() {
    if (looking || waiting.length === 0) return;
    looking = true;
    const ids = waiting.map(({ id }) => id);
    const rows: { id: string; stage: Stage; waiting_for: string }[] = await office.data.query(
      'SELECT id, stage, waiting_for FROM application WHERE id = ANY($1)',
      [ids],
    );
    const arrived = waiting.filter((each) =>
      rows.some(({ id, stage, waiting_for }) => id === each.id && stage === each.stage && (!each.opened || waiting_for !== 'system')),
    );
    waiting = waiting.filter((each) => !arrived.includes(each));
    for (const { found } of arrived) found();
    looking = false;
  }
  const wait = (id: string, stage: Stage, opened: boolean) => new Promise<void>((found) => waiting.push({ id, stage, opened, found }));
  return {
    reached: (id, stage) => wait(id, stage, false),
    opened: (id, stage) => wait(id, stage, true),
    stop: () => clearInterval(timer),
  };
}
