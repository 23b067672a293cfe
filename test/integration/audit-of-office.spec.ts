/** The audit of an office at work: its checkpoints are taken by the Schedule's workflow, and verified by the program that `ops audit` runs. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AuditCheckpoint, checkpointLine, type AuditFinding, type AuditSummary } from '#persistence';
import { queues, schedules, workflowTypes, type CheckpointResult } from '#workflows/contract';
import { ensureSchedules } from '../../apps/worker/src/schedules.js';
import { casesOf, type Cases, type FiledCase } from '../world/cases.js';
import { openOffice, type Office } from '../world/office.js';
import { startProcess } from '../world/own-process.js';
import { tamper } from './audit-world.js';

describe('the audit of an office', () => {
  let office: Office;
  let cases: Cases;
  let filed: FiledCase;
  beforeAll(async () => {
    office = await openOffice();
    cases = casesOf(office);
    filed = await cases.awaitingPayment({ name: '成都审计医药有限公司' });
  }, 120_000);
  afterAll(() => office.close(), 60_000);

  const checkpoint = async (run: string): Promise<CheckpointResult> => {
    const options = { workflowId: `audit-checkpoint/${run}`, taskQueue: queues.business, args: [] };
    return (await office.engine.client.workflow.execute(workflowTypes.checkpointAudit, options)) as CheckpointResult;
  };
  const checkpoints = () => office.data.manager.find(AuditCheckpoint, { order: { number: 'ASC' } });
  const copy = () => readFileSync(join(office.settings.folders.audit, 'checkpoints.jsonl'), 'utf8');

  /** As `npm run ops -- audit` does, in a process that has no passphrase. */
  async function verify(): Promise<{ findings: AuditFinding[]; summary: AuditSummary }> {
    const { XINYIN_PKI_PASSPHRASE: _kept, ...environment } = office.environment;
    const program = startProcess('apps/worker/src/verify-audit.ts', [], environment);
    await program.line('"summary"');
    const told = program
      .said()
      .split('\n')
      .map((line) => JSON.parse(line) as { finding?: AuditFinding; summary?: AuditSummary });
    const [summary] = told.flatMap((line) => line.summary ?? []);
    if (!summary) throw new Error(program.said());
    return { findings: told.flatMap((line) => line.finding ?? []), summary };
  }

  it('is tied together by the workflow, and holds', async () => {
    const taken = await checkpoint('first');
    expect(taken).toMatchObject({ number: 1, fresh: true });
    await cases.pay(filed);
    await cases.reach(filed, 'dispatch');
    const next = await checkpoint('second');
    expect(next).toMatchObject({ number: 2, fresh: true });
    expect(next.entries).toBeGreaterThan(taken.entries);
    expect(copy()).toBe((await checkpoints()).map((row) => `${checkpointLine(row)}\n`).join(''));
    const { findings, summary } = await verify();
    expect(findings).toEqual([]);
    expect(summary).toMatchObject({ checkpoints: 2, findings: 0 });
  }, 60_000);

  it('taken by a workflow when nothing happened since is the last one again', async () => {
    const [last, again] = [await checkpoint('third'), await checkpoint('fourth')];
    expect(again).toEqual({ ...last, fresh: false });
  });

  it('whose case lost its last entries is broken, and only that case', async () => {
    const subject = `application/${filed.id}`;
    const [{ seq }] = (await office.data.query('SELECT max(seq) AS seq FROM audit_entry WHERE subject = $1', [subject])) as [
      { seq: number },
    ];
    await tamper(office.data, ['DELETE FROM audit_entry WHERE subject = $1 AND seq >= $2', [subject, seq - 1]]);
    const { findings, summary } = await verify();
    expect(findings).toEqual([{ of: 'chain', subject, seq: seq - 1, what: 'missing' }]);
    expect(summary.findings).toBe(1);
  }, 60_000);

  it('has a Schedule that ties it together every hour of Shanghai', async () => {
    await ensureSchedules(office.engine.client);
    const { spec, action, info } = await office.engine.client.schedule.getHandle(schedules.auditCheckpoint).describe();
    expect(spec.timezone).toBe('Asia/Shanghai');
    expect(action).toMatchObject({ type: 'startWorkflow', workflowType: 'checkpointAudit', taskQueue: 'business' });
    const [first, second] = info.nextActionTimes;
    expect([first?.getUTCMinutes(), Number(second) - Number(first)]).toEqual([0, 3_600_000]);
  });
});
