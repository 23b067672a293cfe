import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { XinyinError } from '#domain';
import { parseCertificate } from '../certificate-view.js';
import { boolean, elements, explicit, nullValue, octetString, oid, only, sequence, TAG, wholeBits } from '../der.js';
import { toPem } from '../pem.js';
import { exportSpki, generateSm2KeyPair, publicPoint } from '../sm2.js';
import { createCertificationRequest } from '../certification-request.js';
import { isOfIssuer } from './cert-id.js';
import { isFromResponder, responderRequestCode } from './enrolment.js';
import { ocspRequest, readOcspRequest } from './request.js';
import { ocspRefusal, ocspResponse, type CertificateStatus, type OcspRefusal } from './response.js';
import { LATER, NOW, openOcspWorld, type OcspWorld } from './spec/world.js';

let world: OcspWorld;
beforeAll(async () => {
  world = await openOcspWorld();
});
afterAll(() => world.close());

/** A request as OpenSSL writes it. */
function requestByOpenssl(...options: string[]): Buffer {
  const path = world.file('request.der', '');
  world.openssl('ocsp', '-issuer', 'issuer.pem', '-reqout', path, ...options);
  return readFileSync(path);
}
const leafBy = (digest: string, ...options: string[]) => requestByOpenssl(`-${digest}`, '-cert', 'leaf.pem', ...options);

function respond(request: Buffer, ...statuses: CertificateStatus[]): Buffer {
  const { certIds, nonce } = readOcspRequest(request);
  const answers = certIds.map((certId, index) => ({ certId, status: statuses[index] ?? { state: 'good' as const } }));
  return ocspResponse(world.responder, { producedAt: NOW, thisUpdate: NOW, nextUpdate: LATER, answers, nonce });
}
function opensslReads(response: Buffer, ...options: string[]): string {
  return world.openssl('ocsp', '-respin', world.file('response.der', response), '-resp_text', '-noverify', ...options);
}

describe('a request by OpenSSL', () => {
  it.each(['sha1', 'sha256', 'sm3'])('with %s names the certificate and its issuer', (digest) => {
    const { certIds } = readOcspRequest(leafBy(digest));
    expect(certIds.map(({ serial, hash }) => [serial, hash])).toEqual([[world.leaf.serial, digest]]);
    expect(certIds.every((certId) => isOfIssuer(certId, world.issuer))).toBe(true);
    expect(certIds.some((certId) => isOfIssuer(certId, parseCertificate(world.authority.rootCertificate)))).toBe(false);
  });
  it('with a digest that is not known here is read, and belongs to nobody', () => {
    const { certIds } = readOcspRequest(leafBy('sha512'));
    expect(certIds.map((certId) => [certId.hash, isOfIssuer(certId, world.issuer)])).toEqual([[null, false]]);
  });
  it('about several certificates names them in order', () => {
    const request = requestByOpenssl('-cert', 'leaf.pem', '-serial', '0x80ff', '-serial', '0x7f');
    expect(readOcspRequest(request).certIds.map(({ serial }) => serial)).toEqual([world.leaf.serial, '80ff', '7f']);
  });
  it('brings its nonce, or none', () => {
    expect(readOcspRequest(leafBy('sha1')).nonce).toHaveLength(16);
    expect(readOcspRequest(leafBy('sha1', '-no_nonce')).nonce).toBeNull();
  });
  it.each(['sha1', 'sha256', 'sm3'] as const)('with %s is the one we write', (hash) => {
    const ours = ocspRequest({ issuer: world.issuer, serials: [world.leaf.serial], hash });
    expect(ours).toEqual(leafBy(hash, '-no_nonce'));
  });
  it('whose signature nobody checks is read', () => {
    const [tbs] = elements(only(leafBy('sha1'), TAG.sequence).content);
    const signed = sequence(tbs?.bytes ?? Buffer.alloc(0), explicit(0, sequence(nullValue())));
    expect(readOcspRequest(signed).certIds).toHaveLength(1);
  });
});

