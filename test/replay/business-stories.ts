/** The businesses about a certificate, and the windows, lived as people live them. */
import { caseWorkflowId } from '#workflows/contract';
import { INITIAL_USER_PIN } from '#token';
import { prepareDraft } from '../../apps/launcher/src/demo/desk.js';
import { demoForm } from '../../apps/launcher/src/demo/organisation.js';
import { scannedPicture } from '../../apps/launcher/src/demo/paper.js';
import { changesOf, type NewAgent } from '../world/agent-changes.js';
import { casesOf, type FiledCase } from '../world/cases.js';
import { FEW_PAPERS, nextDay, openDesk, PAPERS, type Desk, type Holder } from '../world/desk.js';
import { openOffice, type Office } from '../world/office.js';
import { personalIn, recorded, sofar, type Stories } from './telling.js';

const DAY_MS = 86_400_000;
const NEW_NAME = '成都变更后医药有限公司';

export async function liveBusinesses(): Promise<Stories> {
  const office = await openOffice({ plainHistories: true });
  try {
    nextDay(office, '10:00:00');
    const desk = await openDesk(office);
    const holders: Holder[] = [];
    const holder = async (ms: number) => {
      const made = await desk.holder(new Date(office.clock.now().getTime() + ms));
      holders.push(made);
      return made;
    };
    const ended: Record<string, string> = {
      'renewal-valid-online': await renewedOnline(desk, await holder(30 * DAY_MS)),
      'renewal-expired-online': await renewedAfterExpiry(office, desk, await holder(600_000)),
      'renewal-valid-window': await renewedAtWindow(desk, await holder(30 * DAY_MS)),
      'change-window': await changed(desk, await holder(365 * DAY_MS)),
      'reissue-window': await reissued(desk, await holder(365 * DAY_MS)),
      'revocation-window': await revoked(desk, await holder(365 * DAY_MS)),
      'revocation-telephone': await revokedByTelephone(desk, await holder(365 * DAY_MS)),
    };
    const { filed, next } = await withAnotherAgent(office);
    ended['new-agent-changed'] = filed.id;
    const window = await newAtWindow(desk);
    const told = await Promise.all(Object.entries(ended).map(([name, id]) => recorded(office, name, caseWorkflowId(id))));
    return {
      recorded: [...told, await sofar(office, 'new-window', caseWorkflowId(window))],
      personal: [
        ...[NEW_NAME, next.name, next.identityNumber, next.phone],
        ...(await personalIn(office, casesOf(office), [...holders, filed, { ...filed, phone: next.phone }])),
      ],
    };
  } finally {
    await office.close();
  }
}

async function renewedOnline(desk: Desk, holder: Holder): Promise<string> {
  const draft = await desk.draft(holder.agent, 'renewal-valid', holder);
  const { id } = await desk.file(holder.agent, draft, { proof: await desk.prove(holder, draft) });
  return installed(desk, holder, id);
}

async function renewedAfterExpiry(office: Office, desk: Desk, holder: Holder): Promise<string> {
  office.clock.forward(601_000);
  const { id } = await desk.file(holder.agent, await desk.draft(holder.agent, 'renewal-expired', holder), {});
  return installed(desk, holder, id);
}

async function installed(desk: Desk, holder: Holder, id: string): Promise<string> {
  await desk.approve(id);
  await desk.reach(id, 'payment');
  await desk.told(id, 'renewal-approved');
  await desk.transfer(id, holder.form.organisation.certificateName);
  await desk.reach(id, 'installation');
  await desk.told(id, 'install-ready');
  await desk.assistant().install(holder.serial, INITIAL_USER_PIN);
  await desk.ended(id);
  return id;
}

async function entered(desk: Desk, business: string, holder: Holder, form?: object, papers = PAPERS): Promise<string> {
  const clerk = await desk.who('clerk');
  const { id } = await desk.file(clerk, await desk.draft(clerk, business, holder, form, papers));
  return id;
}

async function handedOver(desk: Desk, id: string): Promise<string> {
  await desk.handOver(id);
  await desk.ended(id);
  return id;
}

async function renewedAtWindow(desk: Desk, holder: Holder): Promise<string> {
  const id = await entered(desk, 'renewal-valid', holder);
  await desk.pay(id, 20_000);
  await desk.approve(id);
  return handedOver(desk, id);
}

async function changed(desk: Desk, holder: Holder): Promise<string> {
  const id = await entered(desk, 'change', holder, { organisation: { certificateName: NEW_NAME } });
  await desk.reach(id, 'fee-confirmation');
  await desk.atWindow('supervisor', id, 'fee', { amountFen: 3_000 });
  await desk.pay(id, 3_000);
  await desk.approve(id);
  return handedOver(desk, id);
}

async function reissued(desk: Desk, holder: Holder): Promise<string> {
  const id = await entered(desk, 'reissue', holder, { cause: 'lost' }, FEW_PAPERS);
  await desk.pay(id, 5_000);
  await desk.approve(id);
  await desk.reach(id, 'key-recovery');
  for (const who of ['reviewer', 'supervisor']) await desk.atWindow(who, id, 'key-recovery');
  return handedOver(desk, id);
}

async function revoked(desk: Desk, holder: Holder): Promise<string> {
  const id = await entered(desk, 'revocation', holder, { cause: 'unused' }, FEW_PAPERS);
  await desk.approve(id);
  await desk.ended(id);
  return id;
}

async function revokedByTelephone(desk: Desk, holder: Holder): Promise<string> {
  const service = await desk.who('customer-service');
  const draft = await desk.draft(service, 'revocation', holder, { cause: 'lost' }, []);
  const { id } = await desk.file(service, draft, { callBackConfirmed: true });
  await desk.reach(id, 'suspension');
  await desk.told(id, 'suspended');
  const clerk = await desk.who('clerk');
  for (const material of FEW_PAPERS)
    await clerk.upload(`/api/v1/window/${id}/materials/${material}?fileName=a.png`, scannedPicture('licence'));
  await desk.atWindow('clerk', id, 'form', { wish: 'revoke' });
  await desk.approve(id);
  await desk.ended(id);
  return id;
}

/** As far as the Friday, which has a story of its own. */
async function newAtWindow(desk: Desk): Promise<string> {
  const clerk = await desk.who('clerk');
  const form = demoForm({ name: '成都窗口新办医药有限公司' }, '17100039999');
  const { id } = await desk.file(clerk, await prepareDraft(clerk, { business: 'new', form, materials: PAPERS }));
  await desk.pay(id, 45_000);
  await desk.approve(id);
  await desk.reach(id, 'dispatch');
  await desk.told(id, 'invoice');
  return id;
}

/** Handed over with a letter while it is in review, and withdrawn by the new agent. */
async function withAnotherAgent(office: Office): Promise<{ filed: FiledCase; next: NewAgent }> {
  const cases = casesOf(office);
  const changes = changesOf(office);
  const filed = await cases.file({ name: '成都移交医药有限公司' });
  await cases.reach(filed, 'review');
  const next = await changes.approved(filed.id, filed.agent);
  await changes.texts(filed.phone, 'agent-change-announced');
  await changes.confirm(next.person, filed.id, await changes.codeFor(next.phone));
  await changes.texts(next.phone, 'agent-welcome');
  await next.person.post(`/api/v1/applications/${filed.id}/withdrawal`);
  await cases.reach(filed, 'closed');
  return { filed, next };
}
