import type { Bytes } from '@strongroom/protocol';

/** What the sweep asks the account's log before it erases a version that was never activated. */
export abstract class DecidedRecords {
  /** Whether a register entry of this record is decided and its version active or pending at this node. */
  abstract isDecided(uid: Bytes, recordHash: Bytes): boolean;
}
