import { ByteWriter } from '../encoding/byte-writer.js';
import type { Bytes } from '../encoding/bytes.js';

/** What an application may tell its user of, in the order of their codes from 1. */
export const NOTICE_KINDS = ['attempt-used', 'attempt-confirmed', 'record-changed', 'record-locked', 'record-erased'] as const;
export type NoticeKind = (typeof NOTICE_KINDS)[number];

/** A node's word that something happened to an account, for whoever tells the application (PROTOCOL 4.8). */
export interface AccountNotice {
  readonly fleetId: string;
  readonly epoch: number;
  readonly node: number;
  /** Account id, 32 bytes. */
  readonly uid: Bytes;
  readonly kind: NoticeKind;
  /** The index in the account's log: of the entry, or of the last attempt or deletion that led to a lock or an erase. */
  readonly number: number;
  /** The stamp that was voted for, else the node's clock; ms since 1970. */
  readonly atMs: number;
}

/** lv(label "account-notice") || lv(fleetId) || u32 epoch || u8 node || uid 32 || u8 kind || u32 number || u64 at: what the identity key signs. */
export function accountNoticeMessage({ fleetId, epoch, node, uid, kind, number, atMs }: AccountNotice): Bytes {
  const head = ByteWriter.labelled('account-notice').text(fleetId).u32(epoch).u8(node).raw(uid);
  return head
    .u8(NOTICE_KINDS.indexOf(kind) + 1)
    .u32(number)
    .u64(atMs)
    .bytes();
}
