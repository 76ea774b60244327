import type { Bytes, EvaluationContext } from '@strongroom/protocol';

/** A decided attempt: the caller holds q valid votes for exactly this (PROTOCOL 6.2). */
export interface DecidedAttempt extends EvaluationContext {
  /** H(record) of the version that is attempted, 32 bytes. */
  readonly recordHash: Bytes;
}

/** What this node does with its shares. It asks for no votes: whoever calls has counted them. */
export abstract class Evaluator {
  /**
   * Z_i (32 bytes), then the DLEQ proof (64 bytes), for the B inside the attempt.
   * @throws RECORD_UNKNOWN when this node holds no share of that version; REQUEST_INVALID for a bad point
   */
  abstract evaluate(attempt: DecidedAttempt, blinded: Bytes): Bytes;

  /**
   * s_i sealed by HPKE to the attempt's one-time key E (32 bytes, X25519): 80 bytes.
   * @throws RECORD_UNKNOWN when this node holds no share of that version; REQUEST_INVALID for a bad key
   */
  abstract releaseSecret(attempt: DecidedAttempt, ephemeralKey: Bytes): Promise<Bytes>;
}
