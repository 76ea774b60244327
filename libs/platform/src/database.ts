/** Apart from the rest: whoever needs no database starts without the packages behind it. */
export * from './outbox/outbox-relay.js';
export * from './outbox/outbox.js';
export * from './outbox/outbox.module.js';
export * from './postgres/open-data-source.js';
export * from './postgres/postgres.module.js';
export * from './postgres/sql-state.js';
export * from './postgres/transaction.js';