describe('a request', () => {
  const asked = (nonce?: Buffer) => ocspRequest({ issuer: world.issuer, serials: [world.leaf.serial], nonce });
  it('RFC 8954, 2.1: a nonce has 1 to 32 octets; any other is malformed', () => {
    expect([1, 32].map((length) => readOcspRequest(asked(Buffer.alloc(length, 7))).nonce)).toEqual([
      Buffer.alloc(1, 7),
      Buffer.alloc(32, 7),
    ]);
    expect(() => readOcspRequest(asked(Buffer.alloc(0)))).toThrow(XinyinError);
    expect(() => readOcspRequest(asked(Buffer.alloc(33)))).toThrow(XinyinError);
  });
  it('about nothing is malformed', () => {
    expect(() => readOcspRequest(ocspRequest({ issuer: world.issuer, serials: [] }))).toThrow(XinyinError);
  });
  it('RFC 6960, 4.4: an extension that is not known is ignored, a critical one is not', () => {
    const [certId] = readOcspRequest(asked()).certIds;
    const request = sequence(certId?.der ?? Buffer.alloc(0));
    const unknown = (...flag: Buffer[]) => sequence(sequence(oid('1.2.3.4'), ...flag, octetString(nullValue())));
    const ofAll = (list: Buffer) => sequence(sequence(sequence(request), explicit(2, list)));
    const ofOne = (list: Buffer) => sequence(sequence(sequence(sequence(certId?.der ?? request, explicit(0, list)))));
    expect([ofAll, ofOne].map((place) => readOcspRequest(place(unknown())).certIds.length)).toEqual([1, 1]);
    for (const place of [ofAll, ofOne]) expect(() => readOcspRequest(place(unknown(boolean(true))))).toThrow(XinyinError);
  });
  it('property: bytes changed anywhere are read or refused, and never break the reader', () => {
    const right = asked(Buffer.alloc(16, 7));
    const damage = fc.record({ at: fc.nat(right.length - 1), byte: fc.nat(255), cut: fc.nat(right.length) });
    fc.assert(
      fc.property(damage, ({ at, byte, cut }) => {
        const changed = Buffer.from(right.subarray(0, cut < 20 ? right.length - cut : right.length));
        if (at < changed.length) changed[at] = byte;
        try {
          return readOcspRequest(changed).certIds.length > 0;
        } catch (error) {
          return error instanceof XinyinError;
        }
      }),
      { numRuns: 1000, seed: 20_261_124 },
    );
  });
});

describe('a response, as OpenSSL reads it', () => {
  const at = new Date('2026-11-23T22:00:00Z');
  it('good: responder by key, times, serial number, nonce', () => {
    const request = leafBy('sha1');
    const text = opensslReads(respond(request));
    const keyHash = world.openssl('dgst', '-sha1', '-r', world.file('key', publicPoint(world.responder.signer.publicKey)));
    expect(text).toContain('OCSP Response Status: successful (0x0)');
    expect(text).toContain(`Responder Id: ${keyHash.slice(0, 40).toUpperCase()}`);
    expect(text).toContain('Produced At: Nov 24 01:02:03 2026 GMT');
    expect(text).toContain(`Serial Number: ${world.leaf.serial.toUpperCase()}`);
    expect(text).toContain('Cert Status: good');
    expect(text).toMatch(/This Update: Nov 24 01:02:03 2026 GMT\s+Next Update: Nov 24 02:02:03 2026 GMT/);
    const nonce = readOcspRequest(request).nonce?.toString('hex').toUpperCase() ?? '';
    expect(text).toContain(`OCSP Nonce: \n            0410${nonce}`);
    expect(text).toContain('Signature Algorithm: SM2-with-SM3');
  });
  it.each([
    ['keyCompromise', 'keyCompromise (0x1)'],
    ['certificateHold', 'certificateHold (0x6)'],
    ['superseded', 'superseded (0x4)'],
  ] as const)('revoked, %s', (reason, words) => {
    const text = opensslReads(respond(leafBy('sm3'), { state: 'revoked', at, reason }));
    expect(text).toMatch(/Cert Status: revoked\s+Revocation Time: Nov 23 22:00:00 2026 GMT/);
    expect(text).toContain(`Revocation Reason: ${words}`);
    expect(text).toContain('Hash Algorithm: sm3');
  });
  it('RFC 5280, 5.3.1: revoked without a reason names none', () => {
    const text = opensslReads(respond(leafBy('sha256'), { state: 'revoked', at, reason: 'unspecified' }));
    expect(text).toContain('Cert Status: revoked');
    expect(text).not.toContain('Revocation Reason');
  });
  it('each certificate of a request has its answer, in order', () => {
    const request = requestByOpenssl('-cert', 'leaf.pem', '-serial', '0x1234');
    expect(opensslReads(respond(request, { state: 'good' }, { state: 'unknown' })).match(/Cert Status: \w+/g)).toEqual([
      'Cert Status: good',
      'Cert Status: unknown',
    ]);
  });
  it('OpenSSL finds the answer to its own question', () => {
    // A tolerance of 63 years: it compares with the clock of this machine.
    const question = ['-issuer', 'issuer.pem', '-cert', 'leaf.pem', '-validity_period', '2000000000'];
    const text = opensslReads(respond(leafBy('sha1')), ...question);
    expect(text).toContain('leaf.pem: good');
  });
  it('the signature holds over the response data, under the key of the certificate that comes with it', () => {
    const [, bytes] = elements(only(respond(leafBy('sha1')), TAG.sequence).content);
    const [, octets] = elements(elements(bytes?.content ?? Buffer.alloc(0))[0]?.content ?? Buffer.alloc(0));
    const [data, , signature, certificates] = elements(only(octets?.content ?? Buffer.alloc(0), TAG.sequence).content);
    const [certificate] = elements(elements(certificates?.content ?? Buffer.alloc(0))[0]?.content ?? Buffer.alloc(0));
    const { publicKey } = parseCertificate(certificate?.bytes ?? Buffer.alloc(0));
    world.file('data.der', data?.bytes ?? '');
    world.file('signature.der', signature ? wholeBits(signature) : '');
    world.file('responder.pub', toPem('PUBLIC KEY', exportSpki(publicKey)));
    const verify = ['pkeyutl', '-verify', '-rawin', '-digest', 'sm3', '-pubin', '-inkey', 'responder.pub', '-in', 'data.der'];
    const said = world.openssl(...verify, '-sigfile', 'signature.der', '-pkeyopt', 'distid:1234567812345678');
    expect(said.trim()).toBe('Signature Verified Successfully');
  });
  it.each<[OcspRefusal, string]>([
    ['malformedRequest', 'malformedrequest (1)'],
    ['internalError', 'internalerror (2)'],
    ['tryLater', 'trylater (3)'],
    ['unauthorized', 'unauthorized (6)'],
  ])('%s is a status and nothing else', (status, words) => {
    expect(ocspRefusal(status)).toHaveLength(5);
    // OpenSSL ends with an error, having said which.
    expect(() => opensslReads(ocspRefusal(status))).toThrow(expect.objectContaining({ stdout: `Responder Error: ${words}\n` }));
  });
});

