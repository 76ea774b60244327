/** Where an app keeps a backup: bytes that only the backup key opens, put there in parts. The vault never sees them. */
export interface BackupStore {
  /** The fewest bytes of a part that is not the last. */
  readonly leastPartBytes: number;
  readonly mostParts: number;

  /** Begins an upload beside what is there. @returns its name, for the calls below */
  begin(signal: AbortSignal): Promise<string>;

  /** Keeps a part, in the place of one of the same number. @param part from 1 @returns what `finish` needs of it */
  put(upload: string, part: number, bytes: Blob, signal: AbortSignal): Promise<string>;

  /** Puts the upload in the place of the backup before it, at once. */
  finish(upload: string, parts: Parts, signal: AbortSignal): Promise<void>;

  /** Forgets an upload that is not finished. */
  abandon(upload: string, signal: AbortSignal): Promise<void>;

  /** The backup that is there now. @throws NOT_FOUND */
  open(signal: AbortSignal): Promise<StoredBackup>;
}

export interface Parts {
  /** Bytes of the whole. */
  readonly size: number;
  /** Bytes of each part but the last. */
  readonly partBytes: number;
  /** What `put` returned, from the first part on. */
  readonly receipts: readonly string[];
}

/** A backup at one moment: never bytes of two. */
export interface StoredBackup {
  readonly size: number;

  /** From `offset` on; may end before the whole does, and is then asked for again. @throws CONFLICT when another took its place */
  read(offset: number, signal: AbortSignal): Promise<ReadableStream<Uint8Array>>;
}
