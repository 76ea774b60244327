export * from './account-status.js';
export * from './attempt-confirm.js';
export * from './attempt-evaluate.js';
export * from './entry-submit.js';
export * from './events.js';
export * from './heartbeat.js';
export * from './record-stage.js';
export * from './signed-statement.js';
