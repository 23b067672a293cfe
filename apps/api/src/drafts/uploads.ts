/** Files that people bring, to a draft or to the case that came of it. */
import { Draft, putFor, Upload } from '#persistence';
import { IsNull, type EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import type { ApiContext } from '../platform/context.js';

/**
 * The newest file of a material is the one that counts; older ones stay for the record. Two at once come one after the other. Its bytes were
 * checked before.
 */
export async function keepUpload(
  tx: EntityManager,
  { objects, now }: Pick<ApiContext, 'objects' | 'now'>,
  file: Pick<Upload, 'draftId' | 'material' | 'fileName' | 'mediaType'>,
  bytes: Buffer,
): Promise<void> {
  const { draftId, material } = file;
  const uploadedAt = now();
  await tx.findOneOrFail(Draft, { where: { id: draftId }, select: { id: true }, lock: { mode: 'pessimistic_write' } });
  const sha256 = await putFor(tx, objects, bytes);
  await tx.update(Upload, { draftId, material, replacedAt: IsNull() }, { replacedAt: uploadedAt });
  await tx.insert(Upload, { id: uuidv7(), ...file, sizeBytes: bytes.length, sha256, uploadedAt, replacedAt: null });
}
