/** 证书更新: online while valid, online after expiry, and at the window. */
import { assistant } from './assistant.js';
import { approve, ended, enterAtWindow, handOver, payAtWindow, prepareDraft, reach, type Filed } from './desk.js';
import { seedHolder, type Holder, type Scene } from './holder.js';
import { staff } from './story.js';

const DAY_MS = 86_400_000;
const MATERIALS = ['application-form', 'licence', 'agent-id'];

export interface Ended {
  holder: Holder;
  filed: Filed;
  /** Where a story is told by several. */
  cases?: readonly Filed[];
}

export async function renewalWhileValid(scene: Scene): Promise<Ended> {
  const holder = await seedHolder(scene, new Date(Date.now() + 30 * DAY_MS));
  const { agent, serial } = holder;
  const filed = await scene.teller.step(
    '提交更新，现有密钥签名 Submission, signed by the current key',
    async () => {
      const draft = await prepareDraft(agent, entry('renewal-valid', serial));
      const { challengeId, text } = await agent.post<{ challengeId: string; text: string }>(`${draft}/challenge`);
      const signature = (await assistant(scene, ['sign', '--serial', serial], { text })).trim();
      return agent.post<Filed>(`${draft}/submission`, { proof: { challengeId, signature } }, agent.key());
    },
    ({ number }) => number,
  );
  // Anybody may pay: the key has proven who asks.
  return online(scene, holder, filed, '财务代付人');
}

export async function renewalAfterExpiry(scene: Scene): Promise<Ended> {
  const expires = new Date(Date.now() + 4_000);
  const holder = await seedHolder(scene, expires);
  await scene.teller.step('证书到期 The certificate expires', () =>
    scene.teller.until(() => Promise.resolve(Date.now() > expires.getTime() + 2_500 ? true : null), 'the expiry'),
  );
  const { agent, serial } = holder;
  const filed = await scene.teller.step(
    '提交更新 Submission',
    async () => {
      const draft = await prepareDraft(agent, entry('renewal-expired', serial));
      return agent.post<Filed>(`${draft}/submission`, {}, agent.key());
    },
    ({ number }) => number,
  );
  return online(scene, holder, filed, holder.form.organisation.certificateName);
}

export async function renewalAtWindow(scene: Scene, business: 'renewal-valid' | 'renewal-expired'): Promise<Ended> {
  const holder = await seedHolder(scene, new Date(Date.now() + (business === 'renewal-valid' ? 30 * DAY_MS : 4_000)));
  if (business === 'renewal-expired') await new Promise((resolve) => setTimeout(resolve, 6_500));
  const clerk = await staff(scene.office, 'clerk');
  const filed = await enterAtWindow(scene, clerk, await prepareDraft(clerk, entry(business, holder.serial)));
  await payAtWindow(scene, clerk, filed.id);
  await approve(scene, filed.id, (reviewer) => reach(scene, reviewer, filed.id, 'hand-over'));
  await handOver(scene, clerk, filed.id);
  await ended(scene, clerk, filed.id, 'handed-over');
  return { holder, filed };
}

const entry = (business: string, certificate: string) => ({
  business,
  certificate,
  form: { certificates: { years: 2 } },
  materials: MATERIALS,
});

async function online(scene: Scene, holder: Holder, filed: Filed, payerName: string): Promise<Ended> {
  const { agent, serial } = holder;
  await approve(scene, filed.id, () => reach(scene, agent, filed.id, 'payment'));
  await scene.teller.step('缴费 Payment', async () => {
    const order = await agent.get<{ amountFen: number; reference: string }>(`/api/v1/applications/${filed.id}/order`);
    await scene.sandbox.transfer({ payerName, amountFen: order.amountFen, remittance: order.reference });
    await reach(scene, agent, filed.id, 'installation');
    return `${order.amountFen / 100} yuan by ${payerName}`;
  });
  await scene.teller.step('证书助手更新 The assistant installs the new certificates', async () => {
    const out = await assistant(scene, ['install', '--serial', serial]);
    return out.trim().split('\n').at(-1) ?? '';
  });
  await ended(scene, agent, filed.id, 'installed');
  return { holder, filed };
}
