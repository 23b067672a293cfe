/** The businesses about a certificate, lived as people live them, each prepared to the point where its case begins. */
import { randomInt } from 'node:crypto';
import type { BusinessSlug, Stage } from '#domain';
import { giveAccount } from '../../../apps/launcher/src/demo/bindings.js';
import { bankTransfer } from '../../world/cases.js';
import { FEW_PAPERS, openDesk, PAPERS, type Desk, type Holder } from '../../world/desk.js';
import type { Office } from '../../world/office.js';
import { unlocksOf } from '../../world/unlocks.js';
import type { Holders } from './holders.js';
import type { Watcher } from './watcher.js';

export interface Life {
  /** From the submission on; answers the case's id once it has ended. */
  live(watch: Watcher): Promise<string>;
  /** What the holder's own computer worked for it, once more. */
  atHome?: () => Promise<void>;
}
export interface BusinessStory {
  business: BusinessSlug;
  /** Where preparing one moves the clock for all. */
  oneByOne?: boolean;
  prepare(): Promise<Life>;
}

const DAY_MS = 86_400_000;
/** A certificate that has ended by the time its renewal is asked for. Preparing one takes the office's clock past it, and the engine's stays. */
const SHORTLY_MS = 10_000;
const NEW_NAME = '成都变更后医药有限公司';
const PASSWORD = `Bench-${randomInt(1_000_000)}`;

export async function businessStories(office: Office, holders: Holders): Promise<BusinessStory[]> {
  const desk = await openDesk(office);
  const crew = await openCrew(office, desk, holders);
  const { online, window } = crew;
  return [
    { business: 'renewal-valid', prepare: () => online('renewal-valid', 30 * DAY_MS) },
    { business: 'renewal-expired', oneByOne: true, prepare: () => online('renewal-expired', SHORTLY_MS) },
    {
      business: 'change',
      prepare: () =>
        window('change', { form: { organisation: { certificateName: NEW_NAME } } }, async (id, { opened, reached }) => {
          await opened(id, 'fee-confirmation');
          await crew.act('supervisor', id, 'fee', { amountFen: 3_000 });
          await crew.pay(id, 3_000, reached);
          await crew.approve(id, reached);
          await crew.handOver(id, reached);
        }),
    },
    {
      business: 'reissue',
      prepare: () =>
        window('reissue', { form: { cause: 'lost' }, papers: FEW_PAPERS }, async (id, { opened, reached }) => {
          await crew.pay(id, 5_000, opened);
          await crew.approve(id, reached);
          await reached(id, 'key-recovery');
          for (const who of ['reviewer', 'supervisor']) await crew.act(who, id, 'key-recovery');
          await crew.handOver(id, reached);
        }),
    },
    {
      business: 'revocation',
      prepare: () => window('revocation', { form: { cause: 'unused' }, papers: FEW_PAPERS }, (id, { opened }) => crew.approve(id, opened)),
    },
    { business: 'account-binding', prepare: () => crew.binding() },
    { business: 'unlock', prepare: () => crew.unlocking() },
  ];
}

type Arrival = (id: string, stage: Stage) => Promise<void>;

