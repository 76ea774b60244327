/** A whole note, signatures included: 16 KiB (TRANSPARENCY 2). */
export const MAX_NOTE_BYTES = 16_384;

/** The text alone, so that two signature lines with the longest names always fit beside it. */
export const MAX_BUNDLE_TEXT_BYTES = MAX_NOTE_BYTES - 1_024;

export type BundleFleetState = 'active' | 'draining' | 'revoked';

/** Where the keys of a bundle's members live. `hsm` only if every member says so. */
export type Environment = 'software' | 'hsm';

export type BundleMember = {
  /** 1 to n; also the x coordinate of the node's shares. */
  readonly index: number;
  /** 32 bytes, Ed25519: signs votes and replies. */
  readonly identityKey: Uint8Array;
  /** 32 bytes, X25519: what only this node may read. */
  readonly hpkeKey: Uint8Array;
  /** 32 bytes: SHA-256 of the node's signed enrolment statement. */
  readonly evidence: Uint8Array;
};

export type FleetParameters = {
  readonly suite: number;
  readonly n: number;
  /** Shares needed. */
  readonly t: number;
  /** Votes needed. */
  readonly q: number;
  /** N of PROTOCOL 1: attempts between two confirmations. */
  readonly attempts: number;
  /** `argon2id:<KiB>:<passes>:<lanes>`, or `none` for the bench, which production refuses. */
  readonly ksf: string;
};

export type BundleFleet = FleetParameters & {
  readonly fleetId: string;
  /** Epoch of this fleet's roster and parameters: what votes sign. A bundle that only renews keeps it. */
  readonly epoch: number;
  readonly state: BundleFleetState;
  /** Exactly n, in the order of their index. */
  readonly members: readonly BundleMember[];
};

/** The signed text of TRANSPARENCY 2. Times are seconds since 1970. */
export type Bundle = {
  readonly namespace: string;
  /** 1, 2, 3 ..: one bundle per epoch, no gaps. */
  readonly epoch: number;
  /** 32 bytes: leaf hash of the previous bundle's text, zeros for epoch 1. */
  readonly previous: Uint8Array;
  readonly issuedAt: number;
  readonly expiresAt: number;
  /** Bundles below this epoch count for nothing any more. */
  readonly minEpoch: number;
  readonly environment: Environment;
  /** At least one, in ascending order of their ids. */
  readonly fleets: readonly BundleFleet[];
  /** 32 bytes: digest of the deployment statement; `undefined` is written `none`. */
  readonly deployment: Uint8Array | undefined;
  /** Head of the evidence log; `undefined` is written `none`. */
  readonly evidenceHead: EvidenceHead | undefined;
  readonly trustRoot: { readonly version: number; readonly digest: Uint8Array };
};

export type EvidenceHead = { readonly origin: string; readonly size: number; readonly root: Uint8Array };
