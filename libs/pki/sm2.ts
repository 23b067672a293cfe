/**
 * SM2 (GM/T 0003, GB/T 32918) on Node's own OpenSSL: keys, signatures, SM3.
 *
 * Two traps of Node shape this file. A key fresh from `generateKeyPairSync` signs plain ECDSA: only a key read from PKCS#8 or SPKI is
 * loaded as SM2. And the one-shot `crypto.sign('sm3', …)` signs with an empty signer id: so Z is computed here and fed to a streaming signer.
 */
import {
  createECDH,
  createHash,
  createPrivateKey,
  createPublicKey,
  createSign,
  createVerify,
  generateKeyPairSync,
  type KeyObject,
} from 'node:crypto';
import { elements, only, TAG } from './der.js';
import { refusal } from './refusal.js';

export interface Sm2KeyPair {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

const ALGORITHM = '301306072a8648ce3d020106082a811ccf5501822d';
/** SubjectPublicKeyInfo up to the 65 bytes of the point; PKCS#8 (RFC 5915 inside) up to the 32 bytes of the scalar, and from there to the point. */
const SPKI_HEAD = Buffer.from(`3059${ALGORITHM}034200`, 'hex');
const PKCS8_HEAD = Buffer.from(`308187020100${ALGORITHM}046d306b0201010420`, 'hex');
const PKCS8_MIDDLE = Buffer.from('a144034200', 'hex');
const POINT_LENGTH = 65;
const SCALAR_LENGTH = 32;

/** GM/T 0009: the signer id that everybody uses when none was agreed. */
const SIGNER_ID = Buffer.from('1234567812345678');
/** ENTL ‖ id ‖ a ‖ b ‖ Gx ‖ Gy of GB/T 32918.5; the point of the key follows. */
const Z_HEAD = Buffer.concat([
  Buffer.from([0x00, SIGNER_ID.length * 8]),
  SIGNER_ID,
  Buffer.from('fffffffeffffffffffffffffffffffffffffffff00000000fffffffffffffffc', 'hex'),
  Buffer.from('28e9fa9e9d9f5e344d5a9e4bcf6509a7f39789f515ab8f92ddbcbd414d940e93', 'hex'),
  Buffer.from('32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7', 'hex'),
  Buffer.from('bc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0', 'hex'),
]);

export function sm3(...chunks: readonly Uint8Array[]): Buffer {
  const hash = createHash('sm3');
  for (const chunk of chunks) hash.update(chunk);
  return hash.digest();
}

/** Asking OpenSSL for the point of a key costs a fifth of a signature: remember it where it is known anyway. */
const points = new WeakMap<KeyObject, Buffer>();

const keyRefused = (cause?: unknown) => refusal('key', cause);

/** A new pair, already loaded as SM2. */
export function generateSm2KeyPair(): Sm2KeyPair {
  const fresh = generateKeyPairSync('ec', {
    namedCurve: 'SM2',
    privateKeyEncoding: { type: 'pkcs8', format: 'der' },
    publicKeyEncoding: { type: 'spki', format: 'der' },
  });
  return { privateKey: importPkcs8(fresh.privateKey), publicKey: importSpki(fresh.publicKey) };
}

/** OpenSSL says `ec` of a key that would sign ECDSA, and has no such name for one that it loaded as SM2. */
function assertSm2(key: KeyObject, type: 'private' | 'public'): void {
  if (key.type !== type || key.asymmetricKeyType === 'ec') throw keyRefused();
}

/** Reads an SM2 private key; refuses any other curve or algorithm. */
export function importPkcs8(der: Uint8Array): KeyObject {
  return privateKeyFromScalar(scalarOf(der));
}

/** Reads an SM2 public key in the one form we write: named curve, uncompressed point; the point must lie on the curve. */
export function importSpki(der: Uint8Array): KeyObject {
  const head = SPKI_HEAD.length;
  if (der.length !== head + POINT_LENGTH || !SPKI_HEAD.equals(der.subarray(0, head))) throw keyRefused();
  return publicKeyFromPoint(der.subarray(head));
}

export function publicKeyFromPoint(point: Uint8Array): KeyObject {
  if (point.length !== POINT_LENGTH || point[0] !== 0x04) throw keyRefused();
  try {
    const key = createPublicKey({ key: Buffer.concat([SPKI_HEAD, point]), format: 'der', type: 'spki' });
    points.set(key, Buffer.from(point));
    return key;
  } catch (cause) {
    throw keyRefused(cause);
  }
}

/** The point is computed from the scalar, so a private key can never carry a public key that does not fit it. */
export function privateKeyFromScalar(scalar: Uint8Array): KeyObject {
  if (scalar.length !== SCALAR_LENGTH) throw keyRefused();
  try {
    const curve = createECDH('SM2');
    curve.setPrivateKey(scalar);
    const point = curve.getPublicKey();
    const key = createPrivateKey({ key: Buffer.concat([PKCS8_HEAD, scalar, PKCS8_MIDDLE, point]), format: 'der', type: 'pkcs8' });
    points.set(key, point);
    return key;
  } catch (cause) {
    throw keyRefused(cause);
  }
}

function scalarOf(pkcs8: Uint8Array): Buffer {
  const [version, algorithm, wrapped] = elements(only(pkcs8, TAG.sequence).content);
  if (!version || wrapped?.tag !== TAG.octetString || algorithm?.bytes.toString('hex') !== ALGORITHM) throw keyRefused();
  const [, scalar] = elements(only(wrapped.content, TAG.sequence).content);
  if (scalar?.tag !== TAG.octetString || scalar.content.length !== SCALAR_LENGTH) throw keyRefused();
  return Buffer.from(scalar.content);
}

export function exportPkcs8(privateKey: KeyObject): Buffer {
  return privateKey.export({ type: 'pkcs8', format: 'der' });
}

export function exportSpki(publicKey: KeyObject): Buffer {
  return Buffer.concat([SPKI_HEAD, publicPoint(publicKey)]);
}

/** 32 bytes, big-endian. */
export function privateScalar(privateKey: KeyObject): Buffer {
  return scalarOf(exportPkcs8(privateKey));
}

/** 65 bytes, 04 ‖ X ‖ Y, of a public key or of the public half of a private one. */
export function publicPoint(key: KeyObject): Buffer {
  let point = points.get(key);
  if (!point) {
    const spki = (key.type === 'private' ? createPublicKey(key) : key).export({ type: 'spki', format: 'der' });
    if (spki.length !== SPKI_HEAD.length + POINT_LENGTH || !SPKI_HEAD.equals(spki.subarray(0, SPKI_HEAD.length))) throw keyRefused();
    point = spki.subarray(SPKI_HEAD.length);
    points.set(key, point);
  }
  return Buffer.from(point);
}

const identityHashes = new WeakMap<KeyObject, Buffer>();

/** Z of GB/T 32918.2, 5.5: binds signer id, curve and key to what is signed. */
function identityHash(key: KeyObject): Buffer {
  let z = identityHashes.get(key);
  if (!z) {
    z = sm3(Z_HEAD, publicPoint(key).subarray(1));
    identityHashes.set(key, z);
  }
  return z;
}

/** DER SEQUENCE { r, s } over SM3(Z ‖ message). */
export function sm2Sign(privateKey: KeyObject, message: Uint8Array): Buffer {
  assertSm2(privateKey, 'private');
  return createSign('sm3').update(identityHash(privateKey)).update(message).sign(privateKey);
}

export function sm2Verify(publicKey: KeyObject, message: Uint8Array, signature: Uint8Array): boolean {
  assertSm2(publicKey, 'public');
  return createVerify('sm3').update(identityHash(publicKey)).update(message).verify(publicKey, signature);
}
