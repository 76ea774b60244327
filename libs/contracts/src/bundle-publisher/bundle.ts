import { z } from 'zod';
import { defineRpc } from '../define/index.js';
import { digestSchema } from '../fleet-registry/enrolment.js';

/** A validation bundle: a signed note of at most 16 KiB (TRANSPARENCY 2). */
export const noteSchema = z
  .string()
  .min(1)
  .max(16 * 1024);

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
