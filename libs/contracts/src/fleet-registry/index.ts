export * from './enrolment.js';
export * from './events.js';
export * from './fleet.js';
