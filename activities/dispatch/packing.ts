/** What is done for each letter at the platform, the printer and the courier. Asked again, each answers what it answered before. */
import { createHash } from 'node:crypto';
import { calendarDay, certifiedInTime, sameReceiver, type CalendarDay, type CorrectedReceiver } from '#domain';
import { Application, Certificate, DispatchItem, TokenLabel } from '#persistence';
import type { EntityManager } from 'typeorm';
import { recordFridayBinding } from '../account-binding/index.js';
import { lockCase, moveCase } from '../casework/index.js';
import type { DocumentDeps } from '../deps.js';
import { storeDocument } from '../documents.js';
import { lockItem } from './carry.js';
import { labelOf } from './label.js';

export interface LetterBound {
  /** In time for the batch's Friday. */
  certified: boolean;
  /** Certified, and not in time. */
  late?: boolean;
  packed?: boolean;
}
export interface LabelReset {
  applicationId: string;
  index: number;
  reset: number;
  by: string;
}

export const dispatchActivities = (deps: DocumentDeps) => {
  const { data, now, gateways, documents, objects } = deps;
  /** Printed here and now; what is answered keeps it, with whatever else its transaction records. */
  const label = async (application: Application, certificate: Certificate, made: { initialPassword: string; resets: number }) => {
    const { id: applicationId, form } = application;
    const { initialPassword, resets } = made;
    const { index } = certificate;
    const pdf = await documents.tokenLabel({ ...labelOf(application, certificate), account: form.roleAccount.account, initialPassword });
    // Encrypted, until somebody takes it to the printer: once.
    return async (tx: EntityManager) => {
      await storeDocument(tx, objects, { owner: `application/${applicationId}`, kind: 'token-label', index }, pdf, now());
      await tx.upsert(TokenLabel, { applicationId, index, resets, printedAt: null, printedBy: null }, ['applicationId', 'index']);
    };
  };
  /** The initial password is on its way from the platform to the label, and is kept nowhere else. */
  const bindAndLabel = async (application: Application) => {
    const certificates = await signingCertificates(deps, application);
    const { uscc, certificateName, form } = application;
    const { account } = form.roleAccount;
    const bindingIds: string[] = [];
    const keep: ((tx: EntityManager) => Promise<void>)[] = [];
    for (const certificate of certificates) {
      const { index, serial } = certificate;
      const idempotencyKey = `${application.id}/bind/${index}`;
      const { bindingId, initialPassword } = await gateways.platform.bind({
        ...{ idempotencyKey, uscc, account, certificateSerial: serial, certificateName },
      });
      keep.push(await label(application, certificate, { initialPassword, resets: 0 }));
      bindingIds.push(bindingId);
    }
    return { bindingIds, keep };
  };

  const bind = async ({ id, applicationId }: DispatchItem, day: CalendarDay): Promise<'bound' | 'uncertified' | 'certified-late'> => {
    const application = await data.manager.findOneByOrFail(Application, { id: applicationId });
    const { account } = application.form.roleAccount;
    const { status, certifiedAt } = await gateways.platform.roleAccount({ uscc: application.uscc, account });
    if (status !== 'certified') return 'uncertified';
    if (!certifiedInTime(certifiedAt, day)) return 'certified-late';
    const { bindingIds, keep } = await bindAndLabel(application);
    await data.transaction(async (tx) => {
      // The item first: an attempt given up for dead may wake when its successor's label was taken long ago, and would have it taken again.
      const { affected } = await tx.update(DispatchItem, { id, state: 'due' }, { state: 'bound', bindingIds: bindingIds.join(',') });
      if (affected !== 1) return;
      for (const each of keep) await each(tx);
      const locked = await lockCase(tx, applicationId);
      const event = { action: 'dispatch.bound', details: { count: bindingIds.length }, onceKey: 'bound' } as const;
      if (await moveCase(tx, locked, {}, event, now())) await recordFridayBinding(tx, locked, now());
    });
    return 'bound';
  };
  /** The courier's waybill; one for each time the letter is sent, and for each address it was to go to. */
  const pack = async ({ id, applicationId, sendings, correctedReceiver }: DispatchItem): Promise<void> => {
    const application = await data.manager.findOneByOrFail(Application, { id: applicationId });
    const again = sendings > 1 ? `/${sendings}/${digest(correctedReceiver)}` : '';
    const { delivery, organisation, certificates } = application.form;
    const { recipient, phone, address } = correctedReceiver ?? delivery;
    const waybill = await gateways.courier.createWaybill({
      idempotencyKey: `${applicationId}/waybill${again}`,
      receiver: { name: recipient, phone, address, organisation: organisation.certificateName },
      contents: `数字证书 ${certificates.count}`,
    });
    const readdressed = await data.transaction(async (tx) => {
      const item = await lockItem(tx, id);
      // Corrected meanwhile: this waybill leads to where it shall not go.
      if (!sameReceiver(item.correctedReceiver, correctedReceiver)) return item;
      const packed = { state: 'packed', trackingNumber: waybill.trackingNumber, packedAt: now() } as const;
      // A waybill of an earlier sending would be printed for a later one.
      const { affected } = await tx.update(DispatchItem, { id, state: 'bound', sendings }, packed);
      if (affected !== 1) return null;
      await storeDocument(tx, objects, { owner: `application/${applicationId}`, kind: 'waybill', index: 1 }, waybill.pdf, now());
      const locked = await lockCase(tx, applicationId);
      await moveCase(tx, locked, {}, { action: 'dispatch.packed', onceKey: `packed${again}` }, now());
      return null;
    });
    if (readdressed !== null) await pack(readdressed);
  };
  const itemOf = (id: string) => data.manager.findOneByOrFail(DispatchItem, { id });

  return {
    /**
     * Asks the platform whether the role account was certified in time for the batch of that day; if so binds it, prints the label with its one-time password, and has the
     * waybill made. Tried again after the courier failed, it finds the letter bound. Histories of before hold no `packed`: they pack next;
     * their calls name no day: then it is that of the letter.
     */
    async bindItem({ itemId, day }: { itemId: string; day?: string }): Promise<LetterBound> {
      const item = await itemOf(itemId);
      const found = item.state === 'due' ? await bind(item, calendarDay(day ?? item.day)) : 'bound';
      if (found !== 'bound') return { certified: false, late: found === 'certified-late' };
      if (item.state === 'due' || item.state === 'bound') await pack(item);
      return { certified: true, packed: true };
    },

    async packItem({ itemId }: { itemId: string }): Promise<void> {
      const item = await itemOf(itemId);
      if (item.state === 'bound') await pack(item);
    },

    /** A label printed again bears a new password: whoever has the first one has nothing. `reset` says which one it is. */
    async resetLabel({ applicationId, index, reset, by }: LabelReset): Promise<void> {
      const application = await data.manager.findOneByOrFail(Application, { id: applicationId });
      const certificate = await data.manager.findOneByOrFail(Certificate, { applicationId, index, kind: 'signing' });
      if (await wasReset(data.manager, { applicationId, index, reset })) return;
      const { initialPassword } = await gateways.platform.resetPassword({
        idempotencyKey: `${applicationId}/label/${index}/${reset}`,
        uscc: application.uscc,
        account: application.form.roleAccount.account,
        certificateSerial: certificate.serial,
      });
      const keep = await label(application, certificate, { initialPassword, resets: reset });
      await data.transaction(async (tx) => {
        const locked = await lockCase(tx, applicationId);
        // Another attempt may have been quicker, and its label taken since.
        if (await wasReset(tx, { applicationId, index, reset })) return;
        await keep(tx);
        const actor = { kind: 'staff', id: by } as const;
        await moveCase(
          tx,
          locked,
          {},
          { action: 'label.reset', details: { index, reset }, actor, onceKey: `label/${index}/${reset}` },
          now(),
        );
      });
    },
  };
};

/** Under the lock of its case nobody resets a label meanwhile. */
async function wasReset(manager: EntityManager, { applicationId, index, reset }: Omit<LabelReset, 'by'>): Promise<boolean> {
  const known = await manager.findOneBy(TokenLabel, { applicationId, index });
  return known !== null && known.resets >= reset;
}

const digest = (receiver: CorrectedReceiver | null) =>
  createHash('sha256')
    .update(JSON.stringify([receiver?.recipient, receiver?.phone, receiver?.address]))
    .digest('hex')
    .slice(0, 16);

const signingCertificates = ({ data }: DocumentDeps, { id }: Application) =>
  data.manager.find(Certificate, { where: { applicationId: id, kind: 'signing' }, order: { index: 'ASC' } });
