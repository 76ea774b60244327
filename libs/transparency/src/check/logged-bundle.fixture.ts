import { NOW_MS } from '../example/example-bundle.js';
import { loggedTrustRoot } from '../example/example-log.js';
import { proofOf } from '../vectors/vector-log.js';
import type { BundleMemory } from './bundle-memory.js';
import { BundleError, type CheckName } from './check.js';
import { verifyBundle, type VerifiedBundle, type VerifyInput } from './verify-bundle.js';

/** For specs: as a client that registers and has seen nothing, unless told. */
export function verify(source: string, changes: Partial<VerifyInput> = {}): VerifiedBundle {
  return verifyBundle({ source, trustRoot: loggedTrustRoot, memory: undefined, purpose: 'register', nowMs: NOW_MS, ...changes });
}

/** What a client remembers that accepted the first `size` bundles. */
export function remembered(size: number): BundleMemory {
  return verify(proofOf(size)).memory;
}

/** The check that refused, and how. */
export function failure(source: string, changes: Partial<VerifyInput> = {}): readonly [CheckName, string] | 'accepted' {
  try {
    verify(source, changes);
    return 'accepted';
  } catch (error) {
    if (!(error instanceof BundleError)) throw error;
    return [error.check, error.kind];
  }
}

/** The checks that are not ok. */
export function outcomes({ checks }: VerifiedBundle): Record<string, string> {
  return Object.fromEntries(checks.filter(({ outcome }) => outcome !== 'ok').map(({ check, outcome }) => [check, outcome]));
}
