import type { Ed25519Signer, TrustRoot } from '@strongroom/transparency';

/** Who this auditor is: its key, the trust root that names it, and what it tolerates. */
export abstract class AuditorIdentity {
  abstract readonly trustRoot: TrustRoot;
  abstract readonly signer: Ed25519Signer;
  /** False in production: fleets without key stretching are for measurements. */
  abstract readonly allowBenchSuite: boolean;
}
