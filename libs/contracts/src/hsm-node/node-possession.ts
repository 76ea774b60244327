import { z } from 'zod';
import { bytes, defineRpc } from '../define/index.js';

const digest = z.string().regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 digest in lower-case hexadecimal');

/** What a node says of itself, in the words of TRANSPARENCY 6; it knows its fleet and its index by its address. */
export const possessionFields = {
  /** Of the fleet, as the node serves it. */
  epoch: z.int().min(1),
  software: z.string().regex(/^[A-Za-z0-9._+-]{1,64}$/),
  artifacts: z.strictObject({ 'apps/hsm-node': digest, libs: digest }),
};

export const nodePossession = defineRpc({
  owner: 'hsm-node',
  capability: 'node',
  verb: 'possession',
  version: 1,
  addressed: true,
  summary: 'Proof for a stranger, over its nonce, that the node holds its identity key; with the software that it says it runs.',
  request: z.strictObject({ nonce: bytes(32) }),
  response: z.strictObject({ ...possessionFields, signature: bytes(64) }),
  timeoutMs: 2_000,
  maxBytes: 4 * 1024,
});
