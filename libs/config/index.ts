/** What a process is told from outside: addresses and secrets from the environment and one file, holidays from the published data. */
export * from './holidays.js';
export * from './settings.js';
