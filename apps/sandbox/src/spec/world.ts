/** A small world for specs: the sandbox on port 0 in a folder of its own, our real adapters in front of it, and a clock that is set. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGateways, verifySignedRequest, type Gateways, type GatewaySettings, type SystemName } from '#gateways';
import { createSandbox, type CallbackTarget, type Sandbox, type SandboxOptions } from '../index.js';

export const NOON = new Date('2026-03-06T04:00:00Z');
const systems: readonly SystemName[] = ['sms', 'sms2', 'bank', 'platform', 'invoice', 'courier'];
const bySystem = <T>(make: (system: SystemName) => T) =>
  Object.fromEntries(systems.map((each) => [each, make(each)])) as Record<SystemName, T>;
const secrets = bySystem((system) => ({ keyId: `key-of-${system}`, secret: `secret-of-${system}-for-specs` }));

export interface SpecWorld {
  /** A new folder and a running sandbox. */
  start(): Promise<void>;
  close(): Promise<void>;
  url: string;
  gateways: Gateways;
  /** A gateway with other settings, to be wrong on purpose. */
  gatewaysWith(change: Partial<GatewaySettings>, now?: () => Date): Gateways;
  /** JSON as a person's tool would send it; unsigned. */
  people(method: string, path: string, message?: object): Promise<{ status: number; value: unknown }>;
  /** What was printed. */
  printed: string[];
  restart(): Promise<void>;
}

export function specWorld(options: Partial<SandboxOptions> = {}): SpecWorld {
  const world = { printed: [] as string[] } as SpecWorld;
  let folder: string;
  let sandbox: Sandbox;
  let server: Server;

  const start = async () => {
    const renderPdf = (html: string) => Promise.resolve(Buffer.from(`%PDF-1.7 spec ${world.printed.push(html)}`));
    sandbox = createSandbox({ folder, secrets, renderPdf, now: () => NOON, pauseMs: () => 1, ...options });
    server = sandbox.app.listen(0, '127.0.0.1');
    await new Promise((ready) => server.once('listening', ready));
    world.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    world.gateways = world.gatewaysWith({});
  };
  const stop = async () => {
    const closed = new Promise((done) => server.close(done));
    server.closeAllConnections();
    await closed;
    sandbox.close();
  };
  world.gatewaysWith = (change, now = () => NOON) =>
    createGateways(
      bySystem((system) => ({ baseUrl: `${world.url}/${system}`, ...secrets[system], timeoutMs: 4_000, ...change })),
      { now },
    );
  world.people = async (method, path, message) => {
    const headers = message ? { 'Content-Type': 'application/json' } : undefined;
    const response = await fetch(world.url + path, { method, headers, body: message && JSON.stringify(message) });
    const text = await response.text();
    return { status: response.status, value: text === '' ? null : (JSON.parse(text) as unknown) };
  };
  world.restart = async () => {
    await stop();
    await start();
  };

  world.start = async () => {
    folder = mkdtempSync(join(tmpdir(), 'sandbox-spec-'));
    world.printed = [];
    await start();
  };
  world.close = async () => {
    await stop();
    rmSync(folder, { recursive: true });
  };
  return world;
}

/** Our API's ear for callbacks: checks the signature as the API does, and refuses as often as it is told to. */
export interface Ear {
  target: CallbackTarget;
  heard: unknown[];
  refuseNext: number;
  /** Resolves when so many messages have been taken. */
  until(count: number): Promise<unknown[]>;
}

export async function listen(path: string): Promise<Ear & { close(): void }> {
  const nonces = new Set<string>();
  const waiting: { count: number; done: (heard: unknown[]) => void }[] = [];
  const ear = { heard: [], refuseNext: 0 } as unknown as Ear;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const rawBody = Buffer.concat(chunks);
      const rememberNonce = (_: string, nonce: string) => Promise.resolve(!nonces.has(nonce) && nonces.add(nonce).size > 0);
      const { method = '', url = '', headers } = request;
      const rules = {
        secretFor: (keyId: string) => (keyId === 'push-key' ? ear.target.secret : undefined),
        now: () => NOON,
        rememberNonce,
      };
      verifySignedRequest({ method, path: url, headers, rawBody }, rules).then(
        () => {
          if (ear.refuseNext > 0) {
            ear.refuseNext -= 1;
            return response.writeHead(503).end();
          }
          ear.heard.push(JSON.parse(rawBody.toString('utf8')));
          for (const { count, done } of waiting) if (ear.heard.length >= count) done(ear.heard);
          return response.writeHead(202).end();
        },
        () => response.writeHead(401).end(),
      );
    });
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;
  ear.target = { url, keyId: 'push-key', secret: 'secret-of-the-push-for-specs' };
  ear.until = (count) =>
    new Promise((done) => {
      if (ear.heard.length >= count) done(ear.heard);
      else waiting.push({ count, done });
    });
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return Object.assign(ear, { close });
}
