/** Holders whose tokens are locked, the tickets for them, and the codes, made over the public API. */
import { randomUUID } from 'node:crypto';
import { minutes, type ApplicationForm } from '#domain';
import { Application, Certificate, Token } from '#persistence';
import { openTokenDrawer } from '#token';
import { demoForm } from '../../apps/launcher/src/demo/organisation.js';
import type { Person } from '../../apps/launcher/src/demo/person.js';
import type { Office } from './office.js';

export interface Holder {
  phone: string;
  form: ApplicationForm;
  /** Not logged in. */
  agent: Person;
  serial: string;
  applicationId: string;
  tokenSerialNumber: string;
}
export interface Ticket extends Holder {
  id: string;
  number: string;
}
export interface Approved extends Ticket {
  code: string;
}

export function unlocksOf(office: Office) {
  let phones = 0;
  const nextPhone = () => `1710002${String((phones += 1)).padStart(4, '0')}`;
  const service = () => office.staff('customer-service');

  async function holder(): Promise<Holder> {
    const phone = nextPhone();
    const agent = office.person();
    const notAfter = new Date(Math.ceil((office.clock.now().getTime() + minutes(60 * 24 * 365)) / 1000) * 1000).toISOString();
    const form = demoForm({ name: '成都锁定医药有限公司' }, phone);
    const { id } = await agent.post<{ id: string }>('/api/v1/demo/holders', { form, notAfter });
    const { serial } = await office.data.manager.findOneByOrFail(Certificate, { applicationId: id, kind: 'signing' });
    const { serialNumber } = await office.data.manager.findOneByOrFail(Token, { applicationId: id });
    return { phone, form, agent, serial, applicationId: id, tokenSerialNumber: serialNumber };
  }

  const ask = async (json: object, person?: Person, key: string = randomUUID()) =>
    (person ?? (await service())).attempt('POST', '/api/v1/unlocks/tickets', { json, headers: { 'Idempotency-Key': key } });
  const request = ({ serial }: Holder) => ({ certificate: serial, contact: 'telephone', callBackConfirmed: true });
  const stageOf = async (id: string) => (await office.data.manager.findOneByOrFail(Application, { id })).stage;
  /** The workflow has spoken: a ticket stands at its first stage before it is taken up. */
  const reach = (id: string, stage: string) =>
    office.until(async () => {
      const row = await office.data.manager.findOneByOrFail(Application, { id });
      return row.stage === stage && row.waitingFor !== 'system' ? true : null;
    }, `stage ${stage}`);

  async function opened(who?: Holder, by?: Person): Promise<Ticket> {
    const of = who ?? (await holder());
    const { status, body } = await ask(request(of), by);
    if (status !== 202) throw new Error(`no ticket: ${status} ${JSON.stringify(body)}`);
    const { id, number } = body as { id: string; number: string };
    await reach(id, 'approval');
    return { ...of, id, number };
  }

  const decide = (person: Person, { id }: { id: string }, json: object = { outcome: 'approved' }) =>
    person.attempt('POST', `/api/v1/unlocks/tickets/${id}/decision`, { json, headers: { 'Idempotency-Key': randomUUID() } });

  async function approved(who?: Holder): Promise<Approved> {
    const ticket = await opened(who);
    const { status } = await decide(await office.staff('supervisor'), ticket);
    if (status !== 204) throw new Error(`not approved: ${status}`);
    await reach(ticket.id, 'unlocking');
    return { ...ticket, code: await codeFor(ticket) };
  }

  const codeFor = ({ phone, number }: Ticket) => office.sandbox.codeFor(phone, `${number}.*解锁码 (\\d{6})`);
  const drawer = () => openTokenDrawer(office.settings.folders.station);
  const tokenOf = ({ tokenSerialNumber }: Holder) => drawer().insert(tokenSerialNumber);
  const redeem = (json: object) => office.person().attempt('POST', '/api/v1/unlocks', { json });
  const redemption = (ticket: Approved) => ({ serial: ticket.serial, code: ticket.code, challenge: tokenOf(ticket).unblockChallenge() });
  const templates = async ({ phone }: Holder) =>
    ((await office.sandbox.messages(phone)) as { template: string }[]).map(({ template }) => template);
  return { holder, ask, request, stageOf, reach, opened, decide, approved, tokenOf, redeem, redemption, templates };
}
