import type { Checkpoint } from '../checkpoint/checkpoint.js';
import type { BundleProof } from '../proof/bundle-proof.js';
import type { TrustedLog, TrustRoot } from '../trust-root/trust-root.js';
import type { BundleMemory } from './bundle-memory.js';
import { skipped, type CheckReport } from './check.js';
import { checkConsistency } from './consistency-check.js';
import { checkCheckpoint, checkCosignatures, checkHead, checkInclusion, checkLogSignature } from './log-checks.js';
import type { Purpose } from './purpose.js';
import { checkFreshness, checkWitnessQuorum, witnessedSince } from './witness-checks.js';

export type LoggedInput = {
  readonly trustRoot: TrustRoot;
  readonly log: TrustedLog;
  readonly proof: BundleProof;
  readonly digest: Uint8Array;
  readonly memory: BundleMemory | undefined;
  readonly purpose: Purpose;
  readonly pinned: boolean;
  readonly nowMs: number;
  readonly consistency?: readonly Uint8Array[] | undefined;
};

export type Logged = {
  /** Step 16, which comes after the epoch was judged. */
  readonly consistency: () => CheckReport;
  readonly checkpoint: Checkpoint | undefined;
  readonly witnessedAt: number | undefined;
};

const STEPS_8_TO_14 = ['checkpoint-grammar', 'log-signature', 'cosignatures', 'witness-quorum', 'inclusion', 'head', 'freshness'] as const;

/** Steps 8 to 14, which go into `checks`, and 16 of TRANSPARENCY 3; all skipped without a log. @throws BundleError naming the first that failed */
export function verifyLogged(input: LoggedInput | undefined, checks: CheckReport[]): Logged {
  if (!input) {
    const none = 'the trust root names no log';
    checks.push(...STEPS_8_TO_14.map((step) => skipped(step, none)));
    return { consistency: () => skipped('consistency', none), checkpoint: undefined, witnessedAt: undefined };
  }
  const { trustRoot, log, proof, digest, memory, purpose, pinned, nowMs } = input;
  const { report: grammar, opened } = checkCheckpoint(proof, log);
  checks.push(grammar);
  const { checkpoint } = opened;
  checks.push(checkLogSignature(opened, log));
  const { report: known, cosignatures } = checkCosignatures(opened, log);
  checks.push(known);
  const witnesses = { log, cosignatures, purpose, pinned };
  checks.push(checkWitnessQuorum(witnesses));
  checks.push(checkInclusion(digest, proof, checkpoint));
  checks.push(checkHead(proof, checkpoint));
  checks.push(checkFreshness(witnesses, trustRoot.windows, nowMs));
  return {
    checkpoint,
    witnessedAt: witnessedSince(witnesses, nowMs),
    consistency: () => checkConsistency(proof, checkpoint, memory, input.consistency),
  };
}
