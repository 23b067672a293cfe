/** OCSP as relying parties have it: over HTTP, from the rows as they are this moment, and in spite of whatever is sent. */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Certificate } from '#persistence';
import { generateSm2KeyPair, ocspRequest, parseCertificate, readOcspResponse, toPem } from '#pki';
import * as fc from 'fast-check';
import { openLine } from '../world/line.js';
import { openOcspWorld, START, type OcspWorld, type Responder } from '../world/ocsp-world.js';
import { aCertificate } from './rows.js';

const REQUESTS = 1000;

let world: OcspWorld;
let responder: Responder;
beforeAll(async () => {
  world = await openOcspWorld();
  await world.publish();
  responder = await world.responder('responder');
  await responder.enrolment.look();
  await world.certify();
  await responder.enrolment.look();
}, 60_000);
afterAll(() => world.close());

const newSerial = () => `4${randomBytes(16).toString('hex').slice(1)}`;
async function aRow(change: Partial<Certificate> = {}): Promise<string> {
  const serial = newSerial();
  await aCertificate(world.data, { serial, ...change });
  return serial;
}
const status = async (serial: string) => {
  const reading = await responder.ask(serial);
  return reading.responseStatus === 'successful' ? reading.status : reading.responseStatus;
};
const revoke = (serial: string, revocationReason: string | null, revokedAt: Date | null = START) =>
  world.data.manager.update(Certificate, { serial }, { state: 'revoked', revokedAt, revocationReason });

describe('the status of a certificate', () => {
  it('is good while its row is valid, and revoked in the next answer after the row', async () => {
    const serial = await aRow();
    expect(await status(serial)).toEqual({ state: 'good' });
    const at = new Date('2026-03-02T03:59:58.000Z');
    await revoke(serial, 'keyCompromise', at);
    expect(await status(serial)).toEqual({ state: 'revoked', at, reason: 'keyCompromise' });
  });

  it('on hold is certificateHold, and good again once the hold is lifted', async () => {
    const serial = await aRow();
    await revoke(serial, 'certificateHold');
    expect(await status(serial)).toEqual({ state: 'revoked', at: START, reason: 'certificateHold' });
    await world.data.manager.update(Certificate, { serial }, { state: 'valid', revokedAt: null, revocationReason: null });
    expect(await status(serial)).toEqual({ state: 'good' });
  });

  it('revoked for a reason that the standard does not have is revoked without one', async () => {
    const serial = await aRow();
    await revoke(serial, 'applicant-withdrew');
    expect(await status(serial)).toEqual({ state: 'revoked', at: START, reason: 'unspecified' });
  });

  it('is unknown for a number nobody has, and for one that is taken but not signed', async () => {
    expect(await status(newSerial())).toEqual({ state: 'unknown' });
    expect(await status(await aRow({ der: null, state: 'prepared', issuedAt: null }))).toEqual({ state: 'unknown' });
  });

  it('is good for the seal maker, which the issuing CA certified too', async () => {
    expect(await status(parseCertificate(world.authority.sealMakerCertificate).serial)).toEqual({ state: 'good' });
  });

  it('is not for this responder to say of what the root issued', async () => {
    const { rootCertificate, issuingCertificate } = world.authority;
    expect(await responder.ask(parseCertificate(issuingCertificate).serial, rootCertificate)).toEqual({ responseStatus: 'unauthorized' });
  });

  it('of several certificates comes in one response', async () => {
    const [one, other] = [await aRow(), await aRow()];
    await revoke(other, 'superseded');
    const issuer = world.authority.issuingCertificate;
    const der = await responder.post(ocspRequest({ issuer: parseCertificate(issuer), serials: [one, other], hash: 'sm3' }));
    const states = [one, other].map((serial) => readOcspResponse(der, { issuer, serial, at: START }));
    expect(states).toMatchObject([{ status: { state: 'good' } }, { status: { state: 'revoked', reason: 'superseded' } }]);
  });

  it('OpenSSL asks over HTTP, by POST, and understands', async () => {
    const { authority, home } = world;
    const name = '成都信印科技有限公司';
    const linted = authority.prepare('organisation-signing', {
      subject: { organisation: name, commonName: name },
      publicKey: generateSm2KeyPair().publicKey,
      notBefore: START,
      notAfter: new Date('2027-03-02T04:00:00Z'),
      uscc: '91350100M000100Y43',
    });
    const { der, serial } = authority.sign(linted);
    await aRow({ serial });
    await revoke(serial, 'cessationOfOperation');
    writeFileSync(join(home, 'issuer.pem'), toPem('CERTIFICATE', authority.issuingCertificate));
    writeFileSync(join(home, 'leaf.pem'), toPem('CERTIFICATE', der));
    const question = ['ocsp', '-issuer', 'issuer.pem', '-cert', 'leaf.pem', '-url', responder.url, '-noverify'];
    const said = await openssl([...question, '-validity_period', '2000000000'], home);
    expect(said).toMatch(/leaf\.pem: revoked\n.*\n.*\n\s+Reason: cessationOfOperation\n\s+Revocation Time: Mar {2}2 04:00:00 2026 GMT/);
    expect(said).not.toContain('WARNING');
  });
});

