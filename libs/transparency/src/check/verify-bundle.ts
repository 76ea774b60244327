import type { Bundle } from '../bundle/bundle.js';
import { bundleDigest } from '../bundle/format-bundle.js';
import { toHex } from '../encoding/octets.js';
import type { TrustRoot } from '../trust-root/trust-root.js';
import { passed, skipped, type CheckReport } from './check.js';
import {
  checkBothSignatures,
  checkNamespace,
  checkNoteGrammar,
  checkProofGrammar,
  checkRoundTrip,
  checkSizeLimits,
} from './note-checks.js';
import { checkEpoch, checkMemberKeys, checkTrustRoot, checkValidityWindow, logChecks, type BundleMemory } from './state-checks.js';

export type VerifyInput = {
  /** The signed note as it came. */
  readonly note: string;
  readonly trustRoot: TrustRoot;
  /** `undefined` for a client that has never accepted a bundle. */
  readonly memory: BundleMemory | undefined;
  /** The caller's clock, milliseconds since 1970. */
  readonly nowMs: number;
};

export type VerifiedBundle = {
  readonly bundle: Bundle;
  /** 32 bytes: what the next bundle names as `previous`. */
  readonly digest: Uint8Array;
  /** All twenty steps of TRANSPARENCY 3 by number, those that could not run as `skipped`. */
  readonly checks: readonly CheckReport[];
  /** To be saved atomically before any key of the bundle is used (step 20). */
  readonly memory: BundleMemory;
};

/**
 * The steps of TRANSPARENCY 3 in their order, offline. Both signatures and the namespace come before all that
 * depends on memory and clock, so a stranger's text never reaches those.
 * @throws BundleError naming the first check that failed
 */
export function verifyBundle({ note: source, trustRoot, memory, nowMs }: VerifyInput): VerifiedBundle {
  const size = checkSizeLimits(source);
  const proof = checkProofGrammar(source);
  const { report: grammar, note, bundle } = checkNoteGrammar(source);
  const roundTrip = checkRoundTrip(note, bundle);
  const namespace = checkNamespace(bundle, trustRoot);
  const signatures = checkBothSignatures(note, trustRoot);
  const digest = bundleDigest(note.text);
  const checks = [
    size,
    proof,
    grammar,
    roundTrip,
    namespace,
    signatures,
    passed('leaf-hash', toHex(digest)),
    ...logChecks(),
    checkEpoch(bundle, digest, memory),
    checkValidityWindow(bundle, nowMs),
    checkTrustRoot(bundle, trustRoot),
    checkMemberKeys(bundle),
    skipped('memory-saved', 'left to the caller, before any key is used'),
  ].sort((a, b) => a.number - b.number);
  return { bundle, digest, checks, memory: { epoch: bundle.epoch, digest, minEpoch: bundle.minEpoch } };
}
