/** Whose a draft is: the phone that began it at the portal, or the member of staff who enters it for somebody else. */
import type { Channel } from '#domain';
import type { Draft } from '#persistence';
import { IsNull, type FindOptionsWhere } from 'typeorm';
import { staffIdOf, type Principal } from '../platform/access.js';

export function ownedBy(caller: Principal): FindOptionsWhere<Draft> {
  const staffId = staffIdOf(caller);
  // A clerk who logs in at the portal with a phone of their own does not find there what they entered at the window.
  return { ownerPhone: caller.phone, enteredBy: staffId ?? IsNull() };
}

/** A clerk stands at a window; customer service has the telephone. */
export function channelOf(caller: Principal): Channel {
  if (caller.kind === 'applicant') return 'online';
  return caller.roles.includes('clerk') ? 'window' : 'telephone';
}
