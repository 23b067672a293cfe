/** How a case of the model comes to the office: over HTTP, by an applicant, at a window or by telephone. */
import { publishedHolidays } from '#config';
import { days, isOpen } from '#domain';
import { prepareDraft } from '../../apps/launcher/src/demo/desk.js';
import { demoForm } from '../../apps/launcher/src/demo/organisation.js';
import type { Person } from '../../apps/launcher/src/demo/person.js';
import { logIn } from '../../apps/launcher/src/demo/story.js';
import { casesOf } from '../world/cases.js';
import { FEW_PAPERS, PAPERS, type Desk, type Holder } from '../world/desk.js';
import type { Office } from '../world/office.js';
import type { Beginning } from './index.js';

export interface Begun {
  id: string;
  certificateName: string;
  uscc: string;
  roleAccount: { kind: string; account: string };
  /** The agent's phones, the present one last. */
  phones: string[];
  /** Who submitted it, where nobody of the office did. */
  applicant: Person | null;
  /** The holder of the certificate that it is about. */
  holder: Holder | null;
}

const MINUTE_MS = 60_000;
const PASSWORD = 'Kx7-geheim';
const CHANGED = { organisation: { certificateName: '成都变更之后医药有限公司' } };
let count = 0;

export const freshPhone = () => `1730000${String((count += 1)).padStart(4, '0')}`;

export async function beginAt(office: Office, desk: Desk, beginning: Beginning): Promise<Begun> {
  const { way } = beginning;
  await untilOpen(office);
  if (way === 'new-online') return newOnline(office, beginning);
  if (way === 'new-window') return newAtWindow(desk, beginning);
  const holder = await desk.holder(new Date(office.clock.now().getTime() + (way.startsWith('renewal') ? days(30) : days(365))));
  if (way.startsWith('renewal-expired')) await office.skip(days(30) + MINUTE_MS);
  await untilOpen(office);
  const { id } = await filed(office, desk, holder, beginning);
  const { form, agent, phone } = holder;
  const { certificateName, uscc } = form.organisation;
  const applicant = way.endsWith('online') || way === 'account-binding' ? agent : null;
  const name = way === 'change-window' ? CHANGED.organisation.certificateName : certificateName;
  return { id, certificateName: name, uscc, roleAccount: form.roleAccount, phones: [phone], applicant, holder };
}

/** To a time when the window has some hours before it; the clock never runs away from the engine's. */
async function untilOpen(office: Office): Promise<void> {
  const openIn = (minutes: number) => isOpen('chengnan', new Date(office.clock.now().getTime() + minutes * MINUTE_MS), publishedHolidays);
  while (!openIn(0) || !openIn(30)) await office.skip(30 * MINUTE_MS);
}

async function newOnline(office: Office, { count: certificates, years, colleague }: Beginning): Promise<Begun> {
  const name = `成都模型第${(count += 1)}号医药有限公司`;
  const { agent, form, phone, submission, key } = await casesOf(office).prepare(
    { name, count: certificates, years },
    office.person(),
    freshPhone(),
  );
  const agentPhone = colleague ? freshPhone() : phone;
  if (colleague) await agent.patch(submission.replace('/submission', ''), { form: { agent: { ...form.agent, phone: agentPhone } } });
  const { id } = await agent.post<{ id: string }>(submission, {}, key);
  const { certificateName, uscc } = form.organisation;
  return { id, certificateName, uscc, roleAccount: form.roleAccount, phones: [agentPhone], applicant: agent, holder: null };
}

async function newAtWindow(desk: Desk, { count: certificates, years }: Beginning): Promise<Begun> {
  const phone = freshPhone();
  const form = {
    ...demoForm({ name: `成都窗口第${(count += 1)}号医药有限公司` }, phone),
    certificates: { count: certificates, years },
  };
  const clerk = await desk.who('clerk');
  const { id } = await desk.file(clerk, await prepareDraft(clerk, { business: 'new', form, materials: PAPERS }));
  const { certificateName, uscc } = form.organisation;
  return { id, certificateName, uscc, roleAccount: form.roleAccount, phones: [phone], applicant: null, holder: null };
}

async function filed(office: Office, desk: Desk, holder: Holder, { way, cause }: Beginning): Promise<{ id: string }> {
  const clerk = await desk.who('clerk');
  const service = await desk.who('customer-service');
  const atWindow = async (business: string, form?: object, papers = PAPERS) =>
    desk.file(clerk, await desk.draft(clerk, business, holder, form, papers));
  switch (way) {
    case 'renewal-valid-online': {
      const draft = await desk.draft(holder.agent, 'renewal-valid', holder);
      return desk.file(holder.agent, draft, { proof: await desk.prove(holder, draft) });
    }
    case 'renewal-expired-online': {
      await logIn(holder.agent, office.sandbox, holder.phone);
      return desk.file(holder.agent, await desk.draft(holder.agent, 'renewal-expired', holder), {});
    }
    case 'renewal-valid-window':
      return atWindow('renewal-valid');
    case 'renewal-expired-window':
      return atWindow('renewal-expired');
    case 'change-window':
      return atWindow('change', CHANGED);
    case 'reissue-window':
      return atWindow('reissue', { cause }, FEW_PAPERS);
    case 'revocation-window':
      return atWindow('revocation', { cause }, FEW_PAPERS);
    case 'revocation-telephone':
      return desk.file(service, await desk.draft(service, 'revocation', holder, { cause }, []), { callBackConfirmed: true });
    case 'account-binding':
      return bindingOf(office, holder);
    default: {
      const ticket = { certificate: holder.serial, contact: 'telephone', callBackConfirmed: true };
      return service.post('/api/v1/unlocks/tickets', ticket, service.key());
    }
  }
}

async function bindingOf(office: Office, { agent, serial, form }: Holder): Promise<{ id: string }> {
  const [kind, account] = ['drug-production', `sc${String((count += 1)).padStart(4, '0')}`] as const;
  await office.sandbox.registerAccount({ uscc: form.organisation.uscc, kind, account, password: PASSWORD });
  const given = { certificate: serial, kind, account, password: PASSWORD };
  const { application } = await agent.post<{ application: { id: string } }>('/api/v1/account-bindings', given, agent.key());
  return application;
}
