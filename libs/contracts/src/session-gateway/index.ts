export * from './attempts.js';
export * from './health.js';
export * from './json.js';
export * from './operator.js';
export * from './problem.js';
export * from './records.js';
