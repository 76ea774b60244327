import { NOTICE_KINDS } from '@strongroom/protocol';
import { z } from 'zod';
import { bytes, defineBroadcast, nodeIndexSchema } from '../define/index.js';

/** For the gateway alone, which makes webhooks of it: it names the account, so it is no event and observers do not hear it. */
export const accountNotice = defineBroadcast({
  owner: 'hsm-node',
  capability: 'account',
  verb: 'notice',
  version: 1,
  summary: 'The node says that an attempt was used or confirmed, or that a record was changed, locked or erased.',
  message: z.strictObject({
    epoch: z.int().min(1).max(0xffffffff),
    node: nodeIndexSchema,
    uid: bytes(32),
    kind: z.enum(NOTICE_KINDS),
    number: z.int().min(0).max(0xffffffff),
    atMs: z.int().min(0),
    /** By the node's identity key over `accountNoticeMessage` of libs/protocol. */
    signature: bytes(64),
  }),
  maxBytes: 512,
});
