import { toHex } from '../encoding/octets.js';
import { CHECKS, type CheckName, type Outcome } from '../check/check.js';
import type { BundleMemory } from '../check/bundle-memory.js';
import type { Purpose } from '../check/purpose.js';
import { NOW_MS } from '../example/example-bundle.js';

/** Which of the trust roots of the file the case is judged by. */
export type VectorTrustRoot = 'logged' | 'unwitnessed';

/** One bundle with its proof, as a client meets it. Bytes are lower-case hexadecimal. */
export type ProofCase = {
  readonly name: string;
  readonly trustRoot: VectorTrustRoot;
  readonly purpose: Purpose;
  readonly nowMs: number;
  readonly memory: MemoryJson | null;
  /** Between the size remembered and the proof's. */
  readonly consistency: readonly string[] | null;
  readonly source: string;
};

export type MemoryJson = {
  readonly epoch: number;
  readonly digest: string;
  readonly minEpoch: number;
  readonly checkpoint: { readonly origin: string; readonly size: number; readonly root: string } | null;
};

/** `outcomes` names the checks that are not `ok`; step 20 is always the caller's and left out. */
export type ValidCase = ProofCase & { readonly outcomes: Readonly<Partial<Record<CheckName, Outcome>>> };

/** The one check that refuses; none before it may. */
export type InvalidCase = ProofCase & { readonly number: number; readonly check: CheckName; readonly kind: 'invalid' | 'stale' };

export type CaseInput = {
  readonly trustRoot?: VectorTrustRoot;
  readonly purpose?: Purpose;
  readonly nowMs?: number;
  readonly memory?: BundleMemory;
  readonly consistency?: readonly Uint8Array[];
};

export function valid(name: string, source: string, input: CaseInput = {}, outcomes: ValidCase['outcomes'] = {}): ValidCase {
  return { ...caseOf(name, source, input), outcomes };
}

export function invalid(check: CheckName, name: string, source: string, input: CaseInput = {}): InvalidCase {
  return { ...caseOf(name, source, input), number: CHECKS[check], check, kind: 'invalid' };
}

export function stale(check: CheckName, name: string, source: string, input: CaseInput = {}): InvalidCase {
  return { ...invalid(check, name, source, input), kind: 'stale' };
}

function caseOf(
  name: string,
  source: string,
  { trustRoot = 'logged', purpose = 'register', nowMs = NOW_MS, memory, consistency }: CaseInput,
): ProofCase {
  return {
    name,
    trustRoot,
    purpose,
    nowMs,
    memory: memory ? memoryJson(memory) : null,
    consistency: consistency?.map(toHex) ?? null,
    source,
  };
}

function memoryJson({ epoch, digest, minEpoch, checkpoint }: BundleMemory): MemoryJson {
  const seen = checkpoint ? { origin: checkpoint.origin, size: checkpoint.size, root: toHex(checkpoint.root) } : null;
  return { epoch, digest: toHex(digest), minEpoch, checkpoint: seen };
}
