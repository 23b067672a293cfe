/** Prints a draft's application form. The browser is a worker's; the API only fetches what was stored. */
import { documents } from '../stages/proxies.js';

export async function printApplicationForm({ draftId, version }: { draftId: string; version: number }): Promise<{ sha256: string }> {
  return documents.printApplicationForm({ draftId, version });
}
