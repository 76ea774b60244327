import { z } from 'zod';
import { base64urlUpTo, decidedJson, entryJson, inlineBundle, signedStatementJson } from './json.js';

/** POST /v1/records: one message, all or nothing (PROTOCOL 5). */
export const registerRequest = z.strictObject({
  entry: entryJson,
  record: base64urlUpTo(4096),
  /** One sealed share per node, in the order of the roster. */
  sealed: z.array(base64urlUpTo(256)).min(1).max(32),
});
export const registerResponse = z.strictObject({ decided: decidedJson, ...inlineBundle });

/** GET /v1/records/me: the signed views of as many nodes as answered, at least q. */
export const statusResponse = z.strictObject({ statements: z.array(signedStatementJson), ...inlineBundle });

/** GET /v1/records/me/history: a page of each node that answered, at least q. `statement` signs the hash of `page`. */
export const historyResponse = z.strictObject({
  pages: z.array(z.strictObject({ statement: signedStatementJson, page: base64urlUpTo(16 * 1024) })).max(32),
  ...inlineBundle,
});

/** DELETE /v1/records/me and POST /v1/records/me/cancel. */
export const entryRequest = z.strictObject({ entry: entryJson });
export const entryResponse = z.strictObject({ decided: decidedJson, ...inlineBundle });

/**
 * Header that proves possession of the bound key on requests without an entry: `<base64url query>.<base64url signature>`,
 * where the query is a StatusQuery or a HistoryQuery of libs/protocol.
 */
export const PROOF_HEADER = 'strongroom-proof';
/** Header naming the digest (hex) of the bundle that the client already holds. */
export const BUNDLE_HEADER = 'strongroom-bundle';
