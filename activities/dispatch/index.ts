/** A Friday's batch: which letters, binding on the platform, labels and waybills, hand-over. Each step finds what was done before. */
import { calendarDay, carriedReasons, nextDispatchDay, shanghaiDay, tokenNumber, type CarriedReason, type HolidayCalendar } from '#domain';
import { Application, Certificate, DispatchItem } from '#persistence';
import { In, LessThanOrEqual, Not, type EntityManager } from 'typeorm';
import { recordFridayBinding } from '../account-binding/index.js';
import { lockCase, moveCase } from '../casework/index.js';
import type { DocumentDeps, RecordDeps } from '../deps.js';
import { storeDocument } from '../documents.js';

export const dispatchRecordActivities = ({ data, now, holidays }: RecordDeps) => ({
  /** Everything due by this day that has not gone out: also what an outage left behind on earlier Fridays. */
  async openBatch({ day }: { day: string }): Promise<{ items: { itemId: string; applicationId: string }[] }> {
    const items = await data.manager.find(DispatchItem, {
      where: { day: LessThanOrEqual(day), state: Not('handed-over') },
      order: { id: 'ASC' },
    });
    return { items: items.map((item) => ({ itemId: item.id, applicationId: item.applicationId })) };
  },

  /** To the next Friday that is no holiday, with its reason; the agent is told by the case. */
  async carryItem({ itemId, day, reason }: { itemId: string; day: string; reason: CarriedReason }): Promise<void> {
    await data.transaction(async (tx) => carry(tx, { itemId, day, reason }, holidays, now()));
  },

  /** Takes out all that is packed. The same call asked again answers the same letters. */
  async handOverBatch({
    day,
    handOverId,
    staffId,
  }: {
    day: string;
    handOverId: string;
    staffId: string;
  }): Promise<{ applicationIds: string[] }> {
    return data.transaction(async (tx) => {
      const items = await tx.find(DispatchItem, {
        where: { day: LessThanOrEqual(day), state: 'packed' },
        lock: { mode: 'pessimistic_write' },
      });
      for (const item of items) {
        Object.assign(item, { state: 'handed-over', handedOverAt: now(), handedOverBy: staffId, handOverId });
        await tx.save(item);
        const application = await lockCase(tx, item.applicationId);
        const details = { tracking: item.trackingNumber, day };
        await moveCase(
          tx,
          application,
          { waitingFor: 'system' },
          { action: 'dispatch.handed-over', details, actor: { kind: 'staff', id: staffId }, onceKey: 'handed-over' },
          now(),
        );
      }
      const all = await tx.findBy(DispatchItem, { handOverId });
      return { applicationIds: all.map((item) => item.applicationId) };
    });
  },

  async closeBatch({ day }: { day: string }): Promise<{ left: string[] }> {
    return data.transaction(async (tx) => {
      const items = await tx.findBy(DispatchItem, { day: LessThanOrEqual(day), state: Not('handed-over') });
      for (const item of items) await carry(tx, { itemId: item.id, day, reason: 'not-handed-over' }, holidays, now());
      return { left: items.map((item) => item.applicationId) };
    });
  },
});

