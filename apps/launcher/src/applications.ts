/** Our own processes: what each is started with, and how it says that it is ready. */
import { join } from 'node:path';
import { commonEnvironment, type Installation } from './installation.js';
import type { Secrets } from './secrets.js';
import type { ChildSpec, Readiness } from './supervisor.js';

/** What each heap may take (MB), that of the main thread and that of the workflows', of all that a process may: the collector would otherwise let garbage of old cases grow with the machine's memory. */
const WORKER_HEAP = ['--max-old-space-size=200'];
const API_HEAP = ['--max-old-space-size=192'];

/** Without it, glibc gives each thread an arena of its own that is never given back. */
const FEW_ARENAS = { MALLOC_ARENA_MAX: '2' };

const WORKER_READY: Readiness = { line: 'worker ready' };

export function sandboxChild(installation: Installation, secrets: Secrets): ChildSpec {
  const { home, ports, urls } = installation;
  const env = { SANDBOX_PORT: String(ports.sandbox), SANDBOX_HOME: join(home, 'sandbox'), SANDBOX_SECRETS_FILE: secrets.files.sandbox };
  // It is the outside world: it gets its own settings and none of ours.
  const { PATH, HOME, TMPDIR, NODE_ENV, PUPPETEER_EXECUTABLE_PATH } = process.env;
  return {
    ...ours(installation, 'sandbox', 'apps/sandbox/src/main.js', []),
    env: { PATH, HOME, TMPDIR, NODE_ENV: NODE_ENV ?? 'production', PUPPETEER_EXECUTABLE_PATH, ...env, XINYIN_API_URL: urls.api },
    ready: { url: `${urls.sandbox}/` },
  };
}

/** Everything that needs the database and Temporal. */
export function applicationChildren(installation: Installation, secrets: Secrets): ChildSpec[] {
  const { ports, urls } = installation;
  const env = commonEnvironment(installation, secrets);
  const worker = (name: string, queues: string, more: NodeJS.ProcessEnv = {}): ChildSpec => ({
    ...ours(installation, name, 'apps/worker/src/main.js', ['--queues', queues], WORKER_HEAP),
    env: { ...FEW_ARENAS, ...env, ...more },
    ready: WORKER_READY,
  });
  return [
    {
      ...ours(installation, 'api', 'apps/api/src/main.js', [], API_HEAP),
      env: { ...FEW_ARENAS, ...env, PORT: String(ports.api) },
      ready: { url: `${urls.api}/readyz` },
    },
    worker('worker', 'business,documents'),
    // Alone with the keys of the certificate authority.
    worker('pki-worker', 'pki', { XINYIN_PKI_PASSPHRASE: secrets.pkiPassphrase, XINYIN_OCSP_SECRET: secrets.ocspSecret }),
    worker('station', 'station'),
    {
      ...ours(installation, 'responder', 'apps/responder/src/main.js', []),
      env: { ...env, PORT: String(ports.responder), XINYIN_OCSP_SECRET: secrets.ocspSecret },
      ready: { url: `${urls.responder}/healthz` },
    },
  ];
}

/** Migrates, seeds and makes the schedules; runs to its end before the others start. */
export function prepareCommand(installation: Installation, secrets: Secrets): { command: string; args: string[]; env: NodeJS.ProcessEnv } {
  const { command, args } = ours(installation, 'prepare', 'apps/worker/src/prepare.js', []);
  return { command, args, env: commonEnvironment(installation, secrets) };
}

/** Verifies the audit and ends; tells what it finds as lines of JSON. */
export function verifyAuditCommand(installation: Installation, secrets: Secrets) {
  const { command, args } = ours(installation, 'verify-audit', 'apps/worker/src/verify-audit.js', []);
  return { command, args, env: commonEnvironment(installation, secrets) };
}

function ours({ root }: Installation, name: string, program: string, args: string[], flags: string[] = []) {
  return { name, command: process.execPath, args: ['--enable-source-maps', ...flags, join(root, 'dist', program), ...args], cwd: root };
}
