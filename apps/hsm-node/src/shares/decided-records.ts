import { equal, valueOfAccepted, type AccountLog, type Bytes } from '@strongroom/protocol';

/** What the sweep asks the account's log before it erases a version that was never activated. */
export abstract class DecidedRecords {
  /** Whether the account's log needs the record, or may come to need it. @param index as in `needsRecord` */
  abstract isNeeded(uid: Bytes, recordHash: Bytes, index: number): boolean;
}

/**
 * Whether the account's log needs the record: living, pending, or accepted at the open index. An accepted registration
 * may be demanded by promises at any later time, and nobody can vote for it when its shares are gone.
 * A new sharing is needed until its place of the log is decided: this node gave its word for it (PROTOCOL 7.8).
 * @param index the place that a new sharing waits for, 0 for a registration
 */
export function needsRecord({ state, accepted }: AccountLog, recordHash: Bytes, index: number): boolean {
  if (index > state.index) return true;
  const core = accepted === null ? null : valueOfAccepted(accepted).entry.core;
  const needed = [state.active?.recordHash, state.pending?.version?.recordHash, core?.kind === 'register' ? core.recordHash : undefined];
  return needed.some((hash) => hash !== undefined && equal(hash, recordHash));
}
