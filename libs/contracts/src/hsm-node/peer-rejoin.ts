import { z } from 'zod';
import { bytes, bytesUpTo, defineRpc, fleetIdSchema, nodeIndexSchema } from '../define/index.js';
import { accountSummarySchema } from './ballot-schema.js';

const incarnation = z.int().min(1).max(0xffffffff);

/** PROTOCOL 7.3. Refused with CONFLICT (metadata.incarnation: the highest known) unless strictly higher. */
export const peerRejoin = defineRpc({
  owner: 'hsm-node',
  capability: 'peer',
  verb: 'rejoin',
  version: 1,
  addressed: true,
  summary: 'A starting node announces a higher incarnation and asks what its peers last saw of it.',
  request: z.strictObject({
    fleetId: fleetIdSchema,
    epoch: z.int().min(1),
    node: nodeIndexSchema,
    incarnation,
    nonce: bytes(32),
    /** By the node's identity key over the rejoin question (apps/hsm-node rejoin-message). */
    signature: bytes(64),
  }),
  /** `answer` in the encoding of apps/hsm-node rejoin-message, signed by the peer's identity key. */
  response: z.strictObject({ answer: bytesUpTo(1024), signature: bytes(64) }),
  timeoutMs: 1_500,
  maxBytes: 4 * 1024,
});

/** A page of what a peer holds; the bytes are signed with the nonce of the rejoin question. */
export const peerState = defineRpc({
  owner: 'hsm-node',
  capability: 'peer',
  verb: 'state',
  version: 1,
  addressed: true,
  summary: 'Accounts as the peer holds them, page by page, for a node that rejoins.',
  request: z.strictObject({ node: nodeIndexSchema, nonce: bytes(32), after: bytes(32).nullable() }),
  /** `page` is the MessagePack encoding of `peerStatePage`. */
  response: z.strictObject({ page: bytesUpTo(800 * 1024), signature: bytes(64) }),
  timeoutMs: 3_000,
  maxBytes: 850 * 1024,
});

export const peerStatePage = z.strictObject({
  accounts: z.array(accountSummarySchema).max(64),
  /** Where the next page starts, null after the last. */
  next: bytes(32).nullable(),
});
