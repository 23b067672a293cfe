/**
 * Starts the whole of Xinyin on one machine, with a real Temporal server and a real Postgres, and stops it again.
 *
 * Promises: everything it starts is stopped within ten seconds; a process that dies is named and started again; all data is under one
 * folder; nothing is started before the ports are known to be free; a second call finds what is already running.
 */
export { bringUp, type BringUpOptions, type Running } from './bring-up.js';
export { LaunchError } from './failure.js';
export { freePort } from './ports.js';
export { databaseUrl, initialisePostgres, postgresChild, type PostgresCluster } from './postgres.js';
export { quietSteps, type CommandContext, type Steps } from './steps.js';
export { Supervisor, type ChildSpec } from './supervisor.js';
export { findTemporal, temporalChild } from './temporal-server.js';
export { findTimeSkippingServer } from './time-skipping-server.js';