async function openCrew(office: Office, desk: Desk, holders: Holders) {
  const people = new Map(
    await Promise.all(['clerk', 'reviewer', 'supervisor', 'customer-service'].map(async (who) => [who, await desk.who(who)] as const)),
  );
  const unlocks = unlocksOf(office);
  const after = (ms: number) => new Date(office.clock.now().getTime() + ms);
  const who = (name: string) => people.get(name) ?? fail(`nobody is ${name}`);

  async function act(name: string, id: string, what: string, json: object = {}): Promise<void> {
    await who(name).post(`/api/v1/window/${id}/${what}`, json, who(name).key());
  }
  async function pay(id: string, amountFen: number, arrived: Arrival): Promise<void> {
    await arrived(id, 'window-payment');
    await act('clerk', id, 'payment', desk.slip(amountFen));
  }
  async function approve(id: string, arrived: Arrival): Promise<void> {
    await arrived(id, 'review');
    await who('reviewer').post(`/api/v1/reviews/${id}/claim`);
    await who('reviewer').post(`/api/v1/reviews/${id}/decision`, { outcome: 'approved' }, who('reviewer').key());
  }
  async function handOver(id: string, reached: Arrival): Promise<void> {
    await reached(id, 'hand-over');
    await act('clerk', id, 'hand-over');
  }

  async function online(business: 'renewal-valid' | 'renewal-expired', validFor: number): Promise<Life> {
    const holder = await desk.holder(after(validFor));
    if (validFor === SHORTLY_MS) office.clock.forward(SHORTLY_MS + 1_000);
    const draft = await desk.draft(holder.agent, business, holder);
    const { serial } = holder;
    await holders.takeHome(holder);
    const prove = async () => {
      const { challengeId, text } = await desk.challenge(holder.agent, draft);
      return { challengeId, signature: await holders.sign(serial, text) };
    };
    const live = async ({ opened, reached }: Watcher) => {
      const proof = business === 'renewal-valid' ? { proof: await prove() } : {};
      const { id } = await desk.file(holder.agent, draft, proof);
      await approve(id, opened);
      await reached(id, 'payment');
      await transfer(holder, id);
      await reached(id, 'installation');
      await holders.install(serial);
      await reached(id, 'closed');
      return id;
    };
    return { live, atHome: () => holders.again(serial) };
  }
  async function transfer({ agent, form }: Holder, id: string): Promise<void> {
    const { amountFen, reference } = await agent.get<{ amountFen: number; reference: string }>(`/api/v1/applications/${id}/order`);
    await bankTransfer(office, { amountFen, payerName: form.organisation.certificateName, remittance: reference });
  }

  async function window(
    business: BusinessSlug,
    { form, papers = PAPERS }: { form: object; papers?: readonly string[] },
    rest: (id: string, watch: Watcher) => Promise<void>,
  ): Promise<Life> {
    const holder = await desk.holder(after(365 * DAY_MS));
    const draft = await desk.draft(who('clerk'), business, holder, form, [...papers]);
    // Whatever the hour: the engine's clock cannot be moved to the morning. Within the hours nothing is waived, and it says so.
    await who('supervisor').attempt('POST', `${draft}/hours-waiver`, { json: { reason: '性能测量' } });
    const live = async (watch: Watcher) => {
      const { id } = await desk.file(who('clerk'), draft);
      await rest(id, watch);
      await watch.reached(id, 'closed');
      return id;
    };
    return { live };
  }

  async function binding(): Promise<Life> {
    const holder = { ...(await desk.holder(after(365 * DAY_MS))), number: '' };
    const account = `sc${randomInt(1_000_000)}`;
    const [kind, { uscc }] = ['drug-production', holder.form.organisation] as const;
    await office.sandbox.registerAccount({ uscc, kind, account, password: PASSWORD });
    const live = async ({ opened, reached }: Watcher) => {
      const id = (await giveAccount(holder, kind, account, PASSWORD)).application?.id ?? fail('no case was opened');
      await opened(id, 'platform-approval');
      await office.sandbox.decideAccount((await office.sandbox.submissionOf(id)) ?? fail('nothing was submitted'), 'approved');
      await reached(id, 'closed');
      return id;
    };
    return { live };
  }

  async function unlocking(): Promise<Life> {
    const holder = await unlocks.holder();
    const live = async ({ opened, reached }: Watcher) => {
      const { status, body } = await unlocks.ask(unlocks.request(holder), who('customer-service'));
      const { id, number } = status === 202 ? (body as { id: string; number: string }) : fail(`no ticket: ${status}`);
      await opened(id, 'approval');
      await unlocks.decide(who('supervisor'), { id });
      await reached(id, 'unlocking');
      const code = await office.sandbox.codeFor(holder.phone, `${number}.*解锁码 (\\d{6})`);
      const redeemed = await unlocks.redeem({ serial: holder.serial, code, challenge: unlocks.tokenOf(holder).unblockChallenge() });
      if (redeemed.status >= 300) fail(`not unlocked: ${redeemed.status} ${JSON.stringify(redeemed.body)}`);
      await reached(id, 'closed');
      return id;
    };
    return { live };
  }
  return { act, pay, approve, handOver, online, window, binding, unlocking };
}

function fail(reason: string): never {
  throw new Error(reason);
}
