export * from './encoding/bytes.js';
export * from './encoding/byte-reader.js';
export * from './encoding/byte-writer.js';
export * from './encoding/random-source.js';
export * from './errors/protocol-error.js';
export * from './placement/rank-nodes.js';
