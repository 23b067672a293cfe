/** Keeps a printed document: its bytes encrypted in the object store, its place in a row. Printing again replaces what the row points to. */
import { DocumentRow, type ObjectStore } from '#persistence';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';

export type DocumentKind = 'token-tag' | 'token-label' | 'waybill' | 'dispatch-list' | 'pick-list' | 'receipt';

export async function storeDocument(
  tx: EntityManager,
  objects: ObjectStore,
  place: { owner: string; kind: DocumentKind; index: number },
  bytes: Uint8Array,
  madeAt: Date,
): Promise<void> {
  const sha256 = await objects.put(bytes);
  await tx.upsert(DocumentRow, { id: uuidv7(), ...place, mediaType: 'application/pdf', sha256, madeAt }, ['owner', 'kind', 'index']);
}
