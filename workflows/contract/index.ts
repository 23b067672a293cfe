/** The face of the workflows: names, inputs, updates, signals, queries. All that anyone outside this folder may import. */
export * from './case.js';
export * from './names.js';
export * from './operations.js';

/** Workflow types by name, so that nobody outside imports workflow code. */
export const workflowTypes = {
  new: 'newCertificate',
  'renewal-valid': 'renewal',
  'renewal-expired': 'renewal',
  change: 'change',
  reissue: 'reissue',
  revocation: 'revocation',
  'account-binding': 'accountBinding',
  unlock: 'unlock',
  fridayDispatch: 'fridayDispatch',
  watchFridays: 'watchFridays',
  trackParcel: 'trackParcel',
  reprintLabel: 'reprintLabel',
  recordTermination: 'recordTermination',
  recordReset: 'recordReset',
  remind: 'remind',
  followMessages: 'followMessages',
  deliverMessage: 'deliverMessage',
  seedHolder: 'seedHolder',
  unbindAccount: 'unbindAccount',
  matchCredit: 'matchCredit',
  reverseCredit: 'reverseCredit',
  explainCredit: 'explainCredit',
  refund: 'refund',
  importStatement: 'importStatement',
  importStatementFile: 'importStatementFile',
  publishCrl: 'publishCrl',
  checkpointAudit: 'checkpointAudit',
  certifyResponders: 'certifyResponders',
  printApplicationForm: 'printApplicationForm',
  printReconciliation: 'printReconciliation',
} as const;
