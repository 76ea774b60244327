/** What the adversary can do; each is counted by this name. */
export const FAULT_KINDS = ['kill', 'pause', 'cut', 'stall', 'delay', 'diskFull', 'rollback', 'busRestart', 'gatewayKill'] as const;

export type FaultKind = (typeof FAULT_KINDS)[number];

interface Timed {
  /** After the round began. */
  readonly afterMs: number;
  readonly holdMs: number;
}

interface AtNode extends Timed {
  /** Index in the fleet, from 1. */
  readonly node: number;
}

export type Fault =
  | ({ readonly kind: 'kill' | 'pause' | 'cut' | 'diskFull' } & AtNode)
  /** `outward` is from the node to the bus. */
  | ({ readonly kind: 'stall'; readonly direction: 'outward' | 'inward' | 'both' } & AtNode)
  | ({ readonly kind: 'delay'; readonly leastMs: number; readonly mostMs: number } & AtNode)
  /** Copies the node's directory, lets it serve for `holdMs`, and starts it on the copy. `clean`: it was not killed before that. */
  | ({ readonly kind: 'rollback'; readonly clean: boolean } & AtNode)
  | ({ readonly kind: 'busRestart' | 'gatewayKill' } & Timed);

/** Faults that overlap; the next round begins when every node is back. */
export type Round = readonly Fault[];
