/** How a responder comes by its certificate: asked for in the database, where anybody might write, and given to responders only. */
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { days } from '#domain';
import { OcspResponder } from '#persistence';
import { createCertificationRequest, generateSm2KeyPair, parseCertificate, responderRequestCode } from '#pki';
import { IsNull } from 'typeorm';
import { OCSP_SECRET } from '../world/office-settings.js';
import { openOcspWorld, START, type OcspWorld, type Responder } from '../world/ocsp-world.js';
import { aCertificate } from './rows.js';

let world: OcspWorld;
let responder: Responder;
beforeEach(async () => {
  world = await openOcspWorld();
  responder = await world.responder('responder');
}, 60_000);
afterEach(() => world.close());

const SERIAL = '4d5e6f';
const look = () => responder.enrolment.look();
const rows = () => world.data.manager.find(OcspResponder, { order: { madeAt: 'ASC' } });
const keyFiles = () => readdirSync(responder.folder).sort();
const standing = () => responder.enrolment.standing();
/** Published, asked, certified, found. */
async function certified(): Promise<string> {
  await world.publish();
  await look();
  expect(await world.certify()).toEqual({ certified: 1, refused: 0 });
  await look();
  return standing()?.responder.certificate.toString('hex') ?? '';
}
const forward = (ms: number) => world.clock.stopAt(new Date(world.clock.now().getTime() + ms));
/** A row as somebody could write it who has the database and nothing else. */
async function intrude(change: Partial<OcspResponder> = {}): Promise<OcspResponder> {
  const request = createCertificationRequest({ subject: { organisation: '某某', commonName: '某某' }, ...generateSm2KeyPair() });
  const row = {
    id: randomUUID(),
    request,
    code: Buffer.alloc(32),
    madeAt: world.clock.now(),
    certificate: null,
    notAfter: null,
    ...change,
  };
  await world.data.manager.insert(OcspResponder, row);
  return row;
}

describe('a responder', () => {
  it('starts before the pki worker, answers tryLater, and picks its certificate up by itself', async () => {
    await aCertificate(world.data, { serial: SERIAL });
    await look();
    expect(await responder.ask(SERIAL)).toEqual({ responseStatus: 'tryLater' });
    await world.publish();
    await look();
    expect(await responder.ask(SERIAL)).toEqual({ responseStatus: 'tryLater' });
    expect(await world.certify()).toEqual({ certified: 1, refused: 0 });
    await look();
    expect(await responder.ask(SERIAL)).toMatchObject({ status: { state: 'good' } });
  });

  it('keeps its key in its folder, readable to its owner only, and out of the database', async () => {
    await certified();
    const [row] = await rows();
    expect(keyFiles()).toEqual([`${row?.id}.key`]);
    const file = join(responder.folder, `${row?.id}.key`);
    expect([statSync(file).mode & 0o777, statSync(responder.folder).mode & 0o777]).toEqual([0o600, 0o700]);
    // PKCS#8: the scalar is the 32 bytes from the 36th on.
    const scalar = readFileSync(file).subarray(36, 68);
    const [found] = (await world.data.query(`SELECT string_agg(ocsp_responder::text, ' ') AS everything FROM ocsp_responder`)) as {
      everything: string;
    }[];
    expect(found?.everything).not.toContain(scalar.toString('hex'));
  });

  it('is certified for thirty days, for OCSP and nothing else, in a name that the authority chose', async () => {
    forward(days(1));
    const certificate = parseCertificate(Buffer.from(await certified(), 'hex'));
    // For clients whose clocks are behind.
    expect(certificate.notBefore).toEqual(new Date('2026-03-03T03:00:00.000Z'));
    const [row] = await rows();
    expect(row?.notAfter).toEqual(certificate.notAfter);
    expect(certificate.notAfter.getTime() - certificate.notBefore.getTime()).toBe(days(30));
    expect(certificate.subject).toMatchObject({ organisation: '信印电子认证中心', commonName: `OCSP 应答 ${row?.id.slice(-12)}` });
    expect([certificate.keyUsage, certificate.extendedKeyUsage, certificate.ocspNoCheck]).toEqual([
      ['digitalSignature'],
      ['1.3.6.1.5.5.7.3.9'],
      true,
    ]);
  });

  it('is asked for once, however often it looks, and a restart goes on with the same key', async () => {
    await look();
    await look();
    responder = await world.responder('responder');
    await look();
    expect(await rows()).toHaveLength(1);
    const first = await certified();
    responder = await world.responder('responder');
    await look();
    expect(standing()?.responder.certificate.toString('hex')).toBe(first);
  });

  it('that crashed between its key and its request asks for that key', async () => {
    await look();
    const [name = ''] = keyFiles();
    const other = await world.responder('other');
    await other.enrolment.look();
    const id = randomUUID();
    writeFileSync(join(responder.folder, `${id}.key`), readFileSync(join(responder.folder, name)), { mode: 0o600 });
    await look();
    expect((await rows()).map((row) => row.id)).toContain(id);
  });

  it('from ten days before the end asks with a new key, answers with the old one meanwhile, and then removes it', async () => {
    const first = await certified();
    const [firstFile] = keyFiles();
    forward(days(20) - 1);
    await look();
    expect(await rows()).toHaveLength(1);
    forward(1);
    await look();
    expect(keyFiles()).toHaveLength(2);
    expect(standing()?.responder.certificate.toString('hex')).toBe(first);
    expect(await world.certify()).toEqual({ certified: 1, refused: 0 });
    await look();
    expect(standing()?.responder.certificate.toString('hex')).not.toBe(first);
    expect(keyFiles()).toHaveLength(1);
    expect(keyFiles()).not.toContain(firstFile);
  });

  it('whose certificate has run out answers tryLater', async () => {
    await aCertificate(world.data, { serial: SERIAL });
    await certified();
    forward(days(30));
    expect(await responder.ask(SERIAL)).toEqual({ responseStatus: 'tryLater' });
  });

  it('whose request nobody took for a day asks anew, with another key', async () => {
    await look();
    const [first] = keyFiles();
    forward(days(1) + 1);
    await look();
    expect(keyFiles()).toHaveLength(1);
    expect(keyFiles()).not.toContain(first);
    expect(await rows()).toHaveLength(2);
  });

  it('two of them have a key and a certificate each', async () => {
    const other = await world.responder('other');
    await other.enrolment.look();
    await look();
    await world.publish();
    expect(await world.certify()).toEqual({ certified: 2, refused: 0 });
    await other.enrolment.look();
    await look();
    const [one, two] = [standing(), other.enrolment.standing()].map((each) => each?.responder.certificate.toString('hex'));
    expect(one).toBeDefined();
    expect(one).not.toBe(two);
  });
});

