/** The bank takes a payment back in the middle of issuing, before any certificate: nothing is issued until it has been paid again. */
import { Certificate, StaffAccount } from '#persistence';
import { caseWorkflowId, queues, resumeCase, reversalWorkflowId, workflowTypes } from '#workflows/contract';
import { casesOf } from '../world/cases.js';
import { issuedFor, issuedOnce } from '../world/issued.js';
import { openOffice, type Office } from '../world/office.js';

describe('a credit taken back before anything is issued', () => {
  let office: Office;
  beforeAll(async () => {
    office = await openOffice({ workers: false });
    // The desk with the tokens is closed for now: issuing begins, and waits.
    await office.startWorkers(['business', 'documents', 'pki']);
  }, 120_000);
  afterAll(() => office.close(), 60_000);

  it('D money: the case is parked, no certificate is made; paid again and resumed, it is issued once', async () => {
    const cases = casesOf(office);
    const filed = await cases.awaitingPayment({ name: '成都途中冲正医药有限公司' });
    const { id: creditId } = await cases.pay(filed);
    await cases.reach(filed, 'issuance');
    const { engine } = office;
    await engine.client.workflow.execute(workflowTypes.reverseCredit, {
      workflowId: reversalWorkflowId(creditId),
      taskQueue: queues.business,
      args: [{ creditId }],
    });
    await office.startWorkers(['station']);
    await office.until(async () => ((await cases.row(filed)).parkedReason === 'ORDER_OPEN' ? true : null), 'the case to be parked');
    expect(await office.data.manager.countBy(Certificate, { applicationId: filed.id })).toBe(0);

    await cases.pay(filed);
    const handle = engine.client.workflow.getHandle(caseWorkflowId(filed.id));
    const { id: by } = await office.data.manager.findOneByOrFail(StaffAccount, { username: 'operator' });
    await handle.executeUpdate(resumeCase, { args: [{ reason: 'cause-mended', by }] });
    await cases.reach(filed, 'dispatch');
    const { serials, ...issued } = await issuedFor(office, filed);
    expect(issued).toEqual(issuedOnce());
    expect(serials).toEqual({ given: 2, different: 2 });
  }, 60_000);
});
