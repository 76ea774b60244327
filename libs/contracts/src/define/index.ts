export * from './bytes.js';
export * from './define-broadcast.js';
export * from './define-event.js';
export * from './define-rpc.js';
export * from './names.js';
export { subjectOf, type ContractName } from './subject.js';