describe('damaged requests', () => {
  const damage = fc.record({
    flips: fc.array(fc.record({ at: fc.nat(200), byte: fc.nat(255) }), { minLength: 1, maxLength: 4 }),
    cut: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(120) }),
    more: fc.oneof({ weight: 3, arbitrary: fc.constant(new Uint8Array()) }, { weight: 1, arbitrary: fc.uint8Array({ maxLength: 40 }) }),
    byGet: fc.boolean(),
    encode: fc.boolean(),
  });

  it(`${REQUESTS} of them: every answer is an OCSP response or a refusal of HTTP, and no failure of ours`, async () => {
    const issuer = parseCertificate(world.authority.issuingCertificate);
    const right = ocspRequest({ issuer, serials: [await aRow()], nonce: Buffer.alloc(16, 7) });
    const seen: Record<string, number> = {};
    await fc.assert(
      fc.asyncProperty(damage, async ({ flips, cut, more, byGet, encode }) => {
        const bytes = Buffer.concat([right.subarray(0, right.length - cut), more]);
        for (const { at, byte } of flips) if (at < bytes.length) bytes[at] = byte;
        const base64 = bytes.toString('base64');
        const response = byGet
          ? await fetch(`${responder.url}/${encode ? encodeURIComponent(base64) : base64}`)
          : await fetch(responder.url, { method: 'POST', headers: { 'Content-Type': 'application/ocsp-request' }, body: bytes });
        expect(response.status).toBeLessThan(500);
        const der = Buffer.from(await response.arrayBuffer());
        const answered = response.status === 200 ? (der[4] ?? -1) : response.status;
        seen[answered] = (seen[answered] ?? 0) + 1;
      }),
      { numRuns: REQUESTS, seed: 20_260_302, endOnFailure: true },
    );
    // Malformed for the most part; none failed inside (2) or met a database that was away (3); some were a question all the same.
    expect(seen[1]).toBeGreaterThan(300);
    expect([seen[2], seen[3]]).toEqual([undefined, undefined]);
    expect(seen[6]).toBeGreaterThan(10);
    expect(await status(await aRow())).toEqual({ state: 'good' });
  }, 120_000);
});

describe('a database that is away', () => {
  it.each(['refused', 'silent'] as const)(
    '%s: tryLater within seconds, and the right answer once it is back',
    async (how) => {
      const serial = await aRow();
      const direct = new URL(world.databaseUrl);
      const line = await openLine(direct.host);
      const url = world.databaseUrl.replace(direct.host, line.address);
      const cutOff = await world.responder(`cut-off-${how}`, { url, patienceMs: 500 });
      await cutOff.enrolment.look();
      await world.certify();
      await cutOff.enrolment.look();
      expect(await cutOff.ask(serial)).toMatchObject({ status: { state: 'good' } });
      line.cut(how);
      const begun = performance.now();
      expect(await cutOff.ask(serial)).toEqual({ responseStatus: 'tryLater' });
      expect(performance.now() - begun).toBeLessThan(2_000);
      line.mend();
      expect(await cutOff.ask(serial)).toMatchObject({ status: { state: 'good' } });
      await line.close();
    },
    30_000,
  );
});

/** Not synchronously: the responder that it asks is in this process. */
async function openssl(args: readonly string[], cwd: string): Promise<string> {
  const { stdout, stderr } = await promisify(execFile)('openssl', args, { cwd });
  return stdout + stderr;
}
