/** Keys, certificates, seals, tokens. Promises: one pair of certificates, one seal and one token for each place, whatever crashes where. */
export { issuanceRecordActivities } from './records.js';
export { pkiActivities } from './certificates.js';
export { stationActivities } from './station.js';
