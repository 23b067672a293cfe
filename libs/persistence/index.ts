/**
 * What the office remembers: entities, migrations, the audit chain, limits that hold across processes, and the store of files.
 * Promises: nothing changes the schema but a migration; an audit entry commits with what it records, and
 * what was taken from the audit since is found; a number is never given twice.
 */
export * from './account-bindings.js';
export * from './allowance.js';
export * from './application-counter.js';
export * from './audit.js';
export * from './bank-credits.js';
export * from './canonical-json.js';
export * from './certificate-standing.js';
export * from './checkpoints/index.js';
export * from './data-source.js';
export * from './drift.js';
export * from './entities/agent-change.js';
export * from './office-calendar.js';
export * from './entities/application.js';
export * from './entities/audit.js';
export * from './entities/bindings.js';
export * from './entities/calendar.js';
export * from './entities/dispatch.js';
export * from './entities/finance.js';
export * from './entities/invoices.js';
export * from './entities/issuance.js';
export * from './entities/messages.js';
export * from './entities/money.js';
export * from './entities/objects.js';
export * from './entities/people.js';
export * from './entities/queue.js';
export * from './entities/review.js';
export * from './entities/statements.js';
export * from './entities/unlock.js';
export * from './four-eyes.js';
export * from './invoice-links.js';
export * from './finance-cases.js';
export * from './left-objects.js';
export * from './message-deliveries.js';
export * from './ledger.js';
export * from './object-store.js';
export * from './reconciliation.js';
export * from './row-sets.js';
export * from './sms-code-hash.js';
export * from './staff-tasks.js';
export * from './statement-receipt.js';
export * from './tariff.js';
export * from './upload-check.js';
