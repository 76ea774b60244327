import { z } from 'zod';
import { bytes, bytesUpTo, defineRpc, nodeIndexSchema } from '../define/index.js';

/** A node that was away gets its sealed share from any peer; only its own HPKE key opens it (PROTOCOL 5.2). */
export const peerFetchRecord = defineRpc({
  owner: 'hsm-node',
  capability: 'peer',
  verb: 'fetch-record',
  version: 1,
  addressed: true,
  summary: 'The record of a version and the share sealed to the asking node.',
  request: z.strictObject({ uid: bytes(32), recordHash: bytes(32), node: nodeIndexSchema }),
  response: z.strictObject({ record: bytesUpTo(4096), sealed: bytesUpTo(256) }),
  timeoutMs: 1_000,
  maxBytes: 8 * 1024,
});
