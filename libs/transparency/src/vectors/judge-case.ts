import { fromHex } from '../encoding/octets.js';
import { BundleError, type CheckName, type Outcome } from '../check/check.js';
import type { verifyBundle } from '../check/verify-bundle.js';
import type { TrustRoot } from '../trust-root/trust-root.js';
import type { ProofCase } from './proof-case.js';

export type Verdict =
  | { readonly accepted: true; readonly outcomes: Readonly<Partial<Record<CheckName, Outcome>>> }
  | { readonly accepted: false; readonly number: number; readonly check: CheckName; readonly kind: string };

/** What a verifier says of a case: the same in every place where the same code runs. */
export function judgeCase(
  verify: typeof verifyBundle,
  trustRoot: TrustRoot,
  { source, purpose, nowMs, memory, consistency }: ProofCase,
): Verdict {
  const checkpoint = memory?.checkpoint && { ...memory.checkpoint, root: bytes(memory.checkpoint.root) };
  const remembered = memory
    ? { epoch: memory.epoch, digest: bytes(memory.digest), minEpoch: memory.minEpoch, ...(checkpoint && { checkpoint }) }
    : undefined;
  try {
    const { checks } = verify({ source, trustRoot, purpose, nowMs, memory: remembered, consistency: consistency?.map(bytes) });
    const open = checks.filter(({ check, outcome }) => outcome !== 'ok' && check !== 'memory-saved');
    return { accepted: true, outcomes: Object.fromEntries(open.map(({ check, outcome }) => [check, outcome])) };
  } catch (error) {
    if (!(error instanceof BundleError)) throw error;
    return { accepted: false, number: error.number, check: error.check, kind: error.kind };
  }
}

function bytes(hex: string): Uint8Array {
  return fromHex(hex, hex.length / 2, 'vector');
}
