/** Prints a day's reconciliation. The browser is a worker's; the API only fetches what was stored. */
import { documents } from '../stages/proxies.js';

export async function printReconciliation({ day }: { day: string }): Promise<{ sha256: string }> {
  return documents.printReconciliation({ day });
}
