/** This installation: its folders, ports, addresses and secrets, read once. */
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readPorts, type PortName, type Ports } from './ports.js';
import { loadOrCreateSecrets, type Secrets } from './secrets.js';
import { databaseUrl, type PostgresCluster } from './postgres.js';

export interface Urls {
  api: string;
  apiDocs: string;
  responder: string;
  sandbox: string;
  /** Absent when Temporal is somebody else's. */
  temporalUi?: string;
}

export interface Installation {
  root: string;
  home: string;
  ports: Ports;
  /** Those that we serve ourselves. */
  served: PortName[];
  urls: Urls;
  external: { databaseUrl?: string; temporalAddress?: string };
}

export const apiDocs = (api: string): string => `${api}/api/docs`;

export const DATABASE = 'xinyin';

/** The checkout, seen from the compiled program and from its source alike. */
export function findRoot(): string {
  const here = fileURLToPath(new URL('.', import.meta.url));
  return resolve(here, here.includes(join('dist', 'apps', 'launcher')) ? '../../../..' : '../../..');
}

export function homeFolder(root: string, env: NodeJS.ProcessEnv = process.env): string {
  return resolve(root, env['XINYIN_HOME'] || '.data');
}

export function describeInstallation(root: string, env: NodeJS.ProcessEnv = process.env): Installation {
  const ports = readPorts(env);
  const external = { databaseUrl: env['DATABASE_URL'] || undefined, temporalAddress: env['TEMPORAL_ADDRESS'] || undefined };
  const at = (name: PortName) => `http://127.0.0.1:${ports[name]}`;
  return {
    root,
    home: homeFolder(root, env),
    ports,
    served: [
      ...(['api', 'responder', 'sandbox'] as const),
      ...(external.databaseUrl ? [] : (['postgres'] as const)),
      ...(external.temporalAddress ? [] : (['temporal', 'temporalUi'] as const)),
    ],
    urls: {
      api: at('api'),
      apiDocs: apiDocs(at('api')),
      responder: at('responder'),
      sandbox: at('sandbox'),
      ...(external.temporalAddress ? {} : { temporalUi: at('temporalUi') }),
    },
    external,
  };
}

export function openHome({ home }: Installation): Secrets {
  // Others may pass through (Postgres, when we are root) but not look around.
  mkdirSync(home, { recursive: true, mode: 0o711 });
  return loadOrCreateSecrets(home);
}

export function postgresCluster({ home, ports }: Installation, secrets: Secrets): PostgresCluster {
  return { folder: join(home, 'postgres'), port: ports.postgres, password: secrets.shared.postgresPassword, durable: true };
}

/** What every process of ours is told. */
export function commonEnvironment(installation: Installation, secrets: Secrets): NodeJS.ProcessEnv {
  const { external, home, ports, urls } = installation;
  const inherited = { ...process.env };
  // Only those may have them that are given them in applications.ts, whoever set them.
  delete inherited['XINYIN_PKI_PASSPHRASE'];
  delete inherited['XINYIN_OCSP_SECRET'];
  return {
    ...inherited,
    NODE_ENV: process.env['NODE_ENV'] ?? 'production',
    XINYIN_MODE: 'demo',
    XINYIN_HOME: home,
    XINYIN_SECRETS_FILE: secrets.files.shared,
    DATABASE_URL: external.databaseUrl ?? databaseUrl(postgresCluster(installation, secrets), DATABASE),
    TEMPORAL_ADDRESS: external.temporalAddress ?? `127.0.0.1:${ports.temporal}`,
    XINYIN_API_URL: urls.api,
    XINYIN_RESPONDER_URL: urls.responder,
    XINYIN_SANDBOX_URL: urls.sandbox,
    ...(urls.temporalUi === undefined ? {} : { XINYIN_TEMPORAL_UI_URL: urls.temporalUi }),
  };
}
