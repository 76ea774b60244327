import type { entryJson, signedStatementJson } from '@strongroom/contracts';
import { encodeEntryCore, fromBase64url, toBase64url, type Entry, type SignedStatement } from '@strongroom/protocol';

/** An entry as the gateway takes it; the token travels in the header. */
export function toEntryJson({ core, signature, ownerSignature }: Omit<Entry, 'token'>): ReturnType<typeof entryJson.parse> {
  return {
    core: toBase64url(encodeEntryCore(core)),
    signature: toBase64url(signature),
    ownerSignature: ownerSignature === null ? null : toBase64url(ownerSignature),
  };
}

/** A vote as the gateway carries it, in the form that is verified. */
export function toSignedStatement(json: ReturnType<typeof signedStatementJson.parse>): SignedStatement {
  return {
    ...json,
    previous: fromBase64url(json.previous),
    statement: fromBase64url(json.statement),
    path: json.path.map((hash) => fromBase64url(hash)),
    signature: fromBase64url(json.signature),
  };
}
