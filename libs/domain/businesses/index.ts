/** The certificate businesses this office does, and the catalogue that leads to them. */
export * from './businesses.js';
export * from './definition.js';
export * from './fixed-fields.js';
