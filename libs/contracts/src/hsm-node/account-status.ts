import { z } from 'zod';
import { bytes, bytesUpTo, defineRpc } from '../define/index.js';
import { signedStatementSchema } from './signed-statement.js';

/** `query` is signed by the key that the account token is bound to (libs/protocol StatusQuery), so a copied token alone reads nothing. */
export const accountStatus = defineRpc({
  owner: 'hsm-node',
  capability: 'account',
  verb: 'status',
  version: 1,
  addressed: true,
  summary: "The node's own signed view of an account: index, version, status, attempts spent.",
  request: z.strictObject({ query: bytesUpTo(512), signature: bytes(64), token: z.string().min(1).max(4096) }),
  response: z.strictObject({ statement: signedStatementSchema }),
  timeoutMs: 2_000,
  maxBytes: 8 * 1024,
});
