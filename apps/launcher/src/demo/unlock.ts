/** 证书解锁: the token is locked by wrong PINs, customer service calls back, a second person approves, the code opens the token. */
import { fromPem, parseCertificate, sm2Verify } from '#pki/public';
import { assistant, assistantRefuses } from './assistant.js';
import { ended, reach, type Filed } from './desk.js';
import { seedHolder, type Holder, type Scene } from './holder.js';
import type { Ended } from './renewals.js';
import { staff } from './story.js';

const YEAR_MS = 365 * 86_400_000;
const WRONG_PIN = '00000000';
const NEW_PIN = 'xinyin-2026';
/** More than any token allows. */
const MOST_TRIES = 16;
const LOCKED = '证书已锁定';

export async function unlock(scene: Scene): Promise<Ended> {
  const holder = await seedHolder(scene, new Date(Date.now() + YEAR_MS));
  await lock(scene, holder);
  const filed = await open(scene, holder);
  await approve(scene, filed);
  await scene.teller.step('证书助手解锁 The holder types the code, the token takes a new PIN', async () => {
    const code = await scene.sandbox.codeFor(holder.phone, `${filed.number}.*解锁码 (\\d{6})`);
    const out = await assistant(scene, ['unlock', '--serial', holder.serial], { code, newPin: NEW_PIN });
    return out.trim().split('\n').at(-1) ?? '';
  });
  await scene.teller.step('新口令签名 It signs with the new PIN', () => sign(scene, holder));
  await ended(scene, holder.agent, filed.id, 'unlocked');
  await scene.sandbox.codeFor(holder.phone, `${filed.number} (已办结)`);
  return { holder, filed };
}

async function lock(scene: Scene, { serial }: Holder): Promise<void> {
  await scene.teller.step('口令输错直至锁定 Wrong PINs until the token locks', async () => {
    for (let tries = 1; tries <= MOST_TRIES; tries += 1) {
      const said = await assistantRefuses(scene, ['sign', '--serial', serial], { text: 'text', pin: WRONG_PIN });
      if (said.startsWith(LOCKED)) return `locked by try ${tries}`;
    }
    throw new Error('the token does not lock');
  });
  await scene.teller.step('正确口令也被拒 The right PIN is refused too', async () => {
    const said = await assistantRefuses(scene, ['sign', '--serial', serial], { text: 'text' });
    if (!said.startsWith(LOCKED)) throw new Error(said);
    return said.split('\n')[0] ?? '';
  });
}

async function open(scene: Scene, { serial, phone }: Holder): Promise<Filed> {
  const service = await staff(scene.office, 'customer-service');
  await scene.teller.step('客服查登记手机并回拨 Customer service looks up the registered phone and calls it back', async () => {
    const holder = await service.get<{ registeredPhone: string; tokenSerialNumber: string }>(`/api/v1/unlocks/holders/${serial}`);
    if (holder.registeredPhone !== phone) throw new Error('another phone is registered');
    return `token ${holder.tokenSerialNumber}`;
  });
  const ticket = { certificate: serial, contact: 'telephone', callBackConfirmed: true };
  return scene.teller.step(
    '开解锁工单 A ticket is opened',
    () => service.post<Filed>('/api/v1/unlocks/tickets', ticket, service.key()),
    ({ number }) => number,
  );
}

async function approve(scene: Scene, { id }: Filed): Promise<void> {
  await scene.teller.step('第二人审批 A supervisor approves', async () => {
    const supervisor = await staff(scene.office, 'supervisor');
    await reach(scene, supervisor, id, 'approval');
    await supervisor.post(`/api/v1/unlocks/tickets/${id}/decision`, { outcome: 'approved' }, supervisor.key());
    await reach(scene, supervisor, id, 'unlocking');
  });
}

/** Checked with the certificate of record. */
async function sign(scene: Scene, { id, serial, agent }: Holder): Promise<string> {
  const text = '解锁后签名 signed after the unlocking';
  const signature = (await assistant(scene, ['sign', '--serial', serial], { text, pin: NEW_PIN })).trim();
  const pem = (await agent.download(`/api/v1/applications/${id}/certificates/1/signing.pem`)).toString();
  const { publicKey } = parseCertificate(fromPem('CERTIFICATE', pem));
  if (!sm2Verify(publicKey, Buffer.from(text), Buffer.from(signature, 'base64'))) throw new Error('the signature does not hold');
  return 'the signature holds';
}
