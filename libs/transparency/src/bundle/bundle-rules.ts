import { toHex } from '../encoding/octets.js';
import type { Bundle, BundleFleet } from './bundle.js';
import { refuseParameters } from './fleet-parameters.js';

export type Refusal = { readonly field: string; readonly reason: string };

/** The rules that hold inside one bundle, whoever reads it: TRANSPARENCY 2 and PROTOCOL 1. */
export function refuseBundle(bundle: Bundle): Refusal | undefined {
  const { epoch, minEpoch, previous, issuedAt, expiresAt, fleets, evidenceHead, trustRoot } = bundle;
  if (epoch < 1) return { field: 'epoch', reason: 'starts at 1' };
  if (minEpoch < 1 || minEpoch > epoch) return { field: 'min-epoch', reason: 'is not between 1 and the epoch' };
  if ((epoch === 1) !== previous.every((byte) => byte === 0)) {
    return { field: 'previous', reason: 'is zeros in epoch 1 and only there' };
  }
  if (issuedAt >= expiresAt) return { field: 'expires', reason: 'is not after issued' };
  if (trustRoot.version < 1) return { field: 'trust-root', reason: 'starts at version 1' };
  if (evidenceHead && evidenceHead.root.length !== 32) return { field: 'evidence-head', reason: 'has no 32-byte root' };
  if (fleets.length === 0) return { field: 'fleet', reason: 'is missing' };
  for (const [i, fleet] of fleets.entries()) {
    const before = fleets[i - 1];
    if (before && before.fleetId >= fleet.fleetId) return { field: 'fleet', reason: 'is repeated or out of order' };
    const reason = refuseFleet(fleet);
    if (reason !== undefined) return { field: `fleet ${fleet.fleetId}`, reason };
  }
  return refuseSharedKeys(fleets);
}

function refuseFleet(fleet: BundleFleet): string | undefined {
  if (fleet.epoch < 1) return 'its epoch starts at 1';
  if (fleet.members.length !== fleet.n) return 'it does not list n members';
  if (fleet.members.some(({ index }, i) => index !== i + 1)) return 'its members are not numbered 1 to n';
  for (const { identityKey, hpkeKey, evidence } of fleet.members) {
    if (identityKey.length !== 32 || hpkeKey.length !== 32 || evidence.length !== 32) return 'a key or digest does not have 32 bytes';
  }
  return refuseParameters(fleet);
}

/** One machine under two indices would vote twice; one key in two fleets would let one answer pass as the other's. */
function refuseSharedKeys(fleets: readonly BundleFleet[]): Refusal | undefined {
  const keys = fleets.flatMap(({ members }) => members.flatMap((m) => [toHex(m.identityKey), toHex(m.hpkeKey)]));
  return new Set(keys).size === keys.length ? undefined : { field: 'member', reason: 'shares a key with another' };
}
