import { z } from 'zod';
import { bytesUpTo, defineRpc } from '../define/index.js';

/** Lower-case hexadecimal SHA-256. */
export const digestSchema = z.string().regex(/^[0-9a-f]{64}$/);

export const enrolmentSubmit = defineRpc({
  owner: 'fleet-registry',
  capability: 'enrolment',
  verb: 'submit',
  version: 1,
  addressed: false,
  summary: 'A node enrols itself with a statement signed by its own identity key. Sending it again changes nothing.',
  /** The statement in the encoding of libs/transparency, signature included. */
  request: z.strictObject({ statement: bytesUpTo(4096) }),
  response: z.strictObject({ digest: digestSchema }),
  timeoutMs: 5_000,
  maxBytes: 8 * 1024,
});

export const enrolmentView = z.strictObject({
  digest: digestSchema,
  /** base64url of the 32-byte keys. */
  identityKey: z.string(),
  hpkeKey: z.string(),
  environment: z.enum(['software', 'hsm']),
  keystore: z.string(),
  softwareVersion: z.string(),
  enrolledAt: z.iso.datetime(),
});

export const enrolmentList = defineRpc({
  owner: 'fleet-registry',
  capability: 'enrolment',
  verb: 'list',
  version: 1,
  addressed: false,
  summary: 'Every enrolled node, newest last. Operators only.',
  request: z.strictObject({ operatorToken: z.string().min(1).max(4096) }),
  response: z.strictObject({ enrolments: z.array(enrolmentView) }),
  timeoutMs: 5_000,
  maxBytes: 256 * 1024,
});
