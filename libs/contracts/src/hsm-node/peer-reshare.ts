import { z } from 'zod';
import { bytes, defineRpc, fleetIdSchema, nodeIndexSchema } from '../define/index.js';

const u32 = z.int().min(1).max(0xffffffff);

/** Which version is shared anew, for which place of its log and by whose dealings: the coordinator signs it (PROTOCOL 7.8). */
export const reshareSessionSchema = z.strictObject({
  fleetId: fleetIdSchema,
  epoch: u32,
  coordinator: nodeIndexSchema,
  /** Exactly t of them. */
  dealers: z.array(nodeIndexSchema).min(2).max(32),
  uid: bytes(32),
  ver: u32,
  index: u32,
  /** H(record) with the sharing that is replaced. */
  before: bytes(32),
  nonce: bytes(32),
});

const signedSession = { session: reshareSessionSchema, signature: bytes(64) };
/** Of each of E_1 to E_(t-1). */
const commitments = z.array(bytes(32)).min(1).max(31);

/** What one dealer adds to every share. */
export const reshareDealSchema = z.strictObject({
  dealer: nodeIndexSchema,
  keyCommitments: commitments,
  secretCommitments: commitments,
  /** To node 1 to n, each HPKE of two 32-byte scalars to the key that the node made for the session. */
  parts: z.array(bytes(112)).max(32),
  signature: bytes(64),
});

export const peerReshareKey = defineRpc({
  owner: 'hsm-node',
  capability: 'peer',
  verb: 'reshare-key',
  version: 1,
  addressed: true,
  summary: 'A key of the node for one session of a refresh: it lives in memory and opens for nobody later.',
  request: z.strictObject(signedSession),
  response: z.strictObject({ key: bytes(32), signature: bytes(64) }),
  timeoutMs: 1_500,
  maxBytes: 4 * 1024,
});

export const peerReshareDeal = defineRpc({
  owner: 'hsm-node',
  capability: 'peer',
  verb: 'reshare-deal',
  version: 1,
  addressed: true,
  summary: 'A sharing of zero for the key and one for the release secret, a part of each sealed to every member.',
  request: z.strictObject({
    ...signedSession,
    /** Of node 1 to n, as each signed it. */
    keys: z.array(z.strictObject({ key: bytes(32), signature: bytes(64) })).max(32),
  }),
  response: reshareDealSchema,
  timeoutMs: 1_500,
  maxBytes: 16 * 1024,
});

export const peerReshareStage = defineRpc({
  owner: 'hsm-node',
  capability: 'peer',
  verb: 'reshare-stage',
  version: 1,
  addressed: true,
  summary: 'Check what all dealers dealt and keep the new share beside the old one; or show which part does not hold.',
  request: z.strictObject({ ...signedSession, deals: z.array(reshareDealSchema).max(32) }),
  response: z.strictObject({
    /** Over the held statement (libs/protocol reshareHeldMessage); null with a complaint. */
    held: bytes(64).nullable(),
    /** The private half of the session's key shows who lies: it opens nothing else, and the session is over. */
    complaint: z.strictObject({ dealer: nodeIndexSchema, key: bytes(32) }).nullable(),
  }),
  timeoutMs: 2_000,
  maxBytes: 256 * 1024,
});
