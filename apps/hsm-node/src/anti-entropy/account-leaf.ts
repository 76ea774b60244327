import { ByteWriter, lastOkOf, stateHash, type AccountLog, type Bytes } from '@strongroom/protocol';
import { createHash } from 'node:crypto';

/** Ranges divide the account ids, which are hashes, by their first 12 bits; 64 of them make a group. */
export const RANGES_IN_GROUP = 64;
export const GROUPS = 64;
export const RANGES: number = GROUPS * RANGES_IN_GROUP;
export const DIGEST_LENGTH = 32;

/** What nodes compare of an account. */
export interface AccountLeaf {
  readonly uid: Bytes;
  readonly index: number;
  readonly lastOk: number;
  readonly stateHash: Bytes;
}

export function rangeOf(uid: Bytes): number {
  return ((uid[0] ?? 0) << 4) | ((uid[1] ?? 0) >> 4);
}

export function groupOf(range: number): number {
  return Math.floor(range / RANGES_IN_GROUP);
}

export function leafOf(account: AccountLog): AccountLeaf {
  return { uid: account.uid, index: account.state.index, lastOk: lastOkOf(account), stateHash: stateHash(account.state) };
}

export function hashLeaf({ uid, index, lastOk, stateHash: hash }: AccountLeaf): Bytes {
  return sha256(ByteWriter.labelled('account-leaf').raw(uid).u32(index).u32(lastOk).raw(hash));
}

/** @param leaves hashes of the range's leaves in the order of their account ids; zeros stand for a range without any */
export function hashRange(range: number, leaves: readonly Bytes[]): Bytes {
  if (leaves.length === 0) return new Uint8Array(DIGEST_LENGTH);
  const writer = ByteWriter.labelled('account-range').u16(range);
  for (const leaf of leaves) writer.raw(leaf);
  return sha256(writer);
}

/** @param digests those of the group's ranges, one behind the other */
export function hashGroup(group: number, digests: Bytes): Bytes {
  return sha256(ByteWriter.labelled('account-group').u8(group).raw(digests));
}

function sha256(writer: ByteWriter): Bytes {
  return new Uint8Array(createHash('sha256').update(writer.bytes()).digest());
}
