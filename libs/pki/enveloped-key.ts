/** SM2EnvelopedKey (GB/T 35276): an encryption key pair on its way to the token, which only the signing key on that token opens. */
import { createCipheriv, createDecipheriv, randomBytes, type KeyObject } from 'node:crypto';
import { bitString, nullValue, oid, sequence, sequenceOf, TAG, wholeBits } from './der.js';
import { OID } from './oids.js';
import { refusal } from './refusal.js';
import { sm2Decrypt, sm2Encrypt } from './sm2-encryption.js';
import { privateKeyFromScalar, privateScalar, publicKeyFromPoint, publicPoint, type Sm2KeyPair } from './sm2.js';

const ALGORITHM = sequence(oid(OID.sm4Ecb), nullValue());
const SM4_KEY_LENGTH = 16;

/** ECB is what the standard prescribes here: one key, used once, over 32 random bytes. */
function sm4(direction: 'encrypt' | 'decrypt', key: Buffer, block: Uint8Array): Buffer {
  const cipher = (direction === 'encrypt' ? createCipheriv : createDecipheriv)('sm4-ecb', key, null).setAutoPadding(false);
  return Buffer.concat([cipher.update(block), cipher.final()]);
}

export function envelopeKey(privateKey: KeyObject, signingPublicKey: KeyObject): Buffer {
  const key = randomBytes(SM4_KEY_LENGTH);
  return sequence(
    ALGORITHM,
    sm2Encrypt(signingPublicKey, key),
    bitString(publicPoint(privateKey)),
    bitString(sm4('encrypt', key, privateScalar(privateKey))),
  );
}

/** @throws XinyinError when it is for another signing key, or the public key inside is not that of the private key inside */
export function openEnvelopedKey(der: Uint8Array, signingPrivateKey: KeyObject): Sm2KeyPair {
  const [algorithm, cipher, point, encrypted] = sequenceOf(der, [TAG.sequence, TAG.sequence, TAG.bitString, TAG.bitString]);
  if (!algorithm?.bytes.equals(ALGORITHM) || !cipher || !point || !encrypted) throw refusal('envelope');
  const key = sm2Decrypt(signingPrivateKey, cipher.bytes);
  const block = wholeBits(encrypted);
  if (key.length !== SM4_KEY_LENGTH || block.length !== 32) throw refusal('envelope');
  const privateKey = privateKeyFromScalar(sm4('decrypt', key, block));
  if (!publicPoint(privateKey).equals(wholeBits(point))) throw refusal('envelope');
  return { privateKey, publicKey: publicKeyFromPoint(wholeBits(point)) };
}
