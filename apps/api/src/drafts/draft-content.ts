/** The digest of all that a draft says: its form and its files. What a key has signed is worth nothing once either has changed. */
import { createHash } from 'node:crypto';
import { canonicalJson, Upload, type Draft } from '#persistence';
import { IsNull, type EntityManager } from 'typeorm';

export async function contentDigest(tx: EntityManager, { id, business, form, subjectSerial }: Draft): Promise<Buffer> {
  const uploads = await tx.findBy(Upload, { draftId: id, replacedAt: IsNull() });
  const files = Object.fromEntries(uploads.map(({ material, sha256 }) => [material, sha256]));
  return createHash('sha256').update(canonicalJson({ business, subjectSerial, form, files })).digest();
}
