/** The activities of all queues. A worker makes those of its own queues from what it was given; workflows import only the type. */
import { bindingActivities, bindingRecordActivities } from './account-binding/index.js';
import { agentChangeActivities, agentChangeCodeActivities } from './agent-change/index.js';
import { auditActivities } from './audit/index.js';
import { bankActivities, statementActivities } from './bank/index.js';
import { caseworkActivities } from './casework/index.js';
import { completionActivities } from './completion/index.js';
import { explanationActivities } from './credit-explanation/index.js';
import { demoActivities } from './demo/index.js';
import type { BusinessDeps, DocumentDeps, PkiDeps, StationDeps } from './deps.js';
import { formActivities } from './application-form/index.js';
import { dispatchActivities, dispatchPaperActivities, dispatchRecordActivities, fridayWatchActivities } from './dispatch/index.js';
import { handOverActivities, receiptActivities } from './hand-over/index.js';
import { installationActivities } from './installation/index.js';
import { invoiceActivities, invoiceRecordActivities } from './invoice/index.js';
import { issuanceRecordActivities, pkiActivities, stationActivities } from './issuance/index.js';
import { keyRecoveryActivities } from './key-recovery/index.js';
import { deliveryActivities, deliveryRecordActivities, messageActivities } from './messages/index.js';
import { parcelActivities } from './parcels/index.js';
import { paymentActivities } from './payment/index.js';
import { phoneActivities, phoneRecordActivities } from './phone-verification/index.js';
import { predecessorActivities } from './predecessor/index.js';
import { reconciliationActivities } from './reconciliation/index.js';
import { refundActivities, refundRecordActivities } from './refund/index.js';
import { revocationActivities } from './revocation/index.js';
import { responderActivities } from './ocsp-responders/index.js';
import { overdueActivities } from './overdue/index.js';
import { reminderActivities } from './reminders/index.js';
import { reviewActivities } from './review/index.js';
import { terminationActivities } from './termination/index.js';
import { unlockActivities, unlockStationActivities } from './unlock/index.js';
import { windowPaymentActivities } from './window-payment/index.js';

export type { MadeInvoice, Ordered } from './invoice/index.js';
export type { LeftBehind } from './termination/index.js';
export type { BusinessDeps, DocumentDeps, PkiDeps, RecordDeps, StationDeps } from './deps.js';

/** Queue `business`: short transactions beside the workflows, and calls to outside systems. */
export const createBusinessActivities = (deps: BusinessDeps) => ({
  ...caseworkActivities(deps),
  ...phoneRecordActivities(deps),
  ...phoneActivities(deps),
  ...agentChangeActivities(deps),
  ...agentChangeCodeActivities(deps),
  ...reviewActivities(deps),
  ...paymentActivities(deps),
  ...explanationActivities(deps),
  ...refundRecordActivities(deps),
  ...refundActivities(deps),
  ...windowPaymentActivities(deps),
  ...keyRecoveryActivities(deps),
  ...installationActivities(deps),
  ...bindingRecordActivities(deps),
  ...bindingActivities(deps),
  ...predecessorActivities(deps),
  ...terminationActivities(deps),
  ...handOverActivities(deps),
  ...unlockActivities(deps),
  ...issuanceRecordActivities(deps),
  ...completionActivities(deps),
  ...dispatchRecordActivities(deps),
  ...fridayWatchActivities(deps),
  ...parcelActivities(deps),
  ...messageActivities(deps),
  ...deliveryRecordActivities(deps),
  ...deliveryActivities(deps),
  ...invoiceRecordActivities(deps),
  ...invoiceActivities(deps),
  ...bankActivities(deps),
  ...statementActivities(deps),
  ...reminderActivities(deps),
  ...overdueActivities(deps),
  ...demoActivities(deps),
});

/** Queue `documents`: what needs a browser or prints. */
export const createDocumentActivities = (deps: DocumentDeps) => ({
  ...formActivities(deps),
  ...dispatchActivities(deps),
  ...dispatchPaperActivities(deps),
  ...receiptActivities(deps),
  ...reconciliationActivities(deps),
});

/** Queue `pki`: the only one with CA and KMC keys. */
export const createPkiActivities = (deps: PkiDeps) => ({
  ...pkiActivities(deps),
  ...revocationActivities(deps),
  ...auditActivities(deps),
  ...responderActivities(deps),
});

/** Queue `station`: where the tokens are. */
export const createStationActivities = (deps: StationDeps) => ({ ...stationActivities(deps), ...unlockStationActivities(deps) });

export type Activities = ReturnType<typeof createBusinessActivities> &
  ReturnType<typeof createDocumentActivities> &
  ReturnType<typeof createPkiActivities> &
  ReturnType<typeof createStationActivities>;
