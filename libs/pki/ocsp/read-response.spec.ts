import { createHash } from 'node:crypto';
import { parseCertificate } from '../certificate-view.js';
import { bitString, enumerated, explicit, generalizedTime, octetString, oid, sequence, tlv } from '../der.js';
import { OID } from '../oids.js';
import { generateSm2KeyPair } from '../sm2.js';
import { keySigner } from '../signer.js';
import { SIGNATURE_ALGORITHM } from '../tbs-certificate.js';
import { readOcspResponse, type OcspExpectation } from './read-response.js';
import { ocspRequest, readOcspRequest } from './request.js';
import { ocspRefusal, ocspResponse, type CertificateStatus, type OcspResponseContent, type OcspSigner } from './response.js';
import { aResponder, LATER, NOW, openOcspWorld, type OcspWorld } from './spec/world.js';

let world: OcspWorld;
beforeAll(async () => {
  world = await openOcspWorld();
});
afterAll(() => world.close());

const NONCE = Buffer.alloc(32, 7);
const AT = new Date('2026-11-24T01:30:00Z');

interface Given {
  readonly by?: OcspSigner;
  readonly status?: CertificateStatus;
  readonly content?: Partial<OcspResponseContent>;
  readonly hash?: 'sha1' | 'sha256' | 'sm3';
}
function given({ by = world.responder, status = { state: 'good' }, content, hash }: Given = {}): Buffer {
  const { certIds } = readOcspRequest(ocspRequest({ issuer: world.issuer, serials: [world.leaf.serial], hash }));
  const answers = certIds.map((certId) => ({ certId, status }));
  return ocspResponse(by, { producedAt: NOW, thisUpdate: NOW, nextUpdate: LATER, answers, nonce: NONCE, ...content });
}
const read = (der: Uint8Array, change: Partial<OcspExpectation> = {}) =>
  readOcspResponse(der, { issuer: world.issuer.der, serial: world.leaf.serial, at: AT, nonce: NONCE, ...change });
const refused = (field: string) => expect.objectContaining({ fields: [{ field, code: 'FIELD_FORMAT' }] });

describe('a response that is right', () => {
  it.each(['sha1', 'sha256', 'sm3'] as const)('good, asked by %s', (hash) => {
    expect(read(given({ hash }))).toMatchObject({
      responseStatus: 'successful',
      status: { state: 'good' },
      producedAt: NOW,
      thisUpdate: NOW,
      nextUpdate: LATER,
      nonce: NONCE,
      responder: { der: world.responder.certificate },
    });
  });
  it.each<CertificateStatus>([
    { state: 'unknown' },
    { state: 'revoked', at: NOW, reason: 'certificateHold' },
    { state: 'revoked', at: NOW, reason: 'unspecified' },
  ])('%j', (status) => {
    expect(read(given({ status }))).toMatchObject({ status });
  });
  it('without a nonce is taken by whoever sent none', () => {
    expect(read(given({ content: { nonce: null } }), { nonce: undefined })).toMatchObject({ nonce: null });
  });
  it.each(['malformedRequest', 'internalError', 'tryLater', 'unauthorized'] as const)('or a refusal: %s', (responseStatus) => {
    expect(read(ocspRefusal(responseStatus))).toEqual({ responseStatus });
  });
  it('is taken up to the last second before nextUpdate, and when our clock is four minutes behind', () => {
    expect(read(given(), { at: new Date('2026-11-24T02:02:02Z') })).toMatchObject({ status: { state: 'good' } });
    expect(read(given({ content: { thisUpdate: new Date('2026-11-24T01:34:00Z') } }))).toMatchObject({ status: { state: 'good' } });
  });
});

