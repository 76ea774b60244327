import { sha256 } from '@noble/hashes/sha2.js';
import { utf8 } from '../encoding/octets.js';
import { base64url, hex32, list, oneOf, record, whole, type ReadBy } from './read-json.js';

/** What is asked of a fleet before it is believed to work, in this order. */
export const KNOWN_ANSWERS = ['right-code', 'wrong-code', 'minority-lost', 'lock'] as const;
export type KnownAnswerName = (typeof KNOWN_ANSWERS)[number];

const node = whole(1, 32);

/** As nodes sign and the gateway carries it (PROTOCOL 7.1); judged by `libs/protocol`, which knows votes. */
export const readCarriedStatement = record({
  incarnation: whole(1, 0xffffffff),
  leafIndex: whole(0, 4095),
  node,
  path: list(base64url(43), 0, 12),
  previous: base64url(43),
  sequence: whole(0, Number.MAX_SAFE_INTEGER),
  signature: base64url(86),
  statement: base64url(1366),
  treeSize: whole(1, 4096),
});
export type CarriedStatement = ReadBy<typeof readCarriedStatement>;

const readAttempt = record({
  /** The attempt's entry without signatures and token: enough to compute the attempt's id. */
  core: base64url(1366),
  evaluations: list(record({ evaluation: base64url(128), node, signature: base64url(86) }), 1, 32),
  record: base64url(5462),
  /** The votes that decided it. */
  votes: list(readCarriedStatement, 1, 32),
});
export type KnownAttempt = ReadBy<typeof readAttempt>;

/** One test on the live fleet with a throw-away account, and what its nodes signed. */
export const readKnownAnswer = record({
  /** Nodes that had been stopped. */
  absent: list(node, 0, 31),
  /** Account id of the throw-away account. */
  account: hex32,
  /** The one attempt that the test is about; none where it is about the state alone. */
  attempts: list(readAttempt, 0, 1),
  name: oneOf(...KNOWN_ANSWERS),
  /** What the nodes say of the account afterwards, signed over `knownAnswerNonce`. */
  views: list(readCarriedStatement, 1, 32),
});
export type KnownAnswer = ReadBy<typeof readKnownAnswer>;

/** The transcript's name for the step of a test. */
export function knownAnswerStep(name: KnownAnswerName): string {
  return `known-answer ${name}`;
}

/**
 * 32 bytes: what the nodes were asked with, from the transcript before the test's own step. So their signatures were made
 * after everything that stands before, and serve no other ceremony.
 * @param previous hexadecimal hash of the step before
 */
export function knownAnswerNonce(previous: string, name: KnownAnswerName): Uint8Array {
  return sha256(utf8(`strongroom/v1/known-answer\n${previous}\n${name}`));
}
