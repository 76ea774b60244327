import { z } from 'zod';
import { base64urlOf, base64urlUpTo, decidedJson, entryJson, inlineBundle } from './json.js';

/** POST /v1/attempts (PROTOCOL 6). The same entry sent again gives the same answer and costs nothing. */
export const attemptRequest = z.strictObject({
  entry: entryJson,
  /** Nodes whose earlier answer to this attempt failed a check of the client: asked last. No part of the attempt. */
  avoid: z.array(z.int().min(1).max(32)).max(32).optional(),
});
export const attemptResponse = z.strictObject({
  /** With `record` as the node of `evaluations[0]` sent them: whom to avoid when they fail a check. */
  decided: decidedJson,
  record: base64urlUpTo(4096),
  /** Hash of the sharing that the votes were for, when the record was shared anew since (PROTOCOL 7.8). */
  votedSharing: base64urlOf(32).optional(),
  /** At least t of them. */
  evaluations: z.array(z.strictObject({ node: z.int().min(1).max(32), evaluation: base64urlOf(96), signature: base64urlOf(64) })),
  ...inlineBundle,
});

/** POST /v1/attempts/{id}/confirm, id = hexadecimal attemptId. */
export const confirmRequest = z.strictObject({
  ver: z.int().min(1).max(0xffffffff),
  index: z.int().min(1).max(0xffffffff),
  signature: base64urlOf(64),
  /** The decided attempt, so that a node which missed it can check the votes itself. */
  decided: decidedJson.optional(),
  /** Nodes whose earlier answer failed a check of the client: not asked while q others are live. */
  avoid: z.array(z.int().min(1).max(32)).max(32).optional(),
});
export const confirmResponse = z.strictObject({
  /** At least q of them, or as many as answered before the deadline. */
  secrets: z.array(z.strictObject({ node: z.int().min(1).max(32), sealedSecret: base64urlUpTo(128) })),
  ...inlineBundle,
});
