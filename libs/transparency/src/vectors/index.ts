export * from './judge-case.js';
export * from './proof-case.js';
export * from './proof-vectors.js';
