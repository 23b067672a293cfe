/** The responder and the pki worker as processes of their own, started in the wrong order, with nothing between them but the database. */
import { readdirSync } from 'node:fs';
import { ocspRequest, parseCertificate, readOcspResponse } from '#pki';
import { openOffice, type Office } from '../world/office.js';
import { startProcess, startWorker, type OwnProcess } from '../world/own-process.js';

describe('responder and pki worker', () => {
  let office: Office;
  const started: OwnProcess[] = [];
  beforeAll(async () => {
    office = await openOffice({ workers: false });
  }, 120_000);
  afterAll(async () => {
    for (const each of started) await each.kill();
    await office.close();
  }, 60_000);

  const responder = (env: NodeJS.ProcessEnv) => {
    const process = startProcess('apps/responder/src/main.ts', [], env);
    started.push(process);
    return process;
  };

  it('the responder answers tryLater until the worker has certified it, and by itself from then on', async () => {
    const { url } = JSON.parse(await responder(office.environment).line('responder ready')) as { url: string };
    const issuer = office.authority.issuingCertificate;
    const serial = '4d5e6f';
    const ask = async () => {
      const body = new Uint8Array(ocspRequest({ issuer: parseCertificate(issuer), serials: [serial] }));
      const headers = { 'Content-Type': 'application/ocsp-request' };
      const response = await fetch(`${url}/ocsp`, { method: 'POST', headers, body });
      return readOcspResponse(Buffer.from(await response.arrayBuffer()), { issuer, serial, at: new Date() });
    };
    expect(await ask()).toEqual({ responseStatus: 'tryLater' });
    started.push(await startWorker('pki', office.environment));
    const answered = async () => {
      const reading = await ask();
      return reading.responseStatus === 'successful' ? reading : null;
    };
    expect(await office.until(answered, 'the responder’s certificate')).toMatchObject({ status: { state: 'unknown' } });
    expect(readdirSync(office.settings.folders.responder)).toHaveLength(1);
  }, 120_000);

  it('the responder does not start without the secret, and says which', async () => {
    const { XINYIN_OCSP_SECRET: _secret, ...env } = office.environment;
    const process = responder(env);
    await expect(process.line('responder ready')).rejects.toThrow('it ended before');
    expect(process.said()).toContain('XINYIN_OCSP_SECRET: needed to ask for a certificate');
  }, 60_000);
});
