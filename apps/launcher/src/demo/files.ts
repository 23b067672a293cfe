/** What the case left behind, fetched as the people in it would, and written where somebody can look at it. */
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tokenNumber } from '#domain';
import { staff, type Office, type Story } from './story.js';
import type { Sandbox } from './sandbox.js';

/** Every file the demonstration promises; a missing or empty one fails it. */
export async function collect(office: Office, sandbox: Sandbox, story: Story, folder: string, tokens: string): Promise<string[]> {
  const { id, agent, dispatcher, day } = story;
  const auditor = await staff(office, 'auditor');
  const of = (path: string) => `/api/v1/applications/${id}/${path}`;
  const fetched = async (url: string) => {
    const response = await fetch(url);
    if (!response.ok) throw new Error(`${url}: ${response.status}`);
    return Buffer.from(await response.arrayBuffer());
  };
  const pem = async (role: string) => pemOf(await fetched(`${office.responder}/ca/${role}.cer`));
  const { invoiceLink } = await agent.get<{ invoiceLink: string }>(`/api/v1/applications/${id}`);
  const sources: Record<string, () => Promise<Buffer | string>> = {
    'timeline.json': async () => pretty(await agent.get(of('timeline'))),
    'application-form.pdf': async () => story.applicationForm,
    'signing.pem': () => agent.download(of('certificates/1/signing.pem')),
    'encryption.pem': () => agent.download(of('certificates/1/encryption.pem')),
    'issuing-ca.pem': () => pem('issuing'),
    'root-ca.pem': () => pem('root'),
    'crl.der': () => fetched(`${office.responder}/crl/issuing.crl`),
    'seal.esl': () => agent.download(of('seals/1/seal.esl')),
    'seal.png': () => agent.download(of('seals/1/seal.png')),
    'token-label.pdf': () => dispatcher.download(of('documents/token-label/1.pdf')),
    'dispatch-list.pdf': () => dispatcher.download(`/api/v1/dispatches/${day}/dispatch-list.pdf`),
    'waybill.pdf': () => dispatcher.download(of('documents/waybill/1.pdf')),
    'invoice.pdf': () => fetched(`${invoiceLink}/invoice.pdf`),
    'invoice.xml': () => fetched(`${invoiceLink}/invoice.xml`),
    'messages.json': async () => pretty((await Promise.all(story.phones.map((phone) => sandbox.messages(phone)))).flat()),
    'audit.jsonl': () => auditor.download(of('audit.jsonl')),
  };
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const [name, source] of Object.entries(sources)) {
    const content = await source();
    if (content.length === 0) throw new Error(`${name} is empty`);
    writeFileSync(join(folder, name), content);
  }
  // The token itself comes by mail: on one machine it is a file in the drawer of the desk.
  copyFileSync(join(tokens, `${tokenNumber(story.number, 1)}.json`), join(folder, 'token.json'));
  return [...Object.keys(sources), 'token.json'].sort();
}

export const pretty = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

export function pemOf(der: Buffer): string {
  return `-----BEGIN CERTIFICATE-----\n${der.toString('base64').replace(/.{64}/g, '$&\n').trimEnd()}\n-----END CERTIFICATE-----\n`;
}
