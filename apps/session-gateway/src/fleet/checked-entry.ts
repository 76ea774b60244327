import type { entryJson } from '@strongroom/contracts';
import { encodeEntry, invalid, parseEntryCore, type Bytes, type EntryCore, type EntryKind } from '@strongroom/protocol';
import type { BundleFleet } from '@strongroom/transparency';
import type { z } from 'zod';
import { fleetNamed, type CurrentBundle } from '../bundle/fleet-directory.js';
import { fromText } from '../encoding/base64url.js';
import { requireOwn, type Account } from '../token/account.js';

/** An entry as it goes to the nodes, which check its signatures, token and points. */
export interface CheckedEntry<Core extends EntryCore = EntryCore> {
  readonly core: Core;
  readonly encoded: Bytes;
  readonly fleet: BundleFleet;
}

/** The nodes decide whether B is a point, by libsodium; here it would cost more than everything else. */
const anyPoint = (): boolean => true;

/**
 * Parses an entry, checks that it is of the kind of its route and the account's own, and puts the token into it.
 * @throws REQUEST_INVALID naming the field, TOKEN_INVALID when account or key are not the token's, BUNDLE_STALE
 */
export function checkedEntry<Kind extends EntryKind>(
  json: z.infer<typeof entryJson>,
  kind: Kind,
  account: Account,
  bundle: CurrentBundle,
): CheckedEntry<Extract<EntryCore, { kind: Kind }>> {
  const core = parseEntryCore(fromText(json.core, 'entry.core'), anyPoint);
  if (!isOfKind(core, kind)) throw invalid('kind', `must be ${kind}`);
  requireOwn(account, core);
  const fleet = fleetNamed(bundle, core.fleetId);
  const signature = fromText(json.signature, 'entry.signature');
  const ownerSignature = json.ownerSignature === null ? null : fromText(json.ownerSignature, 'entry.ownerSignature');
  if (kind === 'attempt' && ownerSignature !== null) throw invalid('ownerSignature', 'does not belong to an attempt');
  return { core, encoded: encodeEntry({ core, signature, ownerSignature, token: account.token }), fleet };
}

function isOfKind<Kind extends EntryKind>(core: EntryCore, kind: Kind): core is Extract<EntryCore, { kind: Kind }> {
  return core.kind === kind;
}
