/**
 * The engine, wired once: connection, workers, and how our errors travel through it. Promises: a `XinyinError` becomes a failure of
 * the same code, retried or not as its row in the table says; no message of an unknown error (which may quote data) enters a history.
 */
export * from './client.js';
export * from './failures.js';
export * from './payload-codec.js';
export * from './search-attributes.js';
export * from './worker.js';
