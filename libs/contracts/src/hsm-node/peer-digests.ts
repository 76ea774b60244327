import { z } from 'zod';
import { bytes, defineRpc, fleetIdSchema, nodeIndexSchema } from '../define/index.js';

/** PROTOCOL 7.4: whether two nodes hold the same of their accounts. Refused while the peer does not take part. */
export const peerDigests = defineRpc({
  owner: 'hsm-node',
  capability: 'peer',
  verb: 'digests',
  version: 1,
  addressed: true,
  summary: 'Digests over ranges of accounts as the peer holds them: of the 64 groups, or of the 64 ranges of one group.',
  request: z.strictObject({
    fleetId: fleetIdSchema,
    epoch: z.int().min(1).max(0xffffffff),
    /** Who asks. */
    node: nodeIndexSchema,
    nonce: bytes(32),
    group: z.int().min(0).max(63).nullable(),
    /** By the identity key of `node` over the question (apps/hsm-node anti-entropy-message). */
    signature: bytes(64),
  }),
  /** 64 digests of 32 bytes in their order, signed by the peer's identity key together with the question. */
  response: z.strictObject({ digests: bytes(2_048), signature: bytes(64) }),
  timeoutMs: 2_000,
  maxBytes: 4 * 1024,
});
