/** 变更、补办、吊销: at the window, and the suspension by telephone. */
import { approve, ended, enterAtWindow, handOver, payAtWindow, prepareDraft, reach, type Filed } from './desk.js';
import { seedHolder, type Scene } from './holder.js';
import type { Ended } from './renewals.js';
import { staff } from './story.js';
import { scannedPicture } from './paper.js';

const YEAR_MS = 365 * 86_400_000;
const nextYear = () => new Date(Date.now() + YEAR_MS);

export async function change(scene: Scene): Promise<Ended> {
  const holder = await seedHolder(scene, nextYear());
  const clerk = await staff(scene.office, 'clerk');
  const certificateName = `${holder.form.organisation.certificateName.replace(/有限公司$/, '')}（四川）有限公司`;
  const form = { organisation: { certificateName } };
  const materials = ['application-form', 'licence', 'agent-id'];
  const filed = await enterAtWindow(
    scene,
    clerk,
    await prepareDraft(clerk, { business: 'change', certificate: holder.serial, form, materials }),
  );
  await scene.teller.step('费用核定 A supervisor sets the fee, which the tariff does not publish', async () => {
    const supervisor = await staff(scene.office, 'supervisor');
    await reach(scene, supervisor, filed.id, 'fee-confirmation');
    await supervisor.post(`/api/v1/window/${filed.id}/fee`, { amountFen: 3_000 }, supervisor.key());
    return '30 yuan';
  });
  await payAtWindow(scene, clerk, filed.id);
  await approve(scene, filed.id, (reviewer) => reach(scene, reviewer, filed.id, 'hand-over'));
  await handOver(scene, clerk, filed.id);
  await ended(scene, clerk, filed.id, 'handed-over');
  return { holder, filed };
}

export async function reissue(scene: Scene): Promise<Ended> {
  const holder = await seedHolder(scene, nextYear());
  const clerk = await staff(scene.office, 'clerk');
  const form = { cause: 'lost' };
  const materials = ['application-form', 'agent-id'];
  const filed = await enterAtWindow(
    scene,
    clerk,
    await prepareDraft(clerk, { business: 'reissue', certificate: holder.serial, form, materials }),
  );
  await payAtWindow(scene, clerk, filed.id);
  await approve(scene, filed.id, (reviewer) => reach(scene, reviewer, filed.id, 'key-recovery'));
  await scene.teller.step('密钥恢复 Two persons let the encryption key come back from escrow', async () => {
    for (const name of ['reviewer', 'supervisor']) {
      const person = await staff(scene.office, name);
      await person.post(`/api/v1/window/${filed.id}/key-recovery`, {}, person.key());
    }
    await reach(scene, clerk, filed.id, 'hand-over');
  });
  await handOver(scene, clerk, filed.id);
  await ended(scene, clerk, filed.id, 'handed-over');
  return { holder, filed };
}

export async function revocation(scene: Scene): Promise<Ended> {
  const holder = await seedHolder(scene, nextYear());
  const clerk = await staff(scene.office, 'clerk');
  const draft = await prepareDraft(clerk, {
    business: 'revocation',
    certificate: holder.serial,
    form: { cause: 'unused' },
    materials: ['application-form', 'agent-id'],
  });
  const filed = await enterAtWindow(scene, clerk, draft);
  await approve(scene, filed.id, () => Promise.resolve());
  await ended(scene, clerk, filed.id, 'revoked');
  return { holder, filed };
}

export async function revocationByTelephone(scene: Scene): Promise<Ended> {
  const holder = await seedHolder(scene, nextYear());
  const service = await staff(scene.office, 'customer-service');
  const filed = await scene.teller.step(
    '电话挂失 Suspended by telephone, after calling back',
    async () => {
      const draft = await prepareDraft(service, {
        business: 'revocation',
        certificate: holder.serial,
        form: { cause: 'lost' },
        materials: [],
      });
      const made = await service.post<Filed>(`${draft}/submission`, { callBackConfirmed: true }, service.key());
      await reach(scene, service, made.id, 'suspension');
      return made;
    },
    ({ number }) => number,
  );
  await scene.teller.step('持表到窗口 The stamped form comes to the window', async () => {
    const clerk = await staff(scene.office, 'clerk');
    for (const material of ['application-form', 'agent-id'])
      await clerk.upload(`/api/v1/window/${filed.id}/materials/${material}?fileName=${material}.png`, scannedPicture('licence'));
    await clerk.post(`/api/v1/window/${filed.id}/form`, { wish: 'revoke' }, clerk.key());
  });
  await approve(scene, filed.id, () => Promise.resolve());
  await ended(scene, service, filed.id, 'revoked');
  return { holder, filed };
}
