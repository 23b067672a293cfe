/** Prometheus metrics: one registry a process. */
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

export interface Metrics {
  registry: Registry;
  /** Labels are route patterns, methods, codes: never ids, so that the number of series stays small. */
  requests: Histogram<'method' | 'route' | 'status'>;
  activities: Histogram<'activity' | 'result'>;
  refusals: Counter<'code'>;
  /** Cases that are late in their stage, as of the last look. */
  overdue: Gauge<'stage'>;
  /** What operators reported of messages, and what our rule made of it. */
  receipts: Counter<'provider' | 'finding'>;
  /** Messages given to an operator within the last day, by what became of them. */
  messages: Gauge<'provider' | 'state'>;
  /** Tasks that nobody has done. */
  openTasks: Gauge<'kind'>;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const buckets = [0.005, 0.02, 0.05, 0.1, 0.3, 1, 3, 10];
  return {
    registry,
    requests: new Histogram({
      name: 'xinyin_http_request_seconds',
      help: 'HTTP requests',
      labelNames: ['method', 'route', 'status'],
      buckets,
      registers: [registry],
    }),
    activities: new Histogram({
      name: 'xinyin_activity_seconds',
      help: 'Activities',
      labelNames: ['activity', 'result'],
      buckets,
      registers: [registry],
    }),
    overdue: new Gauge({ name: 'xinyin_cases_overdue', help: 'Cases late in their stage', labelNames: ['stage'], registers: [registry] }),
    receipts: new Counter({
      name: 'xinyin_sms_receipts_total',
      help: 'Receipts of SMS operators',
      labelNames: ['provider', 'finding'],
      registers: [registry],
    }),
    messages: new Gauge({
      name: 'xinyin_sms_messages_last_day',
      help: 'SMS given to an operator within a day',
      labelNames: ['provider', 'state'],
      registers: [registry],
    }),
    openTasks: new Gauge({ name: 'xinyin_tasks_open', help: 'Tasks that nobody has done', labelNames: ['kind'], registers: [registry] }),
    refusals: new Counter({ name: 'xinyin_refusals_total', help: 'Refusals by code', labelNames: ['code'], registers: [registry] }),
  };
}
