import { z } from 'zod';
import { bytes, bytesUpTo, defineRpc, fleetIdSchema, nodeIndexSchema } from '../define/index.js';

const epoch = z.int().min(1).max(0xffffffff);

/** PROTOCOL 7.5. Refused with CONFLICT while the peer still takes part in the epoch. */
export const peerClosed = defineRpc({
  owner: 'hsm-node',
  capability: 'peer',
  verb: 'closed',
  version: 1,
  addressed: true,
  summary: 'A member of the next epoch asks a node to vouch that it does nothing more in `epoch`.',
  request: z.strictObject({
    fleetId: fleetIdSchema,
    epoch,
    node: nodeIndexSchema,
    nonce: bytes(32),
    /** By the identity key of `node` in the next epoch over the closing question (apps/hsm-node closing-message). */
    signature: bytes(64),
  }),
  /** By the peer's identity key over the closed statement. */
  response: z.strictObject({ signature: bytes(64) }),
  timeoutMs: 1_500,
  maxBytes: 4 * 1024,
});

/** A page of what a node holds that closed an epoch; the bytes are signed with the nonce of the closing question. */
export const peerClosedState = defineRpc({
  owner: 'hsm-node',
  capability: 'peer',
  verb: 'closed-state',
  version: 1,
  addressed: true,
  summary: 'Accounts as the peer left them when it closed the epoch, or further on, page by page.',
  request: z.strictObject({ node: nodeIndexSchema, nonce: bytes(32), after: bytes(32).nullable() }),
  /** `page` is the MessagePack encoding of `peerStatePage`. */
  response: z.strictObject({ page: bytesUpTo(800 * 1024), signature: bytes(64) }),
  timeoutMs: 3_000,
  maxBytes: 850 * 1024,
});

/** A new node learns who the members were whose votes it is handed. Believed only with both signatures of a bundle. */
export const peerRosterNote = defineRpc({
  owner: 'hsm-node',
  capability: 'peer',
  verb: 'roster-note',
  version: 1,
  addressed: true,
  summary: 'The signed bundle that introduced an epoch of the fleet.',
  request: z.strictObject({ fleetId: fleetIdSchema, epoch }),
  response: z.strictObject({ note: z.string().max(32_768) }),
  timeoutMs: 1_500,
  maxBytes: 40 * 1024,
});
