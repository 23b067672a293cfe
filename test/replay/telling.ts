/** What every story tells: its history, and everything personal that was said on the way. */
import { SmsMessage } from '#persistence';
import type { Cases, FiledCase } from '../world/cases.js';
import type { Office } from '../world/office.js';
import { historyOf, type HistoryJson } from './history-json.js';

export interface Recorded {
  name: string;
  workflowId: string;
  history: HistoryJson;
}
export interface Stories {
  recorded: Recorded[];
  /** Names, phones, numbers, addresses, accounts, codes: whatever people told the office or were told by it. */
  personal: string[];
}

/** The history of a case that has ended. */
export async function recorded(office: Office, name: string, workflowId: string): Promise<Recorded> {
  await office.engine.client.workflow.getHandle(workflowId).result();
  return sofar(office, name, workflowId);
}

/** The history of a case as far as it has come. */
export async function sofar(office: Office, name: string, workflowId: string): Promise<Recorded> {
  return { name, workflowId, history: await historyOf(office.engine.client.workflow.getHandle(workflowId)) };
}

/** From what was typed, from what was sent, and from what the bank told. */
export async function personalIn(
  office: Office,
  cases: Pick<Cases, 'messages'>,
  filed: Pick<FiledCase, 'form' | 'phone'>[],
): Promise<string[]> {
  const found = ['12345678', '6222 0000 0000 0000'];
  for (const each of filed) {
    const { organisation, agent, delivery, roleAccount, remarks } = each.form;
    found.push(organisation.certificateName, organisation.uscc, agent.name, agent.identityNumber, agent.phone, each.phone);
    found.push(delivery.recipient, delivery.address, roleAccount.account ?? '', remarks ?? '');
    for (const { text } of await cases.messages(each as FiledCase)) found.push(text, ...(/验证码 (\d{6})/.exec(text)?.slice(1) ?? []));
  }
  const sent = await office.data.manager.find(SmsMessage);
  if (sent.length === 0) throw new Error('no message was sent: the stories were not lived');
  return found.filter((text) => text.length > 1);
}
