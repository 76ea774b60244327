import { z } from 'zod';
import { ERROR_CODES } from '@strongroom/protocol';
import { bytes, bytesUpTo, defineBroadcast, nodeIndexSchema } from '../define/index.js';
import { ballotSchema, basisSchema, promiseEvidenceSchema } from './ballot-schema.js';
import { confirmationSchema, signedStatementSchema } from './signed-statement.js';

const uid = bytes(32);
const index = z.int().min(1).max(0xffffffff);

/**
 * Everything that one flush of a node made known: votes and promises under one signature (PROTOCOL 7.1), the values
 * that go with them, and hints that need no signature because nothing but time depends on them.
 * A promise for a ballot of the sender's own is its prepare.
 */
export const batchBroadcast = defineBroadcast({
  owner: 'hsm-node',
  capability: 'batch',
  verb: 'announce',
  version: 1,
  summary: "A node's votes, promises and confirmations since its last flush, to the whole fleet.",
  message: z.strictObject({
    node: nodeIndexSchema,
    incarnation: z.int().min(1).max(0xffffffff),
    signed: z
      .strictObject({
        sequence: z.int().min(1),
        previous: bytes(32),
        signature: bytes(64),
        statements: z.array(bytesUpTo(1024)).min(1).max(1024),
      })
      .nullable(),
    /** Values proposed by votes of this batch; `leaf` is the statement's place. */
    proposals: z.array(
      z.strictObject({
        leaf: z.int().min(0),
        value: bytesUpTo(8192),
        promises: z.array(promiseEvidenceSchema).max(32),
        confirmation: confirmationSchema.nullable(),
      }),
    ),
    /** Values that promises of this batch report as accepted. */
    reports: z.array(
      z.strictObject({
        leaf: z.int().min(0),
        accepted: z.strictObject({ value: bytesUpTo(8192), proof: signedStatementSchema.nullable(), basis: basisSchema }).nullable(),
        confirmation: confirmationSchema.nullable(),
      }),
    ),
    nacks: z.array(z.strictObject({ uid, index, promised: ballotSchema })),
    refusals: z.array(
      z.strictObject({
        uid,
        index,
        ballot: ballotSchema,
        code: z.enum(ERROR_CODES),
        message: z.string().max(200),
        retryAtMs: z.number().optional(),
        confirmation: confirmationSchema.nullable(),
      }),
    ),
    confirmations: z.array(confirmationSchema),
  }),
  maxBytes: 900 * 1024,
});
