import { z } from 'zod';
import { bytesUpTo, defineRpc } from '../define/index.js';
import { decidedSchema } from './signed-statement.js';

/** Only nodes propose (PROTOCOL 4.5): the gateway hands the entry to the account's home node, or hedges to the next. */
export const entrySubmit = defineRpc({
  owner: 'hsm-node',
  capability: 'entry',
  verb: 'submit',
  version: 1,
  addressed: true,
  summary:
    "Propose an entry of an account's log and answer when it is decided. The same entry sent again gives the same answer at no cost.",
  request: z.strictObject({ entry: bytesUpTo(8192) }),
  response: decidedSchema,
  timeoutMs: 3_000,
  maxBytes: 12 * 1024,
});
