/**
 * 证书解锁. Promises: a second person decides once; the code goes to the registered phone and nowhere else, and lives for the hour that the
 * case waits; the desk answers one challenge a ticket, for the ticket's token, while its certificate is valid.
 */
export { unlockActivities } from './records.js';
export { unlockStationActivities } from './station.js';
