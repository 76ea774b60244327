import { z } from 'zod';
import { bytes, bytesUpTo, nodeIndexSchema } from '../define/index.js';
import { confirmationSchema, signedStatementSchema } from './signed-statement.js';

export const ballotSchema = z.strictObject({
  round: z.int().min(0),
  node: nodeIndexSchema,
  incarnation: z.int().min(1).max(0xffffffff),
});

/** A promise as evidence of a proposal; `proof` is the proposer's signed vote for the value that it reports. */
export const promiseEvidenceSchema = z.strictObject({
  signed: signedStatementSchema,
  proof: signedStatementSchema.nullable(),
});

/** The promises that a reported proposal rests on; empty where its proposer and the reporter vouch for it (PROTOCOL 4.2). */
export const basisSchema = z.array(promiseEvidenceSchema).max(32);

/** A value accepted at an open index, with the proposer's signed vote for it (PROTOCOL 4.2). */
export const acceptedSchema = z.strictObject({
  ballot: ballotSchema,
  value: bytesUpTo(8192),
  valueHash: bytes(32),
  proposal: signedStatementSchema.nullable(),
  basis: basisSchema,
});

/** An account as one node holds it: what a rejoining node takes over (PROTOCOL 7.3). */
export const accountSummarySchema = z.strictObject({
  uid: bytes(32),
  index: z.int().min(0),
  confirmation: confirmationSchema.nullable(),
  promised: ballotSchema.nullable(),
  accepted: acceptedSchema.nullable(),
});
