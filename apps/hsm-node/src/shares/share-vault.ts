import type { Bytes } from '@strongroom/protocol';

/** A checked version of a record with this node's share of it, ready to be kept. */
export interface StagedVersion {
  /** 32 bytes. */
  readonly uid: Bytes;
  /** H(record), 32 bytes: names the version. */
  readonly recordHash: Bytes;
  readonly ver: number;
  /** Canonical encoding of the record (PROTOCOL 5). */
  readonly record: Bytes;
  /**
   * The sealed shares of all nodes, in the order of the roster, kept for those who missed the registration; an empty
   * one is not kept. Empty when there is nothing to keep for anyone.
   */
  readonly sealed: readonly Bytes[];
  /** k_i (32 bytes), then s_i (32 bytes). The vault copies it; the caller wipes its own. */
  readonly share: Bytes;
  /**
   * For a share of a new sharing of a version that is held already: the one place of the account's log at which it may be
   * decided (PROTOCOL 7.8). Absent for a registration.
   */
  readonly index?: number;
  /** Goes with `index`: record hashes of the living versions. One that was decided a moment ago may not be activated yet. */
  readonly living?: readonly Bytes[];
}

/** At most this many versions of an account wait for their register entry to be decided. */
export const MAX_STAGED = 4;
/** At most this many new sharings of an account wait for the same place of its log: any member may begin one. */
export const MAX_RESHARED = 8;
/** How long a version waits before the sweep erases it. */
export const STAGED_LIFETIME_MS = 3_600_000;

/**
 * Shares, records and the sealed shares kept for peers, each version under keys that can be destroyed (I6).
 * Nothing here decides anything: the account's log does, and calls.
 */
export abstract class ShareVault {
  /**
   * Keeps a version, durable when it resolves. Again with the same record: nothing happens.
   * A new sharing makes room by destroying those for earlier places of the log: they are over, unless they are living.
   * @throws CONFLICT for a version that was barred; RATE_LIMITED when MAX_STAGED other versions of the account wait already, or
   * MAX_RESHARED for the same place
   */
  abstract stage(version: StagedVersion): Promise<void>;

  abstract holds(uid: Bytes, recordHash: Bytes): boolean;

  /** The record's canonical encoding. */
  abstract record(uid: Bytes, recordHash: Bytes): Bytes | null;

  /** What was sealed to node `node` (1..n), until that node acknowledged it (PROTOCOL 5.2). */
  abstract sealedFor(uid: Bytes, recordHash: Bytes, node: number): Bytes | null;

  /** Node `node` has its share: with the last one the key of all sealed shares is destroyed. Idempotent. */
  abstract acknowledge(uid: Bytes, recordHash: Bytes, node: number): Promise<void>;

  /**
   * Runs `use` on the unsealed share and wipes it afterwards, whatever `use` does; `use` keeps neither argument.
   * @throws RECORD_UNKNOWN when this node holds no share of that version
   */
  abstract withShare<T>(uid: Bytes, recordHash: Bytes, use: (k: Bytes, s: Bytes) => T): T;

  /** Its register entry is decided (active or pending): the sweep leaves it alone from now on. Idempotent. */
  abstract activate(uid: Bytes, recordHash: Bytes): Promise<void>;

  /**
   * The version never comes back here, whatever calls it living later (I6). Durable when it resolves; called before the
   * version is erased, and when a crash comes in between the next start erases it.
   */
  abstract bar(uid: Bytes, recordHash: Bytes): Promise<void>;

  abstract isBarred(uid: Bytes, recordHash: Bytes): boolean;

  /** Destroys the keys, durably, then removes the rows. Idempotent; a version it never held is erased already. */
  abstract erase(uid: Bytes, recordHash: Bytes): Promise<void>;

  /**
   * Erases every version of the account up to `ver` but the `kept`. Higher ones stay, and new sharings that wait for
   * `openIndex` or a later place of the log: a decision about them may be under way, and what is decided with its shares
   * gone is lost for good.
   * @param openIndex Infinity when the version itself is over
   * @returns record hashes of what had been activated and is erased now
   */
  abstract eraseUpTo(uid: Bytes, ver: number, kept: readonly Bytes[], openIndex: number): Promise<readonly Bytes[]>;

  /**
   * Erases versions that were staged STAGED_LIFETIME_MS before `nowMs` or earlier, never activated and not in the log
   * either: `isNeeded` is asked, because a crash may have come between the decision and `activate`. It is told the place
   * that a new sharing waits for, 0 for a registration.
   * @returns how many it erased
   */
  abstract sweep(nowMs: number, isNeeded: (uid: Bytes, recordHash: Bytes, index: number) => boolean): Promise<number>;
}
