import { decidedJson, entryJson, signedStatementJson } from '@strongroom/contracts';
import { encodeEntryCore, toBase64url, type Entry, type SignedStatement } from '@strongroom/protocol';
import type { z } from 'zod';
import { carriedBytes } from './carried-bytes.js';

/** A decided index as the gateway carries it; nothing in it is checked yet. */
export interface CarriedDecision {
  readonly index: number;
  readonly value: Uint8Array;
  readonly votes: readonly SignedStatement[];
}

/** @throws LostAnswer when a text is not strict base64url */
export function toSignedStatement(json: z.infer<typeof signedStatementJson>): SignedStatement {
  return {
    ...json,
    previous: carriedBytes(json.previous, 'previous'),
    statement: carriedBytes(json.statement, 'statement'),
    path: json.path.map((hash) => carriedBytes(hash, 'path')),
    signature: carriedBytes(json.signature, 'signature'),
  };
}

/** @throws LostAnswer when a text is not strict base64url */
export function toCarriedDecision({ index, value, votes }: z.infer<typeof decidedJson>): CarriedDecision {
  return { index, value: carriedBytes(value, 'value'), votes: votes.map(toSignedStatement) };
}

/** The token stays out: it travels in the request's header. */
export function toEntryJson({ core, signature, ownerSignature }: Omit<Entry, 'token'>): z.infer<typeof entryJson> {
  return {
    core: toBase64url(encodeEntryCore(core)),
    signature: toBase64url(signature),
    ownerSignature: ownerSignature === null ? null : toBase64url(ownerSignature),
  };
}

/** The way back: so that a node which missed a decision can check the votes itself. */
export function toDecidedJson({ index, value, votes }: CarriedDecision): z.infer<typeof decidedJson> {
  return { index, value: toBase64url(value), votes: votes.map(toStatementJson) };
}

export function toStatementJson(signed: SignedStatement): z.infer<typeof signedStatementJson> {
  return {
    ...signed,
    previous: toBase64url(signed.previous),
    statement: toBase64url(signed.statement),
    path: signed.path.map(toBase64url),
    signature: toBase64url(signed.signature),
  };
}
