import {
  attemptConfirmed,
  attemptQuorumReached,
  attemptVoted,
  logDiverged,
  logHealed,
  nodeMisbehaved,
  nodeReady,
  nodeRollbackDetected,
  recordActivated,
  recordErased,
  recordLocked,
  shareReleased,
} from './events.js';

/** What a person may watch of a fleet as it happens: attempts and records by their tags, never an account. */
export const LIVE_EVENTS = [
  attemptVoted,
  attemptQuorumReached,
  shareReleased,
  attemptConfirmed,
  recordActivated,
  recordLocked,
  recordErased,
  nodeReady,
  nodeRollbackDetected,
  nodeMisbehaved,
  logHealed,
  logDiverged,
] as const;