describe('a request that is not a responder’s', () => {
  const uncertified = () => world.data.manager.countBy(OcspResponder, { certificate: IsNull() });

  it('is refused, stays without a certificate, and keeps no responder waiting', async () => {
    await intrude();
    await look();
    expect(await world.certify()).toEqual({ certified: 1, refused: 1 });
    expect(await uncertified()).toBe(1);
  });

  it('with the code of another row, and a responder’s request under another id, are refused', async () => {
    await look();
    const [theirs] = await rows();
    await intrude({ code: theirs?.code });
    await intrude({ code: theirs?.code, request: theirs?.request });
    expect(await world.certify()).toEqual({ certified: 1, refused: 2 });
  });

  it('with a code by another secret is refused', async () => {
    const row = {
      id: randomUUID(),
      madeAt: START,
      request: createCertificationRequest({ subject: { organisation: 'x', commonName: 'x' }, ...generateSm2KeyPair() }),
    };
    await intrude({ ...row, code: responderRequestCode(`${OCSP_SECRET}.`, row) });
    expect(await world.certify()).toEqual({ certified: 0, refused: 1 });
  });

  it('a responder’s own of two days ago is not taken any more', async () => {
    await look();
    forward(days(2));
    expect(await world.certify()).toEqual({ certified: 0, refused: 0 });
  });

  it('without proof of the key is refused, even with the right code', async () => {
    const request = createCertificationRequest({ subject: { organisation: 'x', commonName: 'x' }, ...generateSm2KeyPair() });
    request[request.length - 1] = (request[request.length - 1] ?? 0) ^ 1;
    const row = { id: randomUUID(), madeAt: START, request };
    await intrude({ ...row, code: responderRequestCode(OCSP_SECRET, row) });
    expect(await world.certify()).toEqual({ certified: 0, refused: 1 });
  });

  it('a certificate that somebody put beside a responder’s request is not used', async () => {
    await world.publish();
    await look();
    const [row] = await rows();
    const other = await openOcspWorld();
    const theirs = await other.responder('responder');
    await other.publish();
    await theirs.enrolment.look();
    await other.certify();
    const [certificate] = await other.data.manager.find(OcspResponder);
    await world.data.manager.update(
      OcspResponder,
      { id: row?.id },
      { certificate: certificate?.certificate, notAfter: certificate?.notAfter },
    );
    await look();
    expect(standing()).toBeNull();
    await other.close();
  });
});

describe('the record', () => {
  const refusesChange = { driverError: expect.objectContaining({ code: '23001' }) };
  it('of what was asked and what was signed never changes and is never removed', async () => {
    await certified();
    const [row] = await rows();
    const { id = '' } = row ?? {};
    const update = (change: Partial<OcspResponder>) => world.data.manager.update(OcspResponder, { id }, change);
    for (const change of [
      { request: Buffer.from('x') },
      { code: Buffer.from('x') },
      { madeAt: new Date(0) },
      { certificate: Buffer.from('x') },
    ])
      await expect(update(change)).rejects.toMatchObject(refusesChange);
    await expect(update({ certificate: null, notAfter: null })).rejects.toMatchObject(refusesChange);
    await expect(world.data.manager.delete(OcspResponder, { id })).rejects.toMatchObject(refusesChange);
    await expect(world.data.query('TRUNCATE ocsp_responder')).rejects.toMatchObject(refusesChange);
  });
});
