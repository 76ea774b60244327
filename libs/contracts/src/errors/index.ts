export * from './error-table.js';
export * from './wire-error.js';
