/** The form an applicant prints, stamps and scans, made from the draft as it stands. */
import {
  accountKinds,
  agreements,
  businesses,
  catalogue,
  hours,
  isAgreement,
  materials,
  priceFees,
  shanghaiDay,
  tariffWords,
  totalFen,
  wayOf,
  XinyinError,
  type AccountKind,
} from '#domain';
import { Consent, Draft, leaveObjects, putFor, readTariff, type ObjectStore } from '#persistence';
import type { EntityManager } from 'typeorm';
import type { DocumentDeps } from '../deps.js';

export const formActivities = ({ data, now, documents, objects }: DocumentDeps) => ({
  /** The draft's version is part of the request, so that a form is never printed from another state than the one asked for. */
  async printApplicationForm({ draftId, version }: { draftId: string; version: number }): Promise<{ sha256: string }> {
    const draft = await data.manager.findOneByOrFail(Draft, { id: draftId });
    if (draft.version !== version) throw new XinyinError('DRAFT_CHANGED');
    const business = businesses[draft.business];
    const { organisation, agent, delivery, roleAccount, certificates, remarks } = draft.form;
    const order = { count: certificates?.count ?? 1, years: certificates?.years ?? 1 };
    const lines = priceFees(business.fees(order), await readTariff(data.manager), shanghaiDay(now()));
    const consents = await data.manager.findBy(Consent, { draftId });
    const pdf = await documents.applicationForm({
      draftId,
      business,
      subsystem: systemPath(draft.system),
      organisation: { certificateName: '', uscc: '', province: '', city: '', ...organisation },
      agent: { name: '', phone: '', ...agent },
      delivery: { recipient: '', phone: '', address: '', ...delivery },
      roleAccounts: roleAccount ? [{ kind: kindWords(roleAccount.kind), account: roleAccount.account ?? '' }] : [],
      certificates: order,
      fees: { lines: lines.map((line) => ({ ...line, name: tariffWords[line.code].zh })), totalFen: totalFen(lines) },
      remarks,
      materials: (wayOf(draft.business, draft.channel)?.materials ?? []).map((material) => materials[material].zh),
      agreements: consents.flatMap(({ agreement, version: text, acceptedAt }) =>
        isAgreement(agreement) ? [{ title: agreements[agreement].zh, version: text, acceptedAt: acceptedAt.toISOString() }] : [],
      ),
      generatedAt: now().toISOString(),
    });
    return { sha256: await data.transaction((tx) => keepForAWhile(tx, objects, pdf, now())) };
  },
});

/** D: whoever asked for a form has it by then. */
const KEPT_MS = hours(1);

/** No row refers to it: it is made anew whenever it is asked for, and what is personal in it is not to outlive its draft. */
async function keepForAWhile(tx: EntityManager, objects: ObjectStore, pdf: Uint8Array, at: Date): Promise<string> {
  const sha256 = await putFor(tx, objects, pdf);
  await leaveObjects(tx, [sha256], new Date(at.getTime() + KEPT_MS));
  return sha256;
}

function systemPath(slug: string): string[] {
  for (const { sectors } of catalogue) {
    for (const sector of sectors) {
      const found = sector.systems.find((each) => each.slug === slug);
      if (found) return [sector.zh, found.zh];
    }
  }
  return [];
}

const kindWords = (kind: string | undefined) => (kind && Object.hasOwn(accountKinds, kind) ? accountKinds[kind as AccountKind].zh : '');
