/** Letters of an office for tests: completed when the test says, and what became of them. */
import { batchBegins, calendarDay, mayBegin, type AuditAction } from '#domain';
import { AuditEntry, DispatchBatch, DispatchItem, Token } from '#persistence';
import { casesOf, type FiledCase } from './cases.js';
import { openOffice, type Office, type OfficeOptions } from './office.js';

interface Batch {
  day: string;
  provisional: boolean;
  items: { number: string; state: string; timesCarried: number }[];
}
type Complete = (input: { applicationId: string; completedAt: string }) => Promise<unknown>;

export type Fridays = Awaited<ReturnType<typeof openFridays>>;

/** The last token written says when a case was completed; here it was written when the test wants. */
export async function openFridays(options: OfficeOptions = {}) {
  let completedAt = '';
  const office: Office = await openOffice({
    ...options,
    activities: {
      business: (real) => {
        const { completeApplication, ...others } = real as { completeApplication: Complete };
        return {
          ...others,
          completeApplication: async (input: Parameters<Complete>[0]) => {
            const { applicationId } = input;
            await office.data.manager.update(Token, { applicationId }, { writtenAt: new Date(completedAt) });
            return completeApplication({ ...input, completedAt });
          },
        };
      },
    },
  });
  return { office, ...lettersOf(office, (at) => (completedAt = at)) };
}

/** By itself before any Friday of these tests, however late the test comes to say so. */
export const LONG_CERTIFIED = new Date('2026-01-01T00:00:00.000Z');

/** A Friday that is over by the clock was begun in time, and is run again. */
export async function begunInTime(office: Office, day: string): Promise<void> {
  const openedAt = batchBegins(calendarDay(day));
  const batch = { day, openedAt, closedAt: openedAt };
  if (!mayBegin(calendarDay(day), office.clock.now()))
    await office.data.createQueryBuilder().insert().into(DispatchBatch).values(batch).orIgnore().execute();
}

function lettersOf(office: Office, completeAt: (at: string) => void) {
  const cases = casesOf(office);
  const certify = (filed: FiledCase, since?: string) => cases.certify(filed, since === undefined ? LONG_CERTIFIED : new Date(since));
  /** Completed at this instant, and waiting for its Friday. */
  const completed = async (name: string, at: string, { certified = false } = {}): Promise<FiledCase> => {
    const filed = await cases.awaitingPayment({ name });
    if (certified) await certify(filed);
    completeAt(at);
    await cases.pay(filed);
    await cases.reach(filed, 'dispatch');
    return filed;
  };
  const item = (filed: FiledCase) => office.data.manager.findOneByOrFail(DispatchItem, { applicationId: filed.id });
  const becomes = (filed: FiledCase, want: Partial<DispatchItem>) =>
    office.until(
      async () => {
        const found = await item(filed);
        return Object.entries(want).every(([name, value]) => found[name as keyof DispatchItem] === value) ? found : null;
      },
      `${filed.number} to be ${JSON.stringify(want)}`,
    );
  const run = async (day: string) => {
    await begunInTime(office, day);
    await (await cases.desk('dispatcher')).post(`/api/v1/dispatches/${day}`);
  };
  const batch = async (day: string) => (await cases.desk('dispatcher')).get<Batch>(`/api/v1/dispatches/${day}`);
  const tryHandOver = async (day: string, key: string) =>
    (await cases.desk('dispatcher')).attempt('POST', `/api/v1/dispatches/${day}/hand-over`, {
      json: {},
      headers: { 'Idempotency-Key': key },
    });
  /** The list is still being printed for a moment after the last letter is packed. */
  const handOver = async (day: string) =>
    office.until(async () => {
      const { status, body } = await tryHandOver(day, (await cases.desk('dispatcher')).key());
      return status === 200 ? (body as { handedOver: number }).handedOver : null;
    }, 'the hand-over');
  const recorded = (filed: FiledCase, action: AuditAction) =>
    office.data.manager.countBy(AuditEntry, { subject: `application/${filed.id}`, action });
  const outside = async <T>(path: string): Promise<T[]> => (await (await fetch(`${office.sandbox.base}${path}`)).json()) as T[];
  const bindings = async ({ form }: FiledCase) =>
    (await outside<{ uscc: string }>('/platform/bindings')).filter(({ uscc }) => uscc === form.organisation.uscc);
  const waybills = async ({ form }: FiledCase) =>
    (await outside<{ trackingNumber: string; receiver: { organisation: string; address: string } }>('/courier/waybills')).filter(
      ({ receiver }) => receiver.organisation === form.organisation.certificateName,
    );
  return { cases, certify, completed, item, becomes, run, batch, tryHandOver, handOver, recorded, bindings, waybills };
}
