/** Cases that were marked as late before there were tasks for them: each is one, the same that a run would have opened. */
import { Application, createDataSource, lateTask, StaffTask } from '#persistence';
import type { DataSource } from 'typeorm';
import { freshDatabase } from '../world/database.js';

const TASKS = 1764000000024;
const SINCE = '2026-03-02T04:00:00.120Z';
const MARKED = '2026-03-06T00:15:00.000Z';
const LATE = '0198c0de-0000-7000-8000-0000000000b1';
const IN_TIME = '0198c0de-0000-7000-8000-0000000000b2';

describe('the late cases of an installation that has worked before', () => {
  let data: DataSource;
  beforeAll(async () => {
    data = createDataSource({ url: await freshDatabase(), applicationName: 'spec', poolSize: 1 });
    await data.initialize();
    const later = data.migrations.filter(({ name }) => Number(name?.slice(-13)) >= TASKS);
    data.migrations.splice(0, data.migrations.length, ...data.migrations.filter((each) => !later.includes(each)));
    await data.runMigrations();
    // Drafts are of no matter here: their keys are not looked at.
    await data.query('SET session_replication_role = replica');
    for (const [id, number, overdueSince] of [
      [LATE, 'XB-1', MARKED],
      [IN_TIME, 'XB-2', null],
    ] as const)
      await data.query(
        `INSERT INTO application (id, draft_id, number, business, system, channel, idempotency_key, submitted_by_phone, submitted_at, additional,
           form, certificate_name, uscc, agent_phone, stage, waiting_for, stage_since, overdue_since, version)
         VALUES ($1::uuid, $1::uuid, $2, 'new', 'any', 'online', $2, '1', $3, false, '{}', '成都旧案医药有限公司', '91510100MA62000110', '1',
           'review', 'reviewer', $3, $4, 1)`,
        [id, number, SINCE, overdueSince],
      );
    await data.query('SET session_replication_role = origin');
    data.migrations.push(...later);
    await data.runMigrations();
  }, 60_000);
  afterAll(() => data.destroy());

  it('are open tasks since their mark, and would be opened by no run a second time', async () => {
    const tasks = await data.manager.find(StaffTask);
    expect(tasks).toMatchObject([
      {
        ...{ kind: 'case-overdue', subject: `application/${LATE}/review/2026-03-02T04:00:00.120Z`, applicationId: LATE, why: 'review' },
        ...{ openedAt: new Date(MARKED), claimedBy: null, doneAt: null, note: null },
      },
    ]);
    const application = await data.manager.findOneByOrFail(Application, { id: LATE });
    expect(lateTask(application, new Date(MARKED)).subject).toBe(tasks[0]?.subject);
  });
});