describe('a response is refused', () => {
  it('that another key signed than that of the certificate with it', () => {
    const { privateKey, publicKey } = generateSm2KeyPair();
    const signer = { publicKey: world.responder.signer.publicKey, sign: keySigner(privateKey, publicKey).sign };
    expect(() => read(given({ by: { ...world.responder, signer } }))).toThrow(refused('ocsp/signature'));
  });
  it('whose responder id names a key whose certificate is not with it', () => {
    const other = aResponder(world.authority);
    expect(() => read(given({ by: { ...world.responder, signer: other.signer } }))).toThrow(refused('ocsp/responder/unnamed'));
  });
  it('one bit of whose data was changed', () => {
    const der = given({ status: { state: 'good' } });
    const at = der.indexOf(Buffer.from('8000', 'hex'), der.indexOf(Buffer.from(world.leaf.serial, 'hex')));
    // [0] good to [2] unknown.
    der[at] = 0x82;
    expect(() => read(der)).toThrow(refused('ocsp/signature'));
  });
  it('by a certificate of this authority that is for something else: no OCSP signing', () => {
    expect(() => read(given({ by: aResponder(world.authority, 'seal-maker') }))).toThrow(refused('ocsp/responder/extendedKeyUsage'));
  });
  it('by a responder of another authority', async () => {
    const other = await openOcspWorld();
    expect(() => read(given({ by: other.responder }))).toThrow(refused('ocsp/responder/issuer'));
    other.close();
  });
  it('by a responder whose certificate has run out', () => {
    const at = new Date('2026-12-24T01:30:00Z');
    const content = { thisUpdate: at, nextUpdate: new Date('2026-12-24T02:30:00Z') };
    expect(() => read(given({ content }), { at })).toThrow(refused('ocsp/responder/validity'));
  });
  it('that is stale: nextUpdate has come', () => {
    expect(() => read(given(), { at: LATER })).toThrow(refused('ocsp/nextUpdate'));
  });
  it('that is of the future', () => {
    const content = { thisUpdate: new Date('2026-11-24T01:35:01Z') };
    expect(() => read(given({ content }))).toThrow(refused('ocsp/thisUpdate'));
  });
  it('with another nonce than was sent, or with none', () => {
    expect(() => read(given({ content: { nonce: Buffer.alloc(32, 8) } }))).toThrow(refused('ocsp/nonce'));
    expect(() => read(given({ content: { nonce: null } }))).toThrow(refused('ocsp/nonce'));
  });
  it('about another serial number, or about one of another authority', () => {
    expect(() => read(given(), { serial: '1234' })).toThrow(refused('ocsp/certId'));
    const root = parseCertificate(world.authority.rootCertificate);
    const { certIds } = readOcspRequest(ocspRequest({ issuer: root, serials: [world.leaf.serial] }));
    const answers = certIds.map((certId) => ({ certId, status: { state: 'good' as const } }));
    expect(() => read(given({ content: { answers } }))).toThrow(refused('ocsp/certId'));
  });
  it('RFC 5019, 2.2.4: without nextUpdate', () => {
    expect(() => read(withoutNextUpdate())).toThrow(refused('ocsp/nextUpdate'));
  });
  it('that is cut short, or no response at all', () => {
    expect(() => read(given().subarray(0, -1))).toThrow(refused('der'));
    expect(() => read(sequence(enumerated(4)))).toThrow(refused('ocsp/response'));
    expect(() => read(sequence(enumerated(0)))).toThrow(refused('ocsp/response'));
  });
});

function withoutNextUpdate(): Buffer {
  const { certificate, signer } = world.responder;
  const [certId] = readOcspRequest(ocspRequest({ issuer: world.issuer, serials: [world.leaf.serial], nonce: NONCE })).certIds;
  const key = createHash('sha1').update(parseCertificate(certificate).spki.subarray(-65)).digest();
  const single = sequence(certId?.der ?? Buffer.alloc(0), tlv(0x80), generalizedTime(NOW));
  const nonce = sequence(oid(OID.ocspNonce), octetString(octetString(NONCE)));
  const data = sequence(explicit(2, octetString(key)), generalizedTime(NOW), sequence(single), explicit(1, sequence(nonce)));
  const basic = sequence(data, SIGNATURE_ALGORITHM, bitString(signer.sign(data)), explicit(0, sequence(certificate)));
  return sequence(enumerated(0), explicit(0, sequence(oid(OID.ocspBasic), octetString(basic))));
}
