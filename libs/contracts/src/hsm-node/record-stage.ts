import { z } from 'zod';
import { bytesUpTo, defineRpc } from '../define/index.js';

/** A node opens its own sealed share, checks it against the commitments and keeps all of it until its entry is decided. */
export const recordStage = defineRpc({
  owner: 'hsm-node',
  capability: 'record',
  verb: 'stage',
  version: 1,
  addressed: true,
  summary: 'Check a dealt share against its commitments and keep it, with the record, until its register entry is decided.',
  request: z.strictObject({
    entry: bytesUpTo(8192),
    record: bytesUpTo(4096),
    sealed: z.array(bytesUpTo(256)).min(1).max(32),
  }),
  response: z.strictObject({ staged: z.literal(true) }),
  timeoutMs: 3_000,
  maxBytes: 24 * 1024,
});
