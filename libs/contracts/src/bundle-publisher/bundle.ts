import { z } from 'zod';
import { bytes, defineRpc } from '../define/index.js';
import { digestSchema } from '../fleet-registry/enrolment.js';

/**
 * A validation bundle as it travels: a tlog-proof of at most 32 KiB with the signed note inside, or, where the trust root
 * names no log, the bare note of at most 16 KiB (TRANSPARENCY 2).
 */
export const noteSchema = z
  .string()
  .min(1)
  .max(32 * 1024);

export const bundleView = z.strictObject({ epoch: z.int().min(1), digest: digestSchema, note: noteSchema });

export const bundlePropose = defineRpc({
  owner: 'bundle-publisher',
  capability: 'bundle',
  verb: 'propose',
  version: 1,
  addressed: false,
  summary: "Derive the next bundle from the registry's evidence, have the auditor countersign it, sign it and publish it. Operators only.",
  request: z.strictObject({ operatorToken: z.string().min(1).max(4096) }),
  response: bundleView,
  timeoutMs: 10_000,
  maxBytes: 64 * 1024,
});

export const bundleCurrent = defineRpc({
  owner: 'bundle-publisher',
  capability: 'bundle',
  verb: 'current',
  version: 1,
  addressed: false,
  summary: 'The newest published bundle, or NOT_FOUND before the first.',
  request: z.strictObject({}),
  response: bundleView,
  timeoutMs: 3_000,
  maxBytes: 64 * 1024,
});

/** Of the log of the bundles: leaf i is the text of epoch i + 1. */
export const logSizeSchema = z.int().min(1).max(Number.MAX_SAFE_INTEGER);

export const bundleConsistency = defineRpc({
  owner: 'bundle-publisher',
  capability: 'bundle',
  verb: 'consistency',
  version: 1,
  addressed: false,
  summary: 'The proof that the log of the bundles only grew between two sizes (RFC 6962 2.1.2), or NOT_FOUND for a size that it never had.',
  request: z.strictObject({ oldSize: logSizeSchema, newSize: logSizeSchema }),
  response: z.strictObject({ proof: z.array(bytes(32)).max(63) }),
  timeoutMs: 3_000,
  maxBytes: 8 * 1024,
});
