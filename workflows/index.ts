/** All workflows, for the worker's bundle. Deterministic: no input or output but through activities. */
export { change } from './business/change.js';
export { newCertificate } from './business/new.js';
export { reissue } from './business/reissue.js';
export { renewal } from './business/renewal.js';
export { unlock } from './business/unlock.js';
export { revocation } from './business/revocation.js';
export { checkpointAudit } from './operations/checkpoint-audit.js';
export { certifyResponders } from './operations/certify-responders.js';
export { fridayDispatch } from './operations/friday-dispatch.js';
export { importStatement } from './operations/import-statement.js';
export { printApplicationForm } from './operations/print-application-form.js';
export { publishCrl } from './operations/publish-crl.js';
export { seedHolder } from './operations/seed-holder.js';
export { matchCredit } from './operations/match-credit.js';