export const dispatchActivities = ({ data, now, holidays, gateways, documents, objects }: DocumentDeps) => {
  /** The platform and the courier are asked under the same key each time and answer the same: nothing is bound or ordered twice. */
  const bindAll = async (application: Application) => {
    const certificates = await data.manager.find(Certificate, {
      where: { applicationId: application.id, kind: 'signing' },
      order: { index: 'ASC' },
    });
    const { uscc, certificateName, form } = application;
    const bindings: { certificate: Certificate; bindingId: string; initialPassword: string }[] = [];
    for (const certificate of certificates) {
      const idempotencyKey = `${application.id}/bind/${certificate.index}`;
      const answer = await gateways.platform.bind({
        idempotencyKey,
        uscc,
        account: form.roleAccount.account,
        certificateSerial: certificate.serial,
        certificateName,
      });
      bindings.push({ certificate, ...answer });
    }
    return bindings;
  };

  return {
    /** Asks the platform whether the role account is certified, and binds it if so. */
    async bindItem({ itemId }: { itemId: string }): Promise<{ certified: boolean }> {
      const item = await data.manager.findOneByOrFail(DispatchItem, { id: itemId });
      const application = await data.manager.findOneByOrFail(Application, { id: item.applicationId });
      if (item.state !== 'due') return { certified: true };
      const { account } = application.form.roleAccount;
      const { status } = await gateways.platform.roleAccount({ uscc: application.uscc, account });
      if (status !== 'certified') return { certified: false };
      const bindings = await bindAll(application);
      await data.transaction(async (tx) => {
        await tx.update(
          DispatchItem,
          { id: itemId, state: 'due' },
          { state: 'bound', bindingIds: bindings.map((each) => each.bindingId).join(',') },
        );
        const locked = await lockCase(tx, application.id);
        const event = { action: 'dispatch.bound', details: { count: bindings.length }, onceKey: 'bound' } as const;
        if (await moveCase(tx, locked, {}, event, now())) await recordFridayBinding(tx, locked, now());
      });
      return { certified: true };
    },

    /** Labels with the account's one-time password, and the courier's waybill. The password goes onto the label and nowhere else. */
    async packItem({ itemId }: { itemId: string }): Promise<void> {
      const item = await data.manager.findOneByOrFail(DispatchItem, { id: itemId });
      if (item.state !== 'bound') return;
      const application = await data.manager.findOneByOrFail(Application, { id: item.applicationId });
      for (const { certificate, initialPassword } of await bindAll(application)) {
        const label = await documents.tokenLabel({
          ...labelOf(application, certificate),
          account: application.form.roleAccount.account,
          initialPassword,
        });
        await storeDocument(
          data.manager,
          objects,
          { owner: `application/${application.id}`, kind: 'token-label', index: certificate.index },
          label,
          now(),
        );
      }
      const { delivery, organisation } = application.form;
      const waybill = await gateways.courier.createWaybill({
        idempotencyKey: `${application.id}/waybill`,
        receiver: {
          name: delivery.recipient,
          phone: delivery.phone,
          address: delivery.address,
          organisation: organisation.certificateName,
        },
        contents: `数字证书 ${application.form.certificates.count}`,
      });
      await storeDocument(data.manager, objects, { owner: `application/${application.id}`, kind: 'waybill', index: 1 }, waybill.pdf, now());
      await data.transaction(async (tx) => {
        await tx.update(
          DispatchItem,
          { id: itemId, state: 'bound' },
          { state: 'packed', trackingNumber: waybill.trackingNumber, packedAt: now() },
        );
        const locked = await lockCase(tx, application.id);
        await moveCase(tx, locked, {}, { action: 'dispatch.packed', onceKey: 'packed' }, now());
      });
    },

    async printDispatchList({ day }: { day: string }): Promise<void> {
      const items = await data.manager.find(DispatchItem, {
        where: { day: LessThanOrEqual(day), state: In(['packed', 'handed-over']) },
        order: { id: 'ASC' },
      });
      const rows = [];
      for (const item of items.filter((each) => each.state === 'packed' || each.day === day)) {
        const { number, certificateName, form } = await data.manager.findOneByOrFail(Application, { id: item.applicationId });
        for (let index = 1; index <= form.certificates.count; index += 1) {
          rows.push({
            applicationNumber: number,
            organisation: certificateName,
            tokenNumber: tokenNumber(number, index),
            account: form.roleAccount.account,
            trackingNumber: item.trackingNumber ?? undefined,
          });
        }
      }
      const dayReason = holidays.isPublished(Number(day.slice(0, 4))) ? '每周五集中寄送' : '每周五集中寄送（放假安排尚未公布，暂定）';
      const list = await documents.dispatchList({ day, dayReason, rows, generatedAt: now().toISOString() });
      await storeDocument(data.manager, objects, { owner: `dispatch/${day}`, kind: 'dispatch-list', index: 1 }, list, now());
    },

    /** The tag that hangs on the token from the moment it is written; the account's password comes with the Friday label. */
    async printTokenLabel({ applicationId, index }: { applicationId: string; index: number }): Promise<void> {
      const application = await data.manager.findOneByOrFail(Application, { id: applicationId });
      const certificate = await data.manager.findOneByOrFail(Certificate, { applicationId, index, kind: 'signing' });
      const label = await documents.tokenLabel({ ...labelOf(application, certificate), account: application.form.roleAccount.account });
      await storeDocument(data.manager, objects, { owner: `application/${applicationId}`, kind: 'token-tag', index }, label, now());
    },
  };
};

async function carry(
  tx: EntityManager,
  { itemId, day, reason }: { itemId: string; day: string; reason: CarriedReason },
  holidays: HolidayCalendar,
  at: Date,
) {
  const item = await tx.findOneOrFail(DispatchItem, { where: { id: itemId }, lock: { mode: 'pessimistic_write' } });
  if (item.state === 'handed-over' || item.day > day) return;
  const next = nextDispatchDay(calendarDay(day), holidays);
  await tx.update(DispatchItem, { id: itemId }, { day: next.day, carriedReason: reason, timesCarried: item.timesCarried + 1 });
  const application = await lockCase(tx, item.applicationId);
  application.dispatchDay = next.day;
  application.dispatchReason = carriedReasons[reason].zh;
  const details = { day: next.day, from: day, reason: carriedReasons[reason].zh, reasonEn: carriedReasons[reason].en };
  await moveCase(tx, application, {}, { action: 'dispatch.carried', details, onceKey: `carried/${next.day}` }, at);
}

function labelOf(application: Application, certificate: Certificate) {
  return {
    tokenNumber: tokenNumber(application.number, certificate.index),
    certificateName: application.certificateName,
    notBefore: shanghaiDay(certificate.notBefore),
    notAfter: shanghaiDay(certificate.notAfter),
  };
}
