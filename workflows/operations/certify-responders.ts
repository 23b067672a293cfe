/** Certifies OCSP responders that ask for it: by the Schedule, every few minutes. `refused` says that somebody else wrote a request. */
import { pki } from '../stages/proxies.js';

export async function certifyResponders(): Promise<{ certified: number; refused: number }> {
  return pki.certifyResponders();
}
