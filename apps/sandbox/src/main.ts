/** Starts the sandbox as a process of its own. Settings come from the environment; secrets from a file, never from the environment. */
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import { openDocuments, type Documents } from '#documents';
import { createSandbox, type RenderPdf } from './index.js';

const key = z.object({ keyId: z.string().min(1), secret: z.string().min(16) });
const secretsFile = z.object({
  sms: key,
  sms2: key,
  bank: key,
  platform: key,
  invoice: key,
  courier: key,
  /** Keys of the outside systems at our API; their own where they are not given. */
  bankPush: key.optional(),
  platformPush: key.optional(),
  courierPush: key.optional(),
  smsReceipts: key.optional(),
  sms2Receipts: key.optional(),
});
const environment = z.object({
  SANDBOX_PORT: z.coerce.number().int().min(0).max(65535),
  SANDBOX_HOME: z.string().min(1),
  SANDBOX_SECRETS_FILE: z.string().min(1),
  XINYIN_API_URL: z.url().optional(),
});
const CLOSING_MS = 1_500;

const env = environment.parse(process.env);
const secrets = secretsFile.parse(JSON.parse(readFileSync(env.SANDBOX_SECRETS_FILE, 'utf8')));

const callback = (system: string, signing: z.infer<typeof key>) =>
  env.XINYIN_API_URL ? { url: `${env.XINYIN_API_URL}/api/v1/callbacks/${system}`, ...signing } : undefined;

/** Chromium is started by the first document, so that the sandbox itself is there at once. */
let documents: Promise<Documents> | undefined;
const renderPdf: RenderPdf = async (html, size) => {
  documents ??= openDocuments();
  // A browser that could not start is tried again with the next document.
  documents.catch(() => (documents = undefined));
  return (await documents).renderHtml(html, size);
};

const sandbox = createSandbox({
  folder: env.SANDBOX_HOME,
  secrets,
  renderPdf,
  bankPush: callback('bank', secrets.bankPush ?? secrets.bank),
  platformPush: callback('platform', secrets.platformPush ?? secrets.platform),
  smsReceipts: {
    sms: callback('sms', secrets.smsReceipts ?? secrets.sms),
    sms2: callback('sms2', secrets.sms2Receipts ?? secrets.sms2),
  },
  courierPush: callback('courier', secrets.courierPush ?? secrets.courier),
});

// Loopback only: its pages ask nobody for a password.
const server = sandbox.app.listen(env.SANDBOX_PORT, '127.0.0.1', (failure?: Error) => {
  if (failure) {
    console.error(JSON.stringify({ event: 'not listening', reason: failure.message }));
    process.exit(1);
  }
  console.log(JSON.stringify({ event: 'listening', port: (server.address() as AddressInfo).port }));
});

let closing = false;
async function close(): Promise<void> {
  if (closing) return;
  closing = true;
  // Requests kept open by a fault, or by a document in the press, must not keep the process.
  setTimeout(() => process.exit(0), CLOSING_MS).unref();
  server.close();
  server.closeAllConnections();
  sandbox.close();
  await documents?.then((open) => open.close()).catch(() => undefined);
  process.exit(0);
}
process.on('SIGTERM', () => void close());
process.on('SIGINT', () => void close());
