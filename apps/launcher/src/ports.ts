/** Ports: the settings, their defaults, and a clear word when one is taken. */
import { createServer } from 'node:net';
import { LaunchError } from './failure.js';
import { describeProcess, findPortHolders } from './port-holder.js';

export const portSettings = {
  api: { setting: 'XINYIN_API_PORT', standard: 3000 },
  responder: { setting: 'XINYIN_RESPONDER_PORT', standard: 3001 },
  sandbox: { setting: 'XINYIN_SANDBOX_PORT', standard: 3002 },
  postgres: { setting: 'XINYIN_POSTGRES_PORT', standard: 5433 },
  temporal: { setting: 'XINYIN_TEMPORAL_PORT', standard: 7233 },
  temporalUi: { setting: 'XINYIN_TEMPORAL_UI_PORT', standard: 8233 },
} as const;

export type PortName = keyof typeof portSettings;
export type Ports = Readonly<Record<PortName, number>>;

const names: Readonly<Record<PortName, string>> = {
  api: 'the API',
  responder: 'the responder',
  sandbox: 'the sandbox',
  postgres: 'Postgres',
  temporal: 'Temporal',
  temporalUi: 'the Temporal UI',
};

export function readPorts(env: NodeJS.ProcessEnv): Ports {
  const ports = Object.entries(portSettings).map(([name, { setting, standard }]) => {
    const text = env[setting];
    const port = text === undefined || text === '' ? standard : Number(text);
    if (!Number.isInteger(port) || port < 1 || port > 65535)
      throw new LaunchError(`${setting} must be a port from 1 to 65535, not "${text}".`);
    return [name, port] as const;
  });
  const taken = new Map<number, string>();
  for (const [name, port] of ports) {
    const other = taken.get(port);
    const setting = portSettings[name as PortName].setting;
    if (other !== undefined) throw new LaunchError(`${setting} and ${other} are both ${port}. Give them different ports.`);
    taken.set(port, setting);
  }
  return Object.fromEntries(ports) as Ports;
}

/** @throws LaunchError that names every port in use, its holder, and the setting that moves it */
export async function assertPortsFree(wanted: readonly PortName[], ports: Ports): Promise<void> {
  const free = await Promise.all(wanted.map((name) => isFree(ports[name])));
  const taken = wanted.filter((_name, index) => !free[index]);
  if (taken.length === 0) return;
  const lines = await Promise.all(taken.map((name) => explain(name, ports[name])));
  throw new LaunchError(lines.join('\n'));
}

async function explain(name: PortName, port: number): Promise<string> {
  const holders = await Promise.all((await findPortHolders(port)).map(describeProcess));
  const by = holders.length === 0 ? 'a process that this user may not see' : holders.join(' and ');
  const other = port < 50_000 ? port + 10_000 : port - 10_000;
  return `Port ${port}, wanted for ${names[name]}, is in use by ${by}.\n  Stop that, or choose another port: ${portSettings[name].setting}=${other} npm start`;
}

/** A program may hold the port on one address only, so the loopback and all addresses are tried. */
async function isFree(port: number): Promise<boolean> {
  for (const host of ['127.0.0.1', '0.0.0.0', '::']) {
    if ((await listenError(port, host)) === 'EADDRINUSE') return false;
  }
  return true;
}

function listenError(port: number, host: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}

/** Any port that is free now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port'))));
    });
  });
}
