import { sha256 } from '@noble/hashes/sha2.js';
import { ByteWriter } from '../encoding/byte-writer.js';
import type { Bytes } from '../encoding/bytes.js';
import type { EntryKind } from '../entry/entry-core.js';
import type { AccountState, LivingVersion, LogMark, PendingChange } from './account-state.js';

const KINDS = { attempt: 1, register: 2, delete: 3, cancel: 4, reshare: 5 } as const satisfies Record<EntryKind, number>;

/**
 * What two nodes compare of an account at one index: the state is a pure function of the log, so nodes with one log have
 * one hash, 32 bytes. The encoding is that of PROTOCOL 2, in the order of 4.4.
 */
export function stateHash(state: AccountState): Bytes {
  const writer = ByteWriter.labelled('account-state').u32(state.index).u32(state.ver);
  version(writer, state.active);
  pending(writer, state.pending);
  writer.u32(state.budgetFrom).u64(state.freshBudgetAtMs).u16(state.marks.length);
  for (const one of state.marks) mark(writer, one);
  return sha256(writer.bytes());
}

function version(writer: ByteWriter, living: LivingVersion | null): void {
  if (living === null) {
    writer.u8(0);
    return;
  }
  writer.u8(1).u32(living.ver).raw(living.recordHash).u32(living.generation).raw(living.confirmKey).raw(living.ownerKey);
}

function pending(writer: ByteWriter, change: PendingChange | null): void {
  if (change === null) {
    writer.u8(0);
    return;
  }
  writer.u8(1).u32(change.index).u64(change.stampMs).u32(change.ver);
  version(writer, change.version);
}

function mark(writer: ByteWriter, { index, kind, id, ver, stampMs, confirmKey }: LogMark): void {
  writer.u32(index).u8(KINDS[kind]).raw(id).u32(ver).u64(stampMs);
  if (confirmKey === null) writer.u8(0);
  else writer.u8(1).raw(confirmKey);
}
