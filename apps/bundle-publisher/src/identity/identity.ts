import type { Ed25519Signer, TrustRoot } from '@strongroom/transparency';

/** Who this publisher is: the operator's key, the trust root that names it, and how long its bundles last. */
export abstract class PublisherIdentity {
  abstract readonly trustRoot: TrustRoot;
  abstract readonly signer: Ed25519Signer;
  /** Seconds between issue and expiry. */
  abstract readonly validityS: number;
}
