/** What a business about a certificate leaves: audit and messages, the old pair and the new one, the seal, the revocation as the world sees it, papers. */
import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Demonstration } from './stories.js';
import type { Scene } from './holder.js';
import type { Ended } from './renewals.js';
import { staff } from './story.js';
import { pemOf, pretty } from './files.js';

const run = promisify(execFile);

export const fetched = async (url: string): Promise<Buffer> => {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return Buffer.from(await response.arrayBuffer());
};

/** @param listBefore the revocation list as it was when the holder came */
export async function keep(
  { office, sandbox }: Scene,
  { holder, filed }: Ended,
  { leaves, channel }: Demonstration,
  { folder, listBefore }: { folder: string; listBefore: Buffer },
): Promise<string[]> {
  const auditor = await staff(office, 'auditor');
  const clerk = await staff(office, 'clerk');
  const old = (kind: string) => auditor.download(`/api/v1/applications/${holder.id}/certificates/1/${kind}.pem`);
  const of = (path: string) => `/api/v1/applications/${filed.id}/${path}`;
  const record = {
    'timeline.json': async () => pretty(await auditor.get(of('timeline'))),
    'messages.json': async () => pretty(await sandbox.messages(holder.phone)),
    'audit.jsonl': () => auditor.download(of('audit.jsonl')),
  };
  const shared = {
    'old-signing.pem': () => old('signing'),
    'old-encryption.pem': () => old('encryption'),
    'issuing-ca.pem': async () => pemOf(await fetched(`${office.responder}/ca/issuing.cer`)),
    'root-ca.pem': async () => pemOf(await fetched(`${office.responder}/ca/root.cer`)),
    'crl-before.der': () => Promise.resolve(listBefore),
    'crl-after.der': () => fetched(`${office.responder}/crl/issuing.crl`),
  };
  const issued = {
    'new-signing.pem': () => auditor.download(of('certificates/1/signing.pem')),
    'new-encryption.pem': () => auditor.download(of('certificates/1/encryption.pem')),
    'seal.esl': () => auditor.download(of('seals/1/seal.esl')),
    'seal.png': () => auditor.download(of('seals/1/seal.png')),
  };
  const receipt = { 'receipt.pdf': () => clerk.download(of('documents/receipt/1.pdf')) };
  const sources: Record<string, () => Promise<Buffer | string>> = {
    ...record,
    ...(leaves === 'record' ? {} : shared),
    ...(leaves === 'certificates' ? issued : {}),
    ...(leaves === 'certificates' && channel === 'window' ? receipt : {}),
  };
  await writeAll(folder, sources);
  if (leaves === 'record') return Object.keys(sources).sort();
  await askResponder(office.responder, folder);
  return [...Object.keys(sources), 'ocsp.der'].sort();
}

/** What a story of bindings leaves: every case of it, and the kinds as they stand in the end. */
export async function keepBindings(
  { office, sandbox }: Scene,
  { holder, filed, cases = [filed] }: Ended,
  folder: string,
): Promise<string[]> {
  const auditor = await staff(office, 'auditor');
  const timelines = cases.map(async ({ id, number }) => ({
    number,
    timeline: await holder.agent.get(`/api/v1/applications/${id}/timeline`),
  }));
  const audits = cases.map(({ id }) => auditor.download(`/api/v1/applications/${id}/audit.jsonl`));
  const sources = {
    'timeline.json': async () => pretty(await Promise.all(timelines)),
    'messages.json': async () => pretty(await sandbox.messages(holder.phone)),
    'audit.jsonl': async () => Buffer.concat(await Promise.all(audits)),
    'bindings.json': async () => pretty(await holder.agent.get(`/api/v1/account-bindings?certificate=${holder.serial}`)),
  };
  await writeAll(folder, sources);
  return Object.keys(sources).sort();
}

export async function writeAll(folder: string, sources: Record<string, () => Promise<Buffer | string>>): Promise<void> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const [name, source] of Object.entries(sources)) {
    const content = await source();
    if (content.length === 0) throw new Error(`${name} is empty`);
    writeFileSync(join(folder, name), content);
  }
}

/** Other people's software asks for the old certificate's status, and keeps the answer. */
async function askResponder(responder: string, folder: string): Promise<void> {
  const at = (name: string) => join(folder, name);
  const files = ['-issuer', at('issuing-ca.pem'), '-cert', at('old-signing.pem'), '-respout', at('ocsp.der')];
  const { stdout } = await run('openssl', ['ocsp', '-url', `${responder}/ocsp`, '-noverify', ...files]);
  if (!stdout.includes('revoked')) throw new Error(`the old certificate is not revoked in OCSP: ${stdout}`);
}