describe('the certificate of a responder', () => {
  it('as OpenSSL reads it: OCSP signing, no check, 30 days, none of them critical but key usage', () => {
    const text = world.openssl('x509', '-in', world.file('r.pem', toPem('CERTIFICATE', world.responder.certificate)), '-noout', '-text');
    expect(text).toMatch(/Key Usage: critical\n\s+Digital Signature\n/);
    expect(text).toMatch(/X509v3 Extended Key Usage: \n\s+OCSP Signing\n/);
    expect(text).toMatch(/OCSP No Check: /);
    expect(text).toMatch(/Not After : Dec 24 01:02:03 2026 GMT/);
    expect(text).not.toMatch(/CRL Distribution|Authority Information/);
  });
});

describe('the code of a responder’s request', () => {
  const { privateKey, publicKey } = generateSm2KeyPair();
  const subject = { organisation: '信印电子认证中心', commonName: '信印 OCSP 应答' };
  const request = {
    id: '0190a1b2-0000-7000-8000-000000000001',
    madeAt: NOW,
    request: createCertificationRequest({ subject, privateKey, publicKey }),
  };
  const secret = 'a secret of the responder and the pki worker';
  const code = responderRequestCode(secret, request);

  it('holds for the request it was made for, and not for another key, row, time or secret', () => {
    expect(isFromResponder(secret, request, code)).toBe(true);
    const other = createCertificationRequest({ subject, ...generateSm2KeyPair() });
    expect(isFromResponder(secret, { ...request, request: other }, code)).toBe(false);
    expect(isFromResponder(secret, { ...request, id: '0190a1b2-0000-7000-8000-000000000002' }, code)).toBe(false);
    expect(isFromResponder(secret, { ...request, madeAt: LATER }, code)).toBe(false);
    expect(isFromResponder('another secret', request, code)).toBe(false);
    expect(isFromResponder(secret, request, code.subarray(1))).toBe(false);
  });
  it('is the HMAC with SM3 that OpenSSL computes', () => {
    const head = `xinyin/ocsp-responder-request\n${request.id}\n2026-11-24T01:02:03.000Z\n`;
    const path = world.file('coded', Buffer.concat([Buffer.from(head), request.request]));
    expect(world.openssl('dgst', '-sm3', '-hmac', secret, '-r', path).slice(0, 64)).toBe(code.toString('hex'));
  });
});
