/** Publishes the revocation lists: by the Schedule well before the last one runs out, and whenever something was revoked. */
import { pki } from '../stages/proxies.js';

export async function publishCrl(): Promise<{ number: number }> {
  return pki.publishCrl();
}
