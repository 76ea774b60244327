import type { Bundle } from '../bundle/bundle.js';
import { sameOctets, toHex } from '../encoding/octets.js';
import { refuseEd25519Key } from '../keys/ed25519.js';
import { refuseX25519Key } from '../keys/x25519.js';
import { trustRootDigest } from '../trust-root/trust-root-document.js';
import type { TrustRoot } from '../trust-root/trust-root.js';
import type { BundleMemory } from './bundle-memory.js';
import { BundleError, invalidBundle, passed, type CheckReport } from './check.js';

/** A bundle may be issued, and a checkpoint cosigned, by a clock that runs this far ahead of ours. */
export const CLOCK_SKEW_MS = 300_000;

/** Step 15: never back, never two bundles for one epoch, never off the chain. `digest` is that of the bundle's text. */
export function checkEpoch(bundle: Bundle, digest: Uint8Array, memory: BundleMemory | undefined): CheckReport {
  if (!memory) return passed('epoch', `epoch ${bundle.epoch}, the first that this client sees`);
  const least = Math.max(memory.epoch, memory.minEpoch);
  if (bundle.epoch < least) throw new BundleError('epoch', 'stale', `epoch ${bundle.epoch}, but ${least} was seen`);
  if (bundle.minEpoch < memory.minEpoch) throw invalidBundle('epoch', `min-epoch goes back from ${memory.minEpoch} to ${bundle.minEpoch}`);
  if (bundle.epoch === memory.epoch && !sameOctets(digest, memory.digest)) {
    throw invalidBundle('epoch', `a second bundle for epoch ${bundle.epoch}: ${toHex(digest)} and ${toHex(memory.digest)}`);
  }
  if (bundle.epoch === memory.epoch + 1 && !sameOctets(bundle.previous, memory.digest)) {
    throw invalidBundle('epoch', `epoch ${bundle.epoch} does not follow the bundle of epoch ${memory.epoch} seen before`);
  }
  return passed('epoch', `epoch ${bundle.epoch} after epoch ${memory.epoch}, min-epoch ${bundle.minEpoch}`);
}

/** Step 17. */
export function checkValidityWindow(bundle: Bundle, nowMs: number): CheckReport {
  const { issuedAt, expiresAt } = bundle;
  if (issuedAt * 1000 > nowMs + CLOCK_SKEW_MS) throw invalidBundle('validity-window', `issued at ${issuedAt}, which is still to come`);
  if (expiresAt * 1000 <= nowMs) throw new BundleError('validity-window', 'stale', `expired at ${expiresAt}`);
  return passed('validity-window', `issued ${issuedAt}, expires ${expiresAt}, now ${Math.floor(nowMs / 1000)}`);
}

/** Step 18: both sides mean the same trust root, and what it demands of a bundle is there. */
export function checkTrustRoot(bundle: Bundle, trustRoot: TrustRoot): CheckReport {
  const { version, digest } = bundle.trustRoot;
  if (version !== trustRoot.version || !sameOctets(digest, trustRootDigest(trustRoot))) {
    throw invalidBundle('trust-root', `made for trust root ${version} (${toHex(digest)}), not for ours, version ${trustRoot.version}`);
  }
  if (trustRoot.custodians && !bundle.deployment) throw invalidBundle('trust-root', 'names custodians, and the bundle no deployment');
  const deployment = bundle.deployment ? `, deployment sha256:${toHex(bundle.deployment)}` : '';
  return passed('trust-root', `version ${version}, sha256:${toHex(digest)}${deployment}`);
}

/** Step 19: keys with a small-order part would make signatures and shared secrets that hold for more than one key. */
export function checkMemberKeys(bundle: Bundle): CheckReport {
  let keys = 0;
  for (const { fleetId, members } of bundle.fleets) {
    for (const { index, identityKey, hpkeKey } of members) {
      const refused = refuseEd25519Key(identityKey) ?? refuseX25519Key(hpkeKey);
      if (refused !== undefined) throw invalidBundle('member-keys', `a key of ${fleetId}-${index} ${refused}`);
      keys += 2;
    }
  }
  return passed('member-keys', `${keys} keys, canonical and torsion-free`);
}
