/** All workflows, for the worker's bundle. Deterministic: no input or output but through activities. */
export { accountBinding } from './business/account-binding.js';
export { change } from './business/change.js';
export { newCertificate } from './business/new.js';
export { reissue } from './business/reissue.js';
export { renewal } from './business/renewal.js';
export { revocation } from './business/revocation.js';
export { checkpointAudit } from './operations/checkpoint-audit.js';
export { certifyResponders } from './operations/certify-responders.js';
export { fridayDispatch } from './operations/friday-dispatch.js';
export { importStatement } from './operations/import-statement.js';
export { printApplicationForm } from './operations/print-application-form.js';
export { publishCrl } from './operations/publish-crl.js';
export { recordTermination } from './operations/record-termination.js';
export { remind } from './operations/remind.js';
export { seedHolder } from './operations/seed-holder.js';
export { unbindAccount } from './operations/unbind-account.js';
export { matchCredit } from './operations/match-credit.js';
