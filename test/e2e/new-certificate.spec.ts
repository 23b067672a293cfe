/** 证书新办, the whole case through the public HTTP API and the sandbox, as people live it. */
import { liveThrough } from '../../apps/launcher/src/demo/story.js';
import { createTeller } from '../../apps/launcher/src/demo/teller.js';
import { openOffice, type Office } from '../world/office.js';

describe('a new certificate, online', () => {
  let office: Office;
  beforeAll(async () => {
    office = await openOffice();
  }, 120_000);
  afterAll(async () => office.close(), 60_000);

  it('goes from the draft to the courier, and every step is on its timeline', async () => {
    const teller = createTeller(() => undefined);
    const story = await liveThrough(office, office.sandbox, teller, { name: '成都端到端医药有限公司' });
    const timeline = await story.agent.get<{ action: string }[]>(`/api/v1/applications/${story.id}/timeline`);
    const actions = timeline.map((entry) => entry.action).filter((action) => action !== 'sms.sent');
    expect(actions.filter((action) => action !== 'invoice.ordered')).toEqual([
      'application.submitted',
      'phone.code-sent',
      'phone.verified',
      'review.opened',
      'review.claimed',
      'review.approved',
      'payment.ordered',
      'payment.credited',
      'payment.confirmed',
      'issuance.started',
      'certificate.issued',
      'seal.made',
      'token.written',
      'application.completed',
      'dispatch.bound',
      'dispatch.packed',
      'dispatch.handed-over',
      'case.closed',
    ]);
    expect(actions).toContain('invoice.ordered');
  }, 120_000);
});
