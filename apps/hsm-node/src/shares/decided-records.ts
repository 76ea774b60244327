import { equal, valueOfAccepted, type AccountLog, type Bytes } from '@strongroom/protocol';

/** What the sweep asks the account's log before it erases a version that was never activated. */
export abstract class DecidedRecords {
  /** Whether a register entry of this record is decided and its version active or pending at this node. */
  abstract isDecided(uid: Bytes, recordHash: Bytes): boolean;
}

/**
 * Whether the account's log needs the record: living, pending, or accepted at the open index. An accepted registration
 * may be demanded by promises at any later time, and nobody can vote for it when its shares are gone.
 */
export function needsRecord({ state, accepted }: AccountLog, recordHash: Bytes): boolean {
  const core = accepted === null ? null : valueOfAccepted(accepted).entry.core;
  const needed = [state.active?.recordHash, state.pending?.version?.recordHash, core?.kind === 'register' ? core.recordHash : undefined];
  return needed.some((hash) => hash !== undefined && equal(hash, recordHash));
}
