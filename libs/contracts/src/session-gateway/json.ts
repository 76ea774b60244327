import { z } from 'zod';

/** base64url without padding of `length` bytes exactly (RFC 4648 section 5). */
export function base64urlOf(length: number): z.ZodString {
  const characters = Math.ceil((length * 4) / 3);
  return z.string().regex(new RegExp(`^[A-Za-z0-9_-]{${characters}}$`), `must be base64url of ${length} bytes`);
}

/** base64url without padding of at most `max` bytes. */
export function base64urlUpTo(max: number): z.ZodString {
  const characters = Math.ceil((max * 4) / 3);
  return z.string().regex(new RegExp(`^[A-Za-z0-9_-]{0,${characters}}$`), `must be base64url of at most ${max} bytes`);
}

export const signedStatementJson = z.strictObject({
  node: z.int().min(1).max(32),
  incarnation: z.int().min(1).max(0xffffffff),
  sequence: z.int().min(0),
  previous: base64urlOf(32),
  statement: base64urlUpTo(1024),
  leafIndex: z.int().min(0),
  treeSize: z.int().min(1).max(4096),
  path: z.array(base64urlOf(32)).max(12),
  signature: base64urlOf(64),
});

export const decidedJson = z.strictObject({
  index: z.int().min(1).max(0xffffffff),
  value: base64urlUpTo(8192),
  votes: z.array(signedStatementJson).max(32),
});

/** An entry of the account's log without its token: the gateway adds the bearer token of the request. */
export const entryJson = z.strictObject({
  core: base64urlUpTo(1024),
  signature: base64urlOf(64),
  ownerSignature: base64urlOf(64).nullable(),
});

/**
 * The newest validation bundle, inline, so that a client needs no second host (TRANSPARENCY 2).
 * Left out when the request's `Strongroom-Bundle` header already names its digest.
 */
export const inlineBundle = {
  bundle: z
    .string()
    .max(32 * 1024)
    .optional(),
};
