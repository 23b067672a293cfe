/** Logs and metrics, one shape for every process. Promises: no phone, name, code or secret reaches a log line. */
export * from './logging.js';
export * from './metrics.js';
