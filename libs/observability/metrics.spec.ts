import { createMetrics } from './metrics.js';

describe('metrics', () => {
  it('are told in the text form of Prometheus', async () => {
    const { registry, refusals, requests, activities } = createMetrics();
    refusals.inc({ code: 'USCC_CHECK_DIGIT' });
    requests.observe({ method: 'GET', route: '/api/v1/applications/:id', status: '200' }, 0.04);
    activities.observe({ activity: 'recordDecision', result: 'done' }, 4);
    const text = await registry.metrics();
    expect(text).toContain('xinyin_refusals_total{code="USCC_CHECK_DIGIT"} 1');
    expect(text).toContain('xinyin_http_request_seconds_bucket{le="0.05",method="GET",route="/api/v1/applications/:id",status="200"} 1');
    expect(text).toContain('xinyin_http_request_seconds_bucket{le="0.02",method="GET",route="/api/v1/applications/:id",status="200"} 0');
    expect(text).toContain('xinyin_activity_seconds_sum{activity="recordDecision",result="done"} 4');
  });

  it('of two processes in one program do not meet', async () => {
    const [one, other] = [createMetrics(), createMetrics()];
    one.refusals.inc({ code: 'NOT_FOUND' });
    expect(await other.registry.metrics()).not.toContain('NOT_FOUND');
  });

  it('refuse a label that is not of the list, such as a phone', () => {
    const { refusals } = createMetrics();
    expect(() => refusals.inc({ code: 'NOT_FOUND', phone: '13800138000' } as { code: string })).toThrow(/phone/);
  });
});
