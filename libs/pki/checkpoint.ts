/**
 * The signature over a checkpoint of the audit. It is the seal maker's, under a purpose that stands before the facts: a seal is DER and
 * begins with another byte, so that neither signature can ever be shown as one over the other.
 */
import type { KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseCertificate } from './certificate-view.js';
import { certificateFile } from './ceremony.js';
import { verifyChain } from './chain.js';
import type { Signer } from './signer.js';
import { sm2Verify } from './sm2.js';

const PURPOSE = Buffer.from('xinyin audit checkpoint v1\n');

const signedBytes = (facts: Uint8Array) => Buffer.concat([PURPOSE, facts]);

export function signCheckpoint(signer: Signer, facts: Uint8Array): Buffer {
  return signer.sign(signedBytes(facts));
}

export function verifyCheckpoint(sealMakerKey: KeyObject, facts: Uint8Array, signature: Uint8Array): boolean {
  return sm2Verify(sealMakerKey, signedBytes(facts), signature);
}

/**
 * The key that checkpoints are verified with, from the certificates in the authority's folder; no passphrase is needed.
 * @throws Error when a file is not there, XinyinError when the certificates do not belong together
 */
export async function checkpointKey(folder: string): Promise<KeyObject> {
  const read = (role: Parameters<typeof certificateFile>[0]) => readFile(join(folder, certificateFile(role)));
  const [sealMaker, issuingCa, root] = [await read('seal-maker'), await read('issuing-ca'), await read('root')];
  const { notBefore, publicKey } = parseCertificate(sealMaker);
  verifyChain([sealMaker, issuingCa, root], { at: notBefore });
  return publicKey;
}
