import type { Bytes } from '@strongroom/protocol';

/** One row to write, or with a `null` value to remove. */
export interface StoreWrite {
  /** Lower-case letters, digits and hyphens, at most 32. */
  readonly table: string;
  /** 1 to 1,024 bytes. */
  readonly key: Bytes;
  /** At most 1 MiB. */
  readonly value: Bytes | null;
}

export interface StoreRow {
  readonly key: Bytes;
  readonly value: Bytes;
}

export interface ScanOptions {
  /** Start behind this key, whether it still exists or not; from the beginning when absent. */
  readonly after?: Bytes;
  /** Rows at most, 1 or more. */
  readonly limit: number;
}

/**
 * Where a node keeps everything that must survive it: rows in tables, encrypted and authenticated at rest.
 * Reads are synchronous, so a decision and the reads it rests on happen in one turn.
 *
 * What `commit` was given is visible to reads when its promise resolves, not before. Whoever decides on a row while a
 * commit of that row is under way keeps the newer state in memory or serialises per key.
 */
export abstract class NodeStore {
  /** @throws INTERNAL naming `table` when the row does not authenticate: never silently empty */
  abstract get(table: string, key: Bytes): Bytes | null;

  /**
   * Rows in an order that tells nothing (keys are hashed at rest) but never changes, so a scan resumes behind the last
   * key it saw; rows written meanwhile may or may not be seen. Fewer than `limit` rows mean the end.
   * @throws INTERNAL naming `table` when a row does not authenticate
   */
  abstract scan(table: string, options: ScanOptions): readonly StoreRow[];

  /**
   * All of `writes` or none, in order, with one flush. Resolves only when durable: after that no crash loses it.
   * Commits made in one turn may share a flush; they become durable in the order they were made.
   * @throws INTERNAL when the disk refused (full, failing); then nothing of it is visible or comes back after a crash
   */
  abstract commit(writes: readonly StoreWrite[]): Promise<void>;

  /** Waits for commits under way. */
  abstract close(): Promise<void>;
}
