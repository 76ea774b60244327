import { z } from 'zod';
import { bytes, defineBroadcast, nodeIndexSchema } from '../define/index.js';

/** Peers keep a sealed share until its node says so, then destroy it (PROTOCOL 5.2). */
export const recordHeld = defineBroadcast({
  owner: 'hsm-node',
  capability: 'record',
  verb: 'acknowledge',
  version: 1,
  summary: 'The node holds its share of a decided version: peers need not keep the sealed one any longer.',
  message: z.strictObject({
    node: nodeIndexSchema,
    uid: bytes(32),
    recordHash: bytes(32),
    /** By the node's identity key over label "record-held", fleetId, epoch, node, uid and record hash. */
    signature: bytes(64),
  }),
  maxBytes: 512,
});
