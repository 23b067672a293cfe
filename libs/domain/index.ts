/** The rules of the office as data and pure functions: what business.md says, once. Imports nothing. */
export * from './errors.js';
