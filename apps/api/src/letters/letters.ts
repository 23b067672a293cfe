/** Letters that did not arrive: sent again to a corrected address, or, lost in the post, to be replaced without a fee. */
import {
  calendarDay,
  deliveries,
  isProvisional,
  nextDispatchDay,
  provisionalMark,
  receiverProblems,
  requirePhone,
  resendingOf,
  sameReceiver,
  shanghaiDay,
  XinyinError,
  type CorrectedReceiver,
} from '#domain';
import { appendAudit, Application, Certificate, DispatchBatch, DispatchItem, FreeReissue, officeCalendar } from '#persistence';
import { Injectable } from '@nestjs/common';
import { IsNull, MoreThanOrEqual, type EntityManager } from 'typeorm';
import { refuse } from '../drafts/drafts.service.js';
import type { Staff } from '../platform/access.js';
import { ApiContext } from '../platform/context.js';

@Injectable()
export class Letters {
  constructor(private readonly context: ApiContext) {}

  async read(number: string) {
    const { manager } = this.context.data;
    const { application, item } = await letterOf(manager, number);
    const reissues = await manager.findBy(FreeReissue, { applicationId: application.id });
    return {
      number,
      day: item.day,
      provisional: isProvisional(calendarDay(item.day), await this.context.calendar()),
      state: item.state,
      trackingNumber: item.trackingNumber,
      delivery: item.delivery && { code: item.delivery, ...deliveries[item.delivery], at: item.deliveryAt?.toISOString() ?? '' },
      sendings: item.sendings,
      freeReissues: reissues.map(({ serial, usedBy }) => ({ serial, used: usedBy !== null })),
    };
  }

  /**
   * What came back goes out again on the next Friday, bound as it is, under a waybill of its own. Asked again, it is the same sending; to another
   * receiver, it goes there.
   */
  async resend({ staffId }: Staff, number: string, given: CorrectedReceiver): Promise<{ day: string; provisional: boolean }> {
    const { data, holidays, now } = this.context;
    refuse(receiverProblems(given, now()));
    const receiver = { ...given, phone: requirePhone(given.phone, 'phone') };
    return data.transaction(async (tx) => {
      const { application, item } = await letterOf(tx, number, 'to change');
      const waits = item.state !== 'handed-over' && item.sendings > 1;
      const calendar = await officeCalendar(tx, holidays);
      const asItStands = { day: item.day, provisional: isProvisional(calendarDay(item.day), calendar) };
      if (waits && sameReceiver(item.correctedReceiver, receiver)) return asItStands;
      const batchAtWork = await tx.existsBy(DispatchBatch, { day: MoreThanOrEqual(item.day), closedAt: IsNull() });
      const what = resendingOf({ ...item, batchAtWork });
      if (typeof what === 'object') throw new XinyinError(what.refused);
      if (what === 'readdress') {
        await this.readdress(tx, item, receiver, staffId);
        return asItStands;
      }
      const { day, provisional } = nextDispatchDay(shanghaiDay(now()), calendar);
      const mark = provisionalMark({ provisional });
      const sendings = item.sendings + 1;
      const again = {
        state: 'bound',
        day,
        sendings,
        correctedReceiver: receiver,
        trackingNumber: null,
        delivery: null,
        deliveryAt: null,
      } as const;
      const anew = { packedAt: null, handedOverAt: null, handOverId: null, handedOverBy: null, carriedFrom: shanghaiDay(now()) };
      await tx.update(DispatchItem, { id: item.id }, { ...again, ...anew, carriedReason: null });
      await appendAudit(tx, {
        ...{ subject: `application/${application.id}`, at: now(), actor: { kind: 'staff', id: staffId }, action: 'parcel.resent' },
        // The address stands in the row; the audit holds no personal data.
        ...{ details: { day, sending: sendings, mark: mark.zh, markEn: mark.en }, onceKey: `resent/${sendings}` },
      });
      return { day, provisional };
    });
  }

  /** One that was packed and left over loses its waybill: it gets another when it is packed again. */
  private async readdress(tx: EntityManager, item: DispatchItem, receiver: CorrectedReceiver, staffId: string): Promise<void> {
    const unpacked = { state: 'bound', trackingNumber: null, packedAt: null } as const;
    await tx.update(DispatchItem, { id: item.id }, { ...unpacked, correctedReceiver: receiver });
    await appendAudit(tx, {
      ...{ subject: `application/${item.applicationId}`, at: this.context.now(), actor: { kind: 'staff', id: staffId } },
      ...{ action: 'parcel.readdressed', details: { sending: item.sendings } },
    });
  }

  /** For each certificate of the letter one reissue without a fee. The case itself is entered by a clerk and decided by a reviewer. */
  async grantReissue({ staffId: grantedBy }: Staff, number: string): Promise<void> {
    const { data, now } = this.context;
    await data.transaction(async (tx) => {
      const { application, item } = await letterOf(tx, number, 'to change');
      if (item.delivery !== 'lost') throw new XinyinError('PARCEL_NOT_LOST');
      const { id: applicationId } = application;
      const certificates = await tx.findBy(Certificate, { applicationId, kind: 'signing' });
      const rows = certificates.map(({ serial }) => ({ serial, applicationId, grantedBy, grantedAt: now(), usedBy: null }));
      await tx.createQueryBuilder().insert().into(FreeReissue).values(rows).orIgnore().execute();
      await appendAudit(tx, {
        ...{ subject: `application/${applicationId}`, at: now(), actor: { kind: 'staff', id: grantedBy } },
        ...{ action: 'parcel.reissue-granted', details: { count: rows.length }, onceKey: 'reissue-granted' },
      });
    });
  }
}

async function letterOf(tx: EntityManager, number: string, why?: 'to change') {
  // Anything else is no number, and a database may not even take it as text.
  const application = /^[\w-]{1,40}$/.test(number) ? await tx.findOneBy(Application, { number }) : null;
  const lock = why === 'to change' ? { lock: { mode: 'pessimistic_write' as const } } : {};
  const item = application && (await tx.findOne(DispatchItem, { where: { applicationId: application.id }, ...lock }));
  if (!application || !item) throw new XinyinError('NOT_FOUND');
  return { application, item };
}
