import { FormatError } from '../errors/format-error.js';
import { enrolmentDigest, verifyEnrolment, type Enrolment } from '../enrolment/enrolment.js';
import { trustRootDigest, type TrustRoot } from '../trust-root/trust-root.js';
import type { Bundle, BundleFleet, BundleFleetState, FleetParameters } from './bundle.js';
import { bundleDigest, formatBundle, noPrevious } from './format-bundle.js';
import { parseBundle } from './parse-bundle.js';
import { refuseSuccession } from './succession.js';

/** One fleet with the signed statements of its members, in the order of their index 1 to n. */
export type FleetEvidence = FleetParameters & {
  readonly fleetId: string;
  readonly epoch: number;
  readonly state: BundleFleetState;
  readonly statements: readonly Uint8Array[];
};

export type DeriveInput = {
  readonly trustRoot: TrustRoot;
  /** Text of the bundle before, or `undefined` for epoch 1. */
  readonly previousText: string | undefined;
  readonly issuedAt: number;
  readonly expiresAt: number;
  readonly fleets: readonly FleetEvidence[];
};

/**
 * The one text that follows from the evidence and the bundle before: what publisher and auditor each compute.
 * Nothing is taken on the registry's word: each statement is verified, and keys and digests come from it alone.
 * @throws FormatError when a statement, a parameter or the result breaks a rule
 */
export function deriveBundleText({ trustRoot, previousText, issuedAt, expiresAt, fleets }: DeriveInput): string {
  const before = previousText === undefined ? undefined : parseBundle(previousText);
  const members = new Map(fleets.map((fleet) => [fleet, fleet.statements.map(verifyEnrolment)] as const));
  const bundle: Bundle = {
    namespace: trustRoot.namespace,
    epoch: (before?.epoch ?? 0) + 1,
    previous: previousText === undefined ? noPrevious() : bundleDigest(previousText),
    issuedAt,
    expiresAt,
    minEpoch: before?.minEpoch ?? 1,
    environment: [...members.values()].flat().every(isHardware) ? 'hsm' : 'software',
    fleets: [...members].map(([fleet, enrolled]) => bundleFleet(fleet, enrolled)).sort(byFleetId),
    deployment: undefined,
    evidenceHead: undefined,
    trustRoot: { version: trustRoot.version, digest: trustRootDigest(trustRoot) },
  };
  const refused = before && refuseSuccession(before, bundle);
  if (refused) throw new FormatError(refused.field, refused.reason);
  return formatBundle(bundle);
}

function bundleFleet(fleet: FleetEvidence, enrolled: readonly Enrolment[]): BundleFleet {
  const { statements, ...parameters } = fleet;
  const members = enrolled.map(({ identityKey, hpkeKey }, i) => {
    const evidence = enrolmentDigest(statements[i] ?? new Uint8Array(0));
    return { index: i + 1, identityKey, hpkeKey, evidence };
  });
  return { ...parameters, members };
}

function isHardware({ environment }: Enrolment): boolean {
  return environment === 'hsm';
}

function byFleetId(a: BundleFleet, b: BundleFleet): number {
  return a.fleetId < b.fleetId ? -1 : 1;
}
