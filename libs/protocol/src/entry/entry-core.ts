import type { AttemptRequest } from '../attempt/attempt.js';
import type { Bytes } from '../encoding/bytes.js';

export const ENTRY_NONCE_LENGTH = 16;

interface EntrySubject {
  readonly fleetId: string;
  /** Account id, 32 bytes. */
  readonly uid: Bytes;
  /** Ed25519 key that the account token is bound to (RFC 7800 `cnf`), 32 bytes. */
  readonly bindingKey: Bytes;
  /** 16 fresh bytes: makes two like entries different, and a retry the same. */
  readonly nonce: Bytes;
}

/** One recovery attempt against version `ver`. */
export interface AttemptCore extends AttemptRequest {
  readonly kind: 'attempt';
}

/** A new version `ver` of the account's record. */
export interface RegisterCore extends EntrySubject {
  readonly kind: 'register';
  readonly ver: number;
  /** SHA-256 of the record (`recordHash`), 32 bytes. */
  readonly recordHash: Bytes;
  /** The record's confirm key, Ed25519, 32 bytes: a node that lacks the record can still check a confirmation. */
  readonly confirmKey: Bytes;
  /** The record's owner key, Ed25519, 32 bytes: who may replace or delete this version at once (PROTOCOL 5.3). */
  readonly ownerKey: Bytes;
}

/** The end of the account's record; `ver` is the tombstone's own. */
export interface DeleteCore extends EntrySubject {
  readonly kind: 'delete';
  readonly ver: number;
}

/** Ends the pending version `ver` (PROTOCOL 5.3). */
export interface CancelCore extends EntrySubject {
  readonly kind: 'cancel';
  readonly ver: number;
}

/**
 * A new sharing of version `ver`: the same record with fresh shares at every node (PROTOCOL 7.8). Made by a node, whose
 * identity key is the binding key; it carries no token.
 */
export interface ReshareCore extends EntrySubject {
  readonly kind: 'reshare';
  readonly ver: number;
  /** The fleet's epoch in which it was made; the version's generation from now on. */
  readonly epoch: number;
  /** The one place of the log at which it may be decided. */
  readonly index: number;
  /** H(record) that it replaces, 32 bytes. */
  readonly before: Bytes;
  /** The hash of the sharing that it replaces, 32 bytes: what shows a client that both are one record. */
  readonly beforeSharing: Bytes;
  /** H(record) with the new sharing, 32 bytes. */
  readonly recordHash: Bytes;
  /** Of node 1 to n in the epoch, 64 bytes each: each holds its new share. */
  readonly held: readonly Bytes[];
}

/** What an entry of the account's log says (PROTOCOL 4.1), apart from who vouches for it. */
export type EntryCore = AttemptCore | RegisterCore | DeleteCore | CancelCore | ReshareCore;

export type EntryKind = EntryCore['kind'];

/** An attempt needs no owner, and a node that reshares has none. */
export function mayHaveOwner({ kind }: EntryCore): boolean {
  return kind !== 'attempt' && kind !== 'reshare';
}
