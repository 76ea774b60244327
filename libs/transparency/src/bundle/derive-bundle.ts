import { toHex } from '../encoding/octets.js';
import { FormatError } from '../errors/format-error.js';
import { refuseDeployment, type Deployment } from '../evidence/roster-digest.js';
import { enrolmentDigest, verifyEnrolment, type Enrolment } from '../enrolment/enrolment.js';
import { trustRootDigest } from '../trust-root/trust-root-document.js';
import type { TrustRoot } from '../trust-root/trust-root.js';
import type { Bundle, BundleFleet, BundleFleetState, FleetParameters } from './bundle.js';
import { bundleDigest, formatBundle, noPrevious } from './format-bundle.js';
import { parseBundle } from './parse-bundle.js';
import { refuseSuccession } from './succession.js';

/** Where a fleet stands in its registry. */
export type FleetLifecycle = 'forming' | 'active' | 'draining' | 'retired';

/** One fleet with the signed statements of its members, in the order of their index 1 to n. */
export type FleetEvidence = FleetParameters & {
  readonly fleetId: string;
  readonly epoch: number;
  readonly state: FleetLifecycle;
  readonly statements: readonly Uint8Array[];
};

export type DeriveInput = {
  readonly trustRoot: TrustRoot;
  /** Text of the bundle before, or `undefined` for epoch 1. */
  readonly previousText: string | undefined;
  readonly issuedAt: number;
  readonly expiresAt: number;
  readonly fleets: readonly FleetEvidence[];
  /** The deployment statement that the signer itself holds and has checked; needed where the trust root names custodians. */
  readonly deployment?: Deployment | undefined;
};

/**
 * The one text that follows from the evidence and the bundle before: what publisher and auditor each compute.
 * Nothing is taken on the registry's word: each statement is verified, and keys and digests come from it alone.
 * @throws FormatError when a statement, a parameter or the result breaks a rule
 */
export function deriveBundleText({ trustRoot, previousText, issuedAt, expiresAt, fleets, deployment }: DeriveInput): string {
  const before = previousText === undefined ? undefined : parseBundle(previousText);
  const listed = fleets.flatMap((fleet): ListedFleet[] => {
    const state = listedState(fleet, before);
    return state ? [{ fleet, state, enrolled: fleet.statements.map(verifyEnrolment) }] : [];
  });
  const bundle: Bundle = {
    namespace: trustRoot.namespace,
    epoch: (before?.epoch ?? 0) + 1,
    previous: previousText === undefined ? noPrevious() : bundleDigest(previousText),
    issuedAt,
    expiresAt,
    minEpoch: before?.minEpoch ?? 1,
    environment: listed.flatMap(({ enrolled }) => enrolled).every(isHardware) ? 'hsm' : 'software',
    fleets: listed.map(bundleFleet).sort(byFleetId),
    deployment: deployment?.digest,
    evidenceHead: undefined,
    trustRoot: { version: trustRoot.version, digest: trustRootDigest(trustRoot) },
  };
  const refused = before && refuseSuccession(before, bundle);
  if (refused) throw new FormatError(refused.field, refused.reason);
  requireDeployment(bundle, before, trustRoot, deployment);
  return formatBundle(bundle);
}

/**
 * TRANSPARENCY 5: with custodians nobody is announced whom they have not signed for. Statements follow each other as
 * bundles do: the next one names, as its predecessor, the one that the bundle before names.
 */
function requireDeployment(
  bundle: Bundle,
  before: Bundle | undefined,
  { custodians }: TrustRoot,
  deployment: Deployment | undefined,
): void {
  if (!deployment) {
    if (custodians) throw new FormatError('deployment', 'the trust root names custodians, and no statement of theirs is here');
    if (before?.deployment) throw new FormatError('deployment', 'the bundle before names a statement, this one names none');
    return;
  }
  const reason = refuseDeployment(bundle, deployment);
  if (reason !== undefined) throw new FormatError('deployment', reason);
  const named = before?.deployment ? `sha256:${toHex(before.deployment)}` : 'none';
  const { predecessor } = deployment.statement.predicate;
  if (named !== `sha256:${toHex(deployment.digest)}` && predecessor !== named) {
    throw new FormatError('deployment', `follows ${predecessor}, but the bundle before names ${named}`);
  }
}

type ListedFleet = { readonly fleet: FleetEvidence; readonly state: BundleFleetState; readonly enrolled: readonly Enrolment[] };

/**
 * Announcing a forming fleet is what makes it active. A retired one is revoked in the next bundle and left out of
 * those that follow; one that retired before it was ever announced is never listed.
 */
function listedState({ fleetId, state }: FleetEvidence, before: Bundle | undefined): BundleFleetState | undefined {
  if (state === 'forming') return 'active';
  if (state !== 'retired') return state;
  const earlier = before?.fleets.find((fleet) => fleet.fleetId === fleetId);
  return earlier && earlier.state !== 'revoked' ? 'revoked' : undefined;
}

function bundleFleet({ fleet, state, enrolled }: ListedFleet): BundleFleet {
  const { statements, ...parameters } = fleet;
  const members = enrolled.map(({ identityKey, hpkeKey }, i) => {
    const evidence = enrolmentDigest(statements[i] ?? new Uint8Array(0));
    return { index: i + 1, identityKey, hpkeKey, evidence };
  });
  return { ...parameters, state, members };
}

function isHardware({ environment }: Enrolment): boolean {
  return environment === 'hsm';
}

function byFleetId(a: BundleFleet, b: BundleFleet): number {
  return a.fleetId < b.fleetId ? -1 : 1;
}
