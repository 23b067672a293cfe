/** A decision under way while the worker is killed, or sent while there is none: recorded once, applied once, and answered when sent again. */
import { AuditEntry, FeeOrder, LedgerPosting, ReviewDecision, WindowPayment } from '#persistence';
import { jest } from '@jest/globals';
import type { Person } from '../../apps/launcher/src/demo/person.js';
import { casesOf, type Cases } from '../world/cases.js';
import { FEW_PAPERS, openDesk, type Desk } from '../world/desk.js';
import { openGate } from '../world/gate.js';
import { openOffice, type Office } from '../world/office.js';
import { startWorker, type OwnProcess } from '../world/own-process.js';

jest.setTimeout(180_000);
const YEAR_MS = 365 * 86_400_000;

describe('a decision, and a worker that is gone', () => {
  let office: Office;
  let cases: Cases;
  let desk: Desk;
  let worker: OwnProcess;
  const leave: (() => Promise<unknown>)[] = [];
  beforeAll(async () => {
    office = await openOffice({ workers: false });
    await office.startWorkers(['documents', 'pki', 'station']);
    worker = await startWorker('business', office.environment);
    cases = casesOf(office);
    desk = await openDesk(office);
  }, 180_000);
  afterAll(async () => {
    for (const each of leave) await each();
    await worker.kill();
    await office.close();
  }, 60_000);

  const times = (id: string, action: string) => office.data.manager.countBy(AuditEntry, { subject: `application/${id}`, action });
  /** Sent as often as wanted, the same decision each time. */
  const decision = (person: Person, path: string, json: object) => {
    const headers = { 'Idempotency-Key': person.key() };
    return () => person.attempt('POST', path, { json, headers });
  };
  /** As whoever sent it does: again, until it is answered. */
  const untilTaken = (send: ReturnType<typeof decision>) =>
    office.until(async () => {
      const { status, body } = await send();
      if (status !== 204 && status !== 503) throw new Error(`refused: ${status} ${JSON.stringify(body)}`);
      return status === 204 ? true : null;
    }, 'the decision to be taken');
  /** The worker dies in the middle of writing what is sent; another comes. What the first answer was is not certain. */
  async function killedAt(rows: string, send: ReturnType<typeof decision>, asItWasLeft: () => Promise<void>): Promise<void> {
    const gate = await openGate(office);
    leave.push(gate.open);
    await gate.holdAt(rows);
    const first = send();
    await gate.somebodyWaits(1);
    await worker.kill();
    await gate.open();
    await asItWasLeft();
    worker = await startWorker('business', office.environment);
    expect([204, 503]).toContain((await first).status);
  }
  const inReview = async (name: string) => {
    const filed = await cases.file({ name });
    const reviewer = await cases.claim(filed);
    return { filed, send: decision(reviewer, `/api/v1/reviews/${filed.id}/decision`, { outcome: 'approved', reasons: [] }) };
  };
  const expectApprovedOnce = async (id: string) => {
    expect(await times(id, 'review.approved')).toBe(1);
    const decisions = await office.data.manager.findBy(ReviewDecision, { applicationId: id });
    expect(decisions.map(({ appliedAt }) => appliedAt !== null)).toEqual([true]);
    expect(await office.data.manager.countBy(FeeOrder, { applicationId: id })).toBe(1);
  };

  it('killed while a review is applied: it is applied once', async () => {
    const { filed, send } = await inReview('成都审核中断医药有限公司');
    await killedAt('UPDATE ON review_decision FOR EACH ROW WHEN (NEW.applied_at IS NOT NULL)', send, async () => {
      expect(await cases.row(filed)).toMatchObject({ stage: 'review', waitingFor: 'reviewer' });
      expect(await times(filed.id, 'review.approved')).toBe(0);
      expect(await office.data.manager.findBy(ReviewDecision, { applicationId: filed.id })).toMatchObject([{ appliedAt: null }]);
    });
    await untilTaken(send);
    await cases.reach(filed, 'payment');
    expect((await send()).status).toBe(204);
    expect(await cases.received(filed, 'review-approved')).toHaveLength(1);
    await expectApprovedOnce(filed.id);
  });

  it('killed while a payment at the window is written down: it is taken once', async () => {
    const holder = await desk.holder(new Date(office.clock.now().getTime() + YEAR_MS));
    const clerk = await desk.who('clerk');
    const draft = await desk.draft(clerk, 'reissue', holder, { cause: 'lost' }, FEW_PAPERS);
    // Whatever the hour and the day of this run.
    expect((await desk.keyed('supervisor', `${draft}/hours-waiver`, { reason: '演练' })).status).toBe(204);
    const { id } = await desk.file(clerk, draft);
    await desk.reach(id, 'window-payment');
    const send = decision(clerk, `/api/v1/window/${id}/payment`, desk.slip(5_000));
    await killedAt('INSERT ON window_payment FOR EACH ROW', send, async () => {
      expect(await office.data.manager.findOneByOrFail(FeeOrder, { applicationId: id })).toMatchObject({ status: 'open', receivedFen: 0 });
      expect(await times(id, 'window.paid')).toBe(0);
    });
    await untilTaken(send);
    await desk.reach(id, 'review');
    expect((await send()).status).toBe(204);
    expect(await times(id, 'window.paid')).toBe(1);
    const order = await office.data.manager.findOneByOrFail(FeeOrder, { applicationId: id });
    expect(order).toMatchObject({ status: 'paid', receivedFen: 5_000 });
    expect(await office.data.manager.countBy(WindowPayment, { orderId: order.id })).toBe(1);
    expect(await office.data.manager.countBy(LedgerPosting, { onceKey: `window/${order.id}` })).toBe(1);
  });

  it('sent while there is no worker, and again while it comes back: it is applied once', async () => {
    const { filed, send } = await inReview('成都无人医药有限公司');
    await worker.kill();
    const first = send();
    const recorded = () => office.data.manager.findOneBy(ReviewDecision, { applicationId: filed.id });
    await office.until(recorded, 'the decision’s row');
    const coming = startWorker('business', office.environment);
    const second = send();
    worker = await coming;
    for (const { status } of await Promise.all([first, second])) expect([204, 503]).toContain(status);
    await untilTaken(send);
    await cases.reach(filed, 'payment');
    expect((await send()).status).toBe(204);
    expect(await cases.received(filed, 'review-approved')).toHaveLength(1);
    await expectApprovedOnce(filed.id);
  });
});
