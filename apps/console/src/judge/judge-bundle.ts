import {
  BundleError,
  CHECKS,
  gossipCode,
  isVerified,
  parseTrustRoot,
  printable,
  verifyBundle,
  type CheckName,
  type CheckReport,
  type Outcome,
  type Purpose,
  type VerifiedBundle,
} from '@strongroom/transparency';
import { bytesOf, memoryOf, type SeenJson } from './seen.js';

/** All as text, so that a page, a script and a test ask the same question. */
export type BundleQuestion = {
  /** A tlog-proof with the bundle inside, or the bare note. */
  readonly source: string;
  /** `trust-root.json`, verbatim. */
  readonly trustRoot: string;
  readonly purpose: Purpose;
  /** The reader's clock, milliseconds since 1970. */
  readonly nowMs: number;
  readonly memory: SeenJson | null;
  /** Hashes in hexadecimal, between the size remembered and the proof's. */
  readonly consistency: readonly string[] | null;
};

/** `unreached`: a check before it refused. */
export type ShownOutcome = Outcome | 'FAIL' | 'unreached';

export type ShownCheck = { readonly number: number; readonly check: CheckName; readonly outcome: ShownOutcome; readonly saw: string };

export type JudgedBundle = {
  /** `holds`: nothing failed, but something was skipped or unwitnessed, so it is not called verified. */
  readonly verdict: 'verified' | 'holds' | 'failed';
  /** All twenty, in the order of their numbers. */
  readonly checks: readonly ShownCheck[];
  readonly refusal: { readonly number: number; readonly check: CheckName; readonly kind: 'invalid' | 'stale' } | undefined;
  readonly verified: VerifiedBundle | undefined;
  readonly gossipCode: string | undefined;
};

/** The twenty checks, by the verifier that client and command line use. @throws FormatError when the trust root is none */
export function judgeBundle({ source, trustRoot, purpose, nowMs, memory, consistency }: BundleQuestion): JudgedBundle {
  const trail: CheckReport[] = [];
  const asked = { source, trustRoot: parseTrustRoot(trustRoot), purpose, nowMs, memory: memory ? memoryOf(memory) : undefined };
  try {
    const verified = verifyBundle({ ...asked, consistency: consistency?.map(bytesOf), trail });
    const code = gossipCode(verified.memory);
    return {
      verdict: isVerified(verified.checks) ? 'verified' : 'holds',
      checks: all(trail),
      refusal: undefined,
      verified,
      gossipCode: code,
    };
  } catch (error) {
    if (!(error instanceof BundleError)) throw error;
    const { number, check, kind, message } = error;
    const refused = { number, check, outcome: 'FAIL' as const, saw: message };
    return {
      verdict: 'failed',
      checks: all([...trail, refused]),
      refusal: { number, check, kind },
      verified: undefined,
      gossipCode: undefined,
    };
  }
}

/** Step 20 is the caller's: what `judgeBundle` accepted, and is now remembered. */
export function withMemorySaved(judged: JudgedBundle, saw: string): JudgedBundle {
  if (judged.verdict === 'failed') return judged;
  const checks = judged.checks.map((each) => (each.check === 'memory-saved' ? { ...each, outcome: 'ok' as const, saw } : each));
  return { ...judged, checks, verdict: checks.every(({ outcome }) => outcome === 'ok') ? 'verified' : 'holds' };
}

function all(told: readonly ShownCheck[]): readonly ShownCheck[] {
  const [names, by] = [CHECKS, new Map(told.map((each) => [each.check, each]))];
  return checkNames().map((check) => {
    const one = by.get(check);
    return one
      ? { ...one, saw: printable(one.saw) }
      : { number: names[check], check, outcome: 'unreached', saw: 'a check before it refused' };
  });
}

function checkNames(): readonly CheckName[] {
  const isName = (name: string): name is CheckName => name in CHECKS;
  return Object.keys(CHECKS).filter(isName);
}
