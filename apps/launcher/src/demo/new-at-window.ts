/** 证书新办 at the window: a clerk enters it and takes the money, another person reviews, and it is bound and mailed on a Friday all the same. */
import { approve, enterAtWindow, payAtWindow } from './desk.js';
import type { Scene } from './holder.js';
import { demoForm, inventPhone } from './organisation.js';
import { Person } from './person.js';
import { fillIn, logIn, staff, untilDispatched, type Story } from './story.js';

export async function newAtWindow(scene: Scene): Promise<Story> {
  const { office, sandbox, teller, choice } = scene;
  const phone = inventPhone();
  const form = demoForm(choice, phone);
  const clerk = await staff(office, 'clerk');
  const { draftId, applicationForm } = await fillIn(clerk, teller, form);
  const { id, number } = await enterAtWindow(scene, clerk, `/api/v1/drafts/${draftId}`);
  await payAtWindow(scene, clerk, id);
  await approve(scene, id, () => Promise.resolve());
  const agent = new Person(office.api);
  await teller.step('经办人登录 The agent looks in at the portal', () => logIn(agent, sandbox, phone));
  const { day, dispatcher } = await untilDispatched({ office, sandbox, teller, form, agent, id });
  return { id, number, form, applicationForm, colleague: clerk, agent, phones: [phone], day, dispatcher };
}
