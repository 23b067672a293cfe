/** Which demonstration shows which business over which channel, and the files that each leaves. */
import { accountBinding } from './bindings.js';
import { change, reissue, revocation, revocationByTelephone } from './window-businesses.js';
import { renewalAfterExpiry, renewalAtWindow, renewalWhileValid, type Ended } from './renewals.js';
import { unlock } from './unlock.js';
import type { Scene } from './holder.js';

export interface Demonstration {
  business: string;
  channel: 'online' | 'window' | 'telephone';
  live: (scene: Scene) => Promise<Ended>;
  /** New certificates beside the old ones; lists before and after; the kinds of account as they stand; what was said and done, and nothing else. */
  leaves: 'certificates' | 'lists' | 'bindings' | 'record';
}

export const demonstrations: readonly Demonstration[] = [
  { business: 'renewal-valid', channel: 'online', live: renewalWhileValid, leaves: 'certificates' },
  { business: 'renewal-expired', channel: 'online', live: renewalAfterExpiry, leaves: 'certificates' },
  { business: 'renewal-valid', channel: 'window', live: (scene) => renewalAtWindow(scene, 'renewal-valid'), leaves: 'certificates' },
  { business: 'renewal-expired', channel: 'window', live: (scene) => renewalAtWindow(scene, 'renewal-expired'), leaves: 'certificates' },
  { business: 'change', channel: 'window', live: change, leaves: 'certificates' },
  { business: 'reissue', channel: 'window', live: reissue, leaves: 'certificates' },
  { business: 'revocation', channel: 'window', live: revocation, leaves: 'lists' },
  { business: 'revocation', channel: 'telephone', live: revocationByTelephone, leaves: 'lists' },
  { business: 'account-binding', channel: 'online', live: accountBinding, leaves: 'bindings' },
  { business: 'unlock', channel: 'telephone', live: unlock, leaves: 'record' },
];
