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
    incarnation: z.int().min(1).max(0xffffffff),
    ready: z.boolean(),
    /** Counts the heartbeats of the incarnation from 1, so that a late or repeated one is known. */
    sequence: z.int().min(1),
  }),
  maxBytes: 256,
});
