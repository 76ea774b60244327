import { z } from 'zod';
import { bytes, bytesUpTo, defineRpc, fleetIdSchema, nodeIndexSchema } from '../define/index.js';

/** Which share is rebuilt, by whom and for whom: the target signs it, and everything said in the session is bound to it (PROTOCOL 7.7). */
export const repairSessionSchema = z.strictObject({
  fleetId: fleetIdSchema,
  epoch: z.int().min(1).max(0xffffffff),
  /** The node whose share is rebuilt. */
  target: nodeIndexSchema,
  /** Exactly t of them, without the target. */
  helpers: z.array(nodeIndexSchema).min(2).max(32),
  uid: bytes(32),
  recordHash: bytes(32),
  /** X25519, made for this session alone: what the helpers send the target opens for nobody later. */
  replyKey: bytes(32),
  nonce: bytes(32),
});

const signedSession = { session: repairSessionSchema, signature: bytes(64) };
/** HPKE of two 32-byte scalars: of the key share, then of the secret share. */
const sealedScalars = bytes(112);

/** Each helper cuts what its share counts for into one summand for every helper. */
export const peerRepairDeal = defineRpc({
  owner: 'hsm-node',
  capability: 'peer',
  verb: 'repair-deal',
  version: 1,
  addressed: true,
  summary: 'The record, and one summand of the helper for each helper, sealed to it.',
  request: z.strictObject(signedSession),
  response: z.strictObject({
    record: bytesUpTo(4096),
    parts: z.array(z.strictObject({ to: nodeIndexSchema, sealed: sealedScalars, signature: bytes(64) })).max(32),
  }),
  timeoutMs: 1_500,
  maxBytes: 16 * 1024,
});

/** Each helper adds up what all helpers dealt to it; the target adds up those sums. */
export const peerRepairSum = defineRpc({
  owner: 'hsm-node',
  capability: 'peer',
  verb: 'repair-sum',
  version: 1,
  addressed: true,
  summary: 'The sum of what the helpers dealt to this one, sealed to the key that the target made for the session.',
  request: z.strictObject({
    ...signedSession,
    parts: z.array(z.strictObject({ from: nodeIndexSchema, sealed: sealedScalars, signature: bytes(64) })).max(32),
  }),
  response: z.strictObject({ sealed: sealedScalars, signature: bytes(64) }),
  timeoutMs: 1_500,
  maxBytes: 16 * 1024,
});
