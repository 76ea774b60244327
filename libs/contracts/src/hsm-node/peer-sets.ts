import { z } from 'zod';
import { bytes, defineRpc } from '../define/index.js';
import { confirmationSchema, decidedSchema } from './signed-statement.js';

const sets = { sets: z.array(decidedSchema).max(8), confirmation: confirmationSchema.nullable() };

/** Whoever lags asks for the decided sets that it lacks (PROTOCOL 4.3). */
export const peerFetchSets = defineRpc({
  owner: 'hsm-node',
  capability: 'peer',
  verb: 'fetch-sets',
  version: 1,
  addressed: true,
  summary: 'The decided sets of an account from an index on, at most eight, and its latest confirmation.',
  request: z.strictObject({ uid: bytes(32), fromIndex: z.int().min(1) }),
  response: z.strictObject(sets),
  timeoutMs: 1_000,
  maxBytes: 256 * 1024,
});

/** Whoever works at an index that is decided is given the sets (PROTOCOL 4.3). */
export const peerOfferSets = defineRpc({
  owner: 'hsm-node',
  capability: 'peer',
  verb: 'offer-sets',
  version: 1,
  addressed: true,
  summary: 'Decided sets for a node that works at an index which is decided already.',
  request: z.strictObject({ uid: bytes(32), ...sets }),
  response: z.strictObject({}),
  timeoutMs: 1_000,
  maxBytes: 256 * 1024,
});
