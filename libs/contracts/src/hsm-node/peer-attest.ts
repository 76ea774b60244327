import { z } from 'zod';
import { bytes, defineRpc } from '../define/index.js';
import { confirmationSchema } from './signed-statement.js';

/** Before a node erases it asks its peers for a confirmation that it may have missed (PROTOCOL 6.6). */
export const peerAttest = defineRpc({
  owner: 'hsm-node',
  capability: 'peer',
  verb: 'attest',
  version: 1,
  addressed: true,
  summary: 'The index and latest confirmation that the peer holds of an account, signed over a nonce.',
  request: z.strictObject({ uid: bytes(32), nonce: bytes(32) }),
  response: z.strictObject({
    index: z.int().min(0),
    confirmation: confirmationSchema.nullable(),
    /** By the peer's identity key over label, fleetId, epoch, node, nonce, uid, index and lastOk. */
    signature: bytes(64),
  }),
  timeoutMs: 1_000,
  maxBytes: 4 * 1024,
});
