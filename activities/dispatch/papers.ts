/** Papers of a Friday, and the tag of a token. Printed again, they take the place of those before. */
import { calendarDay, tokenNumber, yearOf } from '#domain';
import { Application, Certificate, DispatchItem, officeCalendar } from '#persistence';
import { In, LessThanOrEqual } from 'typeorm';
import type { DocumentDeps } from '../deps.js';
import { storeDocument } from '../documents.js';
import { labelOf } from './label.js';

export const dispatchPaperActivities = ({ data, now, holidays, documents, objects }: DocumentDeps) => ({
  /** The manifest for the courier, and the pick list for whoever packs. */
  async printDispatchList({ day }: { day: string }): Promise<void> {
    const items = await data.manager.find(DispatchItem, {
      where: { day: LessThanOrEqual(day), state: In(['packed', 'handed-over']) },
      order: { id: 'ASC' },
    });
    const listed = items.filter((each) => each.state === 'packed' || each.day === day);
    const applications = await data.manager.findBy(Application, { id: In(listed.map(({ applicationId }) => applicationId)) });
    const of = new Map(applications.map((application) => [application.id, application]));
    const lettersOf = (those: readonly DispatchItem[]) =>
      those.flatMap(({ applicationId, trackingNumber }) => {
        const application = of.get(applicationId);
        return application ? [letterOf(application, trackingNumber)] : [];
      });
    const { isPublished } = await officeCalendar(data.manager, holidays);
    const dayReason = isPublished(yearOf(calendarDay(day))) ? '每周五集中寄送' : '每周五集中寄送（放假安排尚未公布，暂定）';
    const list = await documents.dispatchList({ day, dayReason, letters: lettersOf(listed), generatedAt: now().toISOString() });
    await storeDocument(data.manager, objects, { owner: `dispatch/${day}`, kind: 'dispatch-list', index: 1 }, list, now());
    // What has left is picked no more.
    const here = listed.filter(({ state }) => state === 'packed');
    const picks = await documents.pickList({ day, letters: lettersOf(here), generatedAt: now().toISOString() });
    await storeDocument(data.manager, objects, { owner: `dispatch/${day}`, kind: 'pick-list', index: 1 }, picks, now());
  },

  /** The tag that hangs on the token from the moment it is written; the account's password comes with the Friday label. */
  async printTokenLabel({ applicationId, index }: { applicationId: string; index: number }): Promise<void> {
    const application = await data.manager.findOneByOrFail(Application, { id: applicationId });
    const certificate = await data.manager.findOneByOrFail(Certificate, { applicationId, index, kind: 'signing' });
    const label = await documents.tokenLabel({ ...labelOf(application, certificate), account: application.form.roleAccount.account });
    await storeDocument(data.manager, objects, { owner: `application/${applicationId}`, kind: 'token-tag', index }, label, now());
  },
});

/** With every token that is in it. */
function letterOf({ number, certificateName, form }: Application, trackingNumber: string | null) {
  const tokenNumbers = Array.from({ length: form.certificates.count }, (_, index) => tokenNumber(number, index + 1));
  const { account } = form.roleAccount;
  return { applicationNumber: number, organisation: certificateName, account, tokenNumbers, trackingNumber: trackingNumber ?? undefined };
}
