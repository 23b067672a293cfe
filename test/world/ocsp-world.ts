/** A database, an authority, what the pki worker does for responders, and responders as the process runs them, by a clock that a test moves. */
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPkiActivities } from '#activities';
import { publishedHolidays } from '#config';
import { createLogger } from '#observability';
import { checkpointCopy, createDataSource } from '#persistence';
import { ocspRequest, openAuthority, parseCertificate, readOcspResponse, type Authority, type OcspReading } from '#pki';
import type { DataSource } from 'typeorm';
import { createResponder, openEnrolment, type Enrolment } from '../../apps/responder/src/index.js';
import { publishAuthority } from '../../apps/worker/src/open-pki.js';
import { createClock, type Clock } from './clock.js';
import { freshDatabase } from './database.js';
import { OCSP_SECRET, PKI_PASSPHRASE } from './office-settings.js';

export interface Responder {
  readonly enrolment: Enrolment;
  readonly folder: string;
  readonly url: string;
  post(request: Uint8Array): Promise<Buffer>;
  /** Asks about a certificate, with a nonce, and checks the answer as a client does. */
  ask(serial: string, issuer?: Buffer): Promise<OcspReading>;
}

export interface OcspWorld {
  readonly data: DataSource;
  readonly databaseUrl: string;
  readonly authority: Authority;
  readonly clock: Clock;
  readonly home: string;
  /** What the pki worker puts into the database when it starts. */
  publish(): Promise<void>;
  /** As the activity of the queue `pki`. */
  certify(): Promise<{ certified: number; refused: number }>;
  /** A responder with a folder of its own; `over` is another way to the database. */
  responder(name: string, over?: { url: string; patienceMs: number }): Promise<Responder>;
  close(): Promise<void>;
}

export const START = new Date('2026-03-02T04:00:00.000Z');

export async function openOcspWorld(): Promise<OcspWorld> {
  const home = mkdtempSync(join(tmpdir(), 'xinyin-ocsp-'));
  const closing: (() => Promise<unknown>)[] = [() => Promise.resolve(rmSync(home, { recursive: true }))];
  const clock = createClock();
  clock.stopAt(START);
  const databaseUrl = await freshDatabase();
  const connect = async (url: string) => {
    const data = createDataSource({ url, applicationName: 'spec', poolSize: 4 });
    await data.initialize();
    closing.push(() => data.destroy());
    return data;
  };
  const data = await connect(databaseUrl);
  await data.runMigrations();
  const urls = { crl: 'http://127.0.0.1/crl/issuing.crl', ocsp: 'http://127.0.0.1/ocsp', caIssuers: 'http://127.0.0.1/ca/issuing.cer' };
  const authority = await openAuthority({ folder: join(home, 'pki'), passphrase: PKI_PASSPHRASE, urls, now: clock.now });
  const checkpoints = checkpointCopy(join(home, 'audit'));
  const deps = { data, now: clock.now, holidays: publishedHolidays, authority, checkpoints, demo: false, ocspSecret: OCSP_SECRET };
  const activities = createPkiActivities(deps);

  const responder: OcspWorld['responder'] = async (name, over) => {
    const own = over ? await connect(over.url) : data;
    const folder = join(home, name);
    const log = createLogger('responder', 'silent');
    const enrolment = openEnrolment({ data: own, folder, secret: OCSP_SECRET, now: clock.now, log });
    const app = createResponder(own, { standing: enrolment.standing, now: clock.now, log, patienceMs: over?.patienceMs });
    const server = app.listen(0, '127.0.0.1');
    await new Promise((listening) => server.once('listening', listening));
    closing.push(() => new Promise((closed) => (server.closeAllConnections(), server.close(closed))));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/ocsp`;
    const post = async (request: Uint8Array) => {
      const headers = { 'Content-Type': 'application/ocsp-request' };
      const response = await fetch(url, { method: 'POST', headers, body: new Uint8Array(request) });
      if (response.status !== 200) throw new Error(`status ${response.status}`);
      return Buffer.from(await response.arrayBuffer());
    };
    const ask = async (serial: string, issuer = authority.issuingCertificate) => {
      const nonce = Buffer.alloc(32, serial.length);
      const der = await post(ocspRequest({ issuer: parseCertificate(issuer), serials: [serial], nonce }));
      return readOcspResponse(der, { issuer, serial, at: clock.now(), nonce });
    };
    return { enrolment, folder, url, post, ask };
  };
  return {
    data,
    databaseUrl,
    authority,
    clock,
    home,
    publish: () => publishAuthority(data, authority),
    certify: () => activities.certifyResponders(),
    responder,
    close: async () => {
      for (const close of closing.reverse()) await close();
    },
  };
}
