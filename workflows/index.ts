/** All workflows, for the worker's bundle. Deterministic: no input or output but through activities. */
export { newCertificate } from './business/new.js';
export { checkpointAudit } from './operations/checkpoint-audit.js';
export { certifyResponders } from './operations/certify-responders.js';
export { fridayDispatch } from './operations/friday-dispatch.js';
export { importStatement } from './operations/import-statement.js';
export { printApplicationForm } from './operations/print-application-form.js';
export { publishCrl } from './operations/publish-crl.js';
export { matchCredit } from './operations/match-credit.js';
