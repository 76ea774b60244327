import { z } from 'zod';
import { bytes, bytesUpTo, nodeIndexSchema } from '../define/index.js';

/**
 * A statement that left its fleet: one leaf of a signed batch, with the path to the batch's root (PROTOCOL 7.1).
 * `statement` is a vote, promise or account statement in the encoding of libs/protocol.
 */
export const signedStatementSchema = z.strictObject({
  node: nodeIndexSchema,
  incarnation: z.int().min(1).max(0xffffffff),
  /** 0 for a statement outside the node's chain of batches. */
  sequence: z.int().min(0),
  previous: bytes(32),
  statement: bytesUpTo(1024),
  leafIndex: z.int().min(0),
  treeSize: z.int().min(1).max(4096),
  path: z.array(bytes(32)).max(12),
  signature: bytes(64),
});

/** A decided index: the value and the q votes that decided it (PROTOCOL 4.3). */
export const decidedSchema = z.strictObject({
  index: z.int().min(1).max(0xffffffff),
  value: bytesUpTo(8192),
  votes: z.array(signedStatementSchema).max(32),
});

/** A confirmation of attempt `index` by the holder of the right code (PROTOCOL 6.5). */
export const confirmationSchema = z.strictObject({
  uid: bytes(32),
  ver: z.int().min(1).max(0xffffffff),
  index: z.int().min(1).max(0xffffffff),
  attemptId: bytes(32),
  signature: bytes(64),
});
