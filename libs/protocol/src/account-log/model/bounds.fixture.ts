/** What one search covers. Three nodes, q = t = 2; everything else is bounded by these numbers. */
export interface Bounds {
  /** Different attempts that clients submit, 1 to 4. */
  readonly attempts: number;
  /** N: attempts allowed between two confirmations. */
  readonly budget: number;
  /** Highest round of a ballot: round 0 is the home node's, any node may take over with rounds 1 to this. */
  readonly rounds: number;
  /** Nodes that stop and start again with the disk they had. */
  readonly crashes: number;
  /** Nodes that start again with a disk they had before. */
  readonly rollbacks: number;
  /** Which node crashes, and which comes back with an old disk; 0 for any. */
  readonly crashAt: number;
  readonly rollbackAt: number;
  /** Confirmations that a client makes. */
  readonly confirmations: number;
  /** Number of the home node: ballots of one round are ordered by node. */
  readonly home: number;
}

export const NODES = 3;
export const QUORUM = 2;
/** Names above all that clients submit: what the checks for dead states ask for. */
export const FRESH = 7;
/** The account is registered at index 1, everywhere, before the search begins. */
export const FIRST_INDEX = 2;

/** (round, node, incarnation) in one number of the same order, `NO_BALLOT` for none. */
export const NO_BALLOT = -1;
export const ballotNumber = (round: number, node: number, incarnation: number): number => round * 256 + node * 16 + incarnation;
export const roundOf = (ballot: number): number => ballot >> 8;
export const proposerOf = (ballot: number): number => (ballot >> 4) & 15;
export const incarnationOf = (ballot: number): number => ballot & 15;

/** An attempt's name and the lastOk of its proposer in one number, `NO_VALUE` for none. */
export const NO_VALUE = -1;
export const valueNumber = (name: number, lastOk: number): number => lastOk * 8 + name;
export const nameOf = (value: number): number => value & 7;
export const lastOkOfValue = (value: number): number => value >> 3;
