import type { Bundle } from '../bundle/bundle.js';
import { toHex } from '../encoding/octets.js';
import type { BundleProof } from '../proof/bundle-proof.js';
import type { TrustRoot } from '../trust-root/trust-root.js';
import { isPinned, type BundleMemory } from './bundle-memory.js';
import { skipped, type CheckReport } from './check.js';
import { verifyLogged, type Logged } from './verify-logged.js';
import {
  checkBothSignatures,
  checkLeafHash,
  checkNamespace,
  checkNoteGrammar,
  checkProofGrammar,
  checkRoundTrip,
  checkSizeLimits,
} from './note-checks.js';
import type { Purpose } from './purpose.js';
import { checkEpoch, checkMemberKeys, checkTrustRoot, checkValidityWindow } from './state-checks.js';

export type VerifyInput = {
  /** As it came: a tlog-proof with the signed note inside, or the bare note when the trust root names no log. */
  readonly source: string;
  readonly trustRoot: TrustRoot;
  /** `undefined` for a client that has never accepted a bundle. */
  readonly memory: BundleMemory | undefined;
  readonly purpose: Purpose;
  /** The caller's clock, milliseconds since 1970. */
  readonly nowMs: number;
  /** Between the size remembered and the proof's, where `missingConsistency` asks for it. */
  readonly consistency?: readonly Uint8Array[] | undefined;
  /** Takes each step as it passes, so that the steps before a refusal can be shown too. Empty when the checks begin. */
  readonly trail?: CheckReport[] | undefined;
};

export type VerifiedBundle = {
  readonly bundle: Bundle;
  /** 32 bytes: what the next bundle names as `previous`. */
  readonly digest: Uint8Array;
  /** All twenty steps of TRANSPARENCY 3 by number, with those that did not run or did not hold in full. */
  readonly checks: readonly CheckReport[];
  /** Seconds since 1970: the quorum's oldest cosignature. `undefined` without a quorum; of two proofs the younger is worth keeping. */
  readonly witnessedAt: number | undefined;
  /** To be saved atomically before any key of the bundle is used (step 20). */
  readonly memory: BundleMemory;
};

/**
 * The steps of TRANSPARENCY 3 in their order, offline. Both signatures and the namespace come before all that
 * depends on memory and clock, so a stranger's text never reaches those.
 * @throws BundleError naming the first check that failed
 */
export function verifyBundle(input: VerifyInput): VerifiedBundle {
  const { source, trustRoot, memory, nowMs, trail: checks = [] } = input;
  checks.push(checkSizeLimits(source, trustRoot));
  const { report: grammar, proof } = checkProofGrammar(source, trustRoot);
  checks.push(grammar);
  const { report: noteGrammar, note, bundle } = checkNoteGrammar(proof?.note ?? source);
  checks.push(noteGrammar);
  checks.push(checkRoundTrip(note, bundle));
  checks.push(checkNamespace(bundle, trustRoot));
  checks.push(checkBothSignatures(note, trustRoot));
  const { report: leaf, digest } = checkLeafHash(note);
  checks.push(leaf);
  const logged = loggedOf(input, checks, proof, digest, bundle.epoch);
  checks.push(checkEpoch(bundle, digest, memory));
  checks.push(logged.consistency());
  checks.push(checkValidityWindow(bundle, nowMs));
  checks.push(checkTrustRoot(bundle, trustRoot));
  checks.push(checkMemberKeys(bundle));
  checks.push(skipped('memory-saved', 'left to the caller, before any key is used'));
  // What no quorum has seen is not remembered: a forked log could lead this client off the one that everybody else sees.
  const checkpoint = checks.some(({ outcome }) => outcome === 'unwitnessed') ? memory?.checkpoint : logged.checkpoint;
  const remembered = { epoch: bundle.epoch, digest, minEpoch: bundle.minEpoch, ...(checkpoint && { checkpoint }) };
  return { bundle, digest, checks, witnessedAt: logged.witnessedAt, memory: remembered };
}

/**
 * A short code of what this client was shown: epoch, size and the first six bytes of the root. Two people whose codes
 * have one size and another root hold the proof that the log shows different things to different people.
 */
export function gossipCode({ epoch, checkpoint }: BundleMemory): string | undefined {
  return checkpoint && `${epoch}.${checkpoint.size}.${toHex(checkpoint.root.subarray(0, 6))}`;
}

function loggedOf(input: VerifyInput, checks: CheckReport[], proof: BundleProof | undefined, digest: Uint8Array, epoch: number): Logged {
  const { log } = input.trustRoot;
  const pinned = isPinned(epoch, digest, input.memory);
  return verifyLogged(log && proof && { ...input, log, proof, digest, pinned }, checks);
}
