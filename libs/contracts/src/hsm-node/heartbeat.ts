import { z } from 'zod';
import { defineBroadcast, nodeIndexSchema } from '../define/index.js';

/** Says who can be asked right now; proves nothing, so nothing but liveness is decided by it (PROTOCOL 7.6). */
export const nodeHeartbeat = defineBroadcast({
  owner: 'hsm-node',
  capability: 'heartbeat',
  verb: 'announce',
  version: 1,
  summary: 'The node is up; every 250 ms, to its fleet. `ready` once its rejoin is complete.',
  message: z.strictObject({
    node: nodeIndexSchema,
    /** The epoch that it serves: whoever follows another one does not count it (PROTOCOL 7.5). */
    epoch: z.int().min(1).max(0xffffffff).optional(),
    incarnation: z.int().min(1).max(0xffffffff),
    ready: z.boolean(),
    /** Counts the heartbeats of the incarnation from 1, so that a late or repeated one is known. */
    sequence: z.int().min(1),
    /** Shares of living records that the node lacks and rebuilds (PROTOCOL 7.7); absent while it does not know. */
    missingShares: z.int().min(0).optional(),
    /** Living versions whose shares are still to be made anew (PROTOCOL 7.8); absent while the node does not know. */
    staleShares: z.int().min(0).optional(),
  }),
  maxBytes: 256,
});
