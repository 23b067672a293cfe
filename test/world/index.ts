/**
 * The world of the `system` tests: one real Postgres and one real Temporal server for the whole run, and a program that skips time.
 * Promises: what a test asks for is there, or the test fails with words that say what to install; all of it is gone after the run.
 */
export interface World {
  /** Superuser, maintenance database: a test makes its own database from here. */
  databaseUrl: string;
  temporalAddress: string;
}

export function world(): World {
  return { databaseUrl: needed('XINYIN_TEST_DATABASE_URL'), temporalAddress: needed('XINYIN_TEST_TEMPORAL_ADDRESS') };
}

/** Path of the time-skipping server, for `createTimeSkipping({ server: { executable: { type: 'existing-path', path } } })`. */
export function timeSkippingServer(): string {
  const path = process.env['XINYIN_TEST_TIME_SKIPPING'];
  if (path) return path;
  throw new Error(process.env['XINYIN_TEST_TIME_SKIPPING_MISSING'] ?? 'No time-skipping server: run the tests by npm test.');
}

function needed(name: string): string {
  const value = process.env[name];
  if (value) return value;
  throw new Error(`${name} is not set: run the tests of the project "system", whose set-up starts what they need.`);
}
