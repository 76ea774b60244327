import { z } from 'zod';
import { bytes, bytesUpTo, defineRpc, fleetIdSchema, nodeIndexSchema } from '../define/index.js';

/** PROTOCOL 7.4: what a peer holds of the accounts of one range whose digest differs. */
export const peerRange = defineRpc({
  owner: 'hsm-node',
  capability: 'peer',
  verb: 'range',
  version: 1,
  addressed: true,
  summary: 'Index, last confirmed number and state hash of the accounts of one range, in their order, page by page.',
  request: z.strictObject({
    fleetId: fleetIdSchema,
    epoch: z.int().min(1).max(0xffffffff),
    /** Who asks. */
    node: nodeIndexSchema,
    nonce: bytes(32),
    range: z.int().min(0).max(4_095),
    after: bytes(32).nullable(),
    /** By the identity key of `node` over the question (apps/hsm-node anti-entropy-message). */
    signature: bytes(64),
  }),
  /** `page` is the MessagePack encoding of `peerRangePage`, signed by the peer's identity key together with the question. */
  response: z.strictObject({ page: bytesUpTo(48 * 1024), signature: bytes(64) }),
  timeoutMs: 2_000,
  maxBytes: 52 * 1024,
});

export const peerRangePage = z.strictObject({
  accounts: z
    .array(
      z.strictObject({
        uid: bytes(32),
        index: z.int().min(1).max(0xffffffff),
        lastOk: z.int().min(0).max(0xffffffff),
        stateHash: bytes(32),
      }),
    )
    .max(256),
  /** Where the next page starts, null after the last. */
  next: bytes(32).nullable(),
});
