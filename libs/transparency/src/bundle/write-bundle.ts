import { toBase64 } from '../encoding/base64.js';
import { toHex } from '../encoding/octets.js';
import type { Bundle, BundleFleet } from './bundle.js';

/** The lines of a bundle, unjudged: what `parseBundle` compares a text with. Others call `formatBundle`. */
export function writeBundle(bundle: Bundle): string {
  const head = bundle.evidenceHead;
  const lines = [
    `${bundle.namespace}/fleet-keys/v1`,
    `epoch ${bundle.epoch}`,
    `previous ${toHex(bundle.previous)}`,
    `issued ${bundle.issuedAt}`,
    `expires ${bundle.expiresAt}`,
    `min-epoch ${bundle.minEpoch}`,
    `environment ${bundle.environment}`,
    ...bundle.fleets.map(writeFleet),
    `deployment ${bundle.deployment ? `sha256:${toHex(bundle.deployment)}` : 'none'}`,
    `evidence-head ${head ? `${head.origin} ${head.size} ${toBase64(head.root)}` : 'none'}`,
    `trust-root ${bundle.trustRoot.version} sha256:${toHex(bundle.trustRoot.digest)}`,
  ];
  return `${lines.join('\n')}\n`;
}

/** The `fleet` line and its `member` lines, without the last newline. */
export function writeFleet(fleet: BundleFleet): string {
  const { fleetId, epoch, state, suite, n, t, q, attempts, ksf } = fleet;
  return [
    `fleet ${fleetId} epoch ${epoch} state ${state} suite ${suite} n ${n} t ${t} q ${q} attempts ${attempts} ksf ${ksf}`,
    ...fleet.members.map(
      ({ index, identityKey, hpkeKey, evidence }) =>
        `member ${index} ${toBase64(identityKey)} ${toBase64(hpkeKey)} sha256:${toHex(evidence)}`,
    ),
  ].join('\n');
}
