/** 重发发票链接: made and sent, once, by one run. Rules: decisions 0041 and 0047. */
import { invoiceLinkWorkflowId, workflowTypes } from '#workflows/contract';
import { openSkippingWorld, type SkippingWorld } from './skipping-world.js';

const INPUT = { id: 'sending-1', applicationId: 'case-1', invoiceId: 'invoice-1', by: 'staff-1' };

describe('a new link that staff sends to the agent', () => {
  let world: SkippingWorld;
  beforeAll(async () => {
    world = await openSkippingWorld();
  }, 120_000);
  afterEach(() => world.forget());
  afterAll(() => world.close());
  const run = () => world.start(workflowTypes.sendInvoiceLink, invoiceLinkWorkflowId(INPUT.id), [INPUT]);

  it('is made, and then sent', async () => {
    await (await run()).result();
    expect(world.calls.map(({ activity, input }) => [activity, input])).toEqual([
      ['renewInvoiceLink', INPUT],
      ['sendSms', { applicationId: 'case-1', template: 'invoice-link', onceKey: 'invoice-link/sending-1', invoiceId: 'invoice-1' }],
    ]);
  });

  it('is sent under the same occasion however often the operator stays away', async () => {
    let tries = 0;
    world.answer({
      sendSms: () => {
        tries += 1;
        return tries < 3 ? Promise.reject(world.error('GATEWAY_UNAVAILABLE')) : Promise.resolve();
      },
    });
    await (await run()).result();
    expect(world.inputs('renewInvoiceLink')).toHaveLength(1);
    expect(world.inputs('sendSms').map(({ onceKey }) => onceKey)).toEqual(Array.from({ length: 3 }, () => 'invoice-link/sending-1'));
  });
});
