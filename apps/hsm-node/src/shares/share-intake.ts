import type { Bytes } from '@strongroom/protocol';

/** A record with the share that was dealt to this node. */
export interface DealtShare {
  /** Canonical encoding of the record (PROTOCOL 5). */
  readonly record: Bytes;
  /** sealed_i: what was sealed to this node. */
  readonly ownSealed: Bytes;
  /** The sealed shares of all nodes in the order of the roster, kept for peers; empty when this node came late. */
  readonly sealed: readonly Bytes[];
}

/** The one way by which a share enters the vault: opened, checked against its commitments, then kept. */
export abstract class ShareIntake {
  /**
   * Durable when it resolves; again with the same record nothing happens.
   * @returns H(record), 32 bytes
   * @throws REQUEST_INVALID naming `sealed` when the share contradicts its commitments or is not sealed to this node
   */
  abstract take(dealt: DealtShare): Promise<Bytes>;
}
