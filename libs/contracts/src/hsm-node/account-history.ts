import { z } from 'zod';
import { bytes, bytesUpTo, defineRpc } from '../define/index.js';
import { signedStatementSchema } from './signed-statement.js';

/** `query` is signed by the key that the account token is bound to (libs/protocol HistoryQuery), so a copied token alone reads nothing. */
export const accountHistory = defineRpc({
  owner: 'hsm-node',
  capability: 'account',
  verb: 'history',
  version: 1,
  addressed: true,
  summary: "A page of an account's history as the node holds it, for its owner: decided entries, when, by which key, confirmed or not.",
  request: z.strictObject({ query: bytesUpTo(512), signature: bytes(64), token: z.string().min(1).max(4096) }),
  /** `statement` signs the hash of `page` (libs/protocol HistoryStatement, HistoryPage). */
  response: z.strictObject({ statement: signedStatementSchema, page: bytesUpTo(16 * 1024) }),
  timeoutMs: 2_000,
  maxBytes: 24 * 1024,
});
