import { encodeStatusQuery, toBase64url, VaultError } from '@strongroom/protocol';
import type { CallContext } from '../call/call-context.js';
import { fleetToRegister, fleetsToRecover, toVerifiedFleet, type VerifiedFleet } from '../fleet/verified-fleet.js';
import { toSignedStatement } from '../gateway/statement-json.js';
import { isProvenEmpty, readView, type AccountView } from '../votes/account-view.js';

export interface AskedFleet {
  readonly fleet: VerifiedFleet;
  readonly view: AccountView;
}

/**
 * Asks the nodes of a fleet for their signed views of the account. The question is signed by the binding key and fresh,
 * so neither a copied token nor an old answer is of use. @throws FLEET_UNAVAILABLE when fewer than q answers hold
 */
export async function askNodes(context: CallContext, fleet: VerifiedFleet): Promise<AskedFleet> {
  context.onStep('status');
  const { fleetId } = fleet.roster;
  const nonce = context.random.bytes(32);
  const { publicKey } = context.bindingKey;
  const query = encodeStatusQuery({
    fleetId,
    uid: context.uid,
    bindingKey: publicKey,
    nonce,
    askedAtMs: Math.floor(context.clock.nowMs()),
  });
  const proof = `${toBase64url(query)}.${toBase64url(context.bindingKey.sign(query))}`;
  const { statements } = await context.gateway.status(proof, context.deadline);
  const newest = await sameFleet(context, fleetId);
  return { fleet: newest, view: readView(statements.map(toSignedStatement), { uid: context.uid, nonce }, newest.roster, context.verifier) };
}

/** The fleet as the newest bundle describes it: an answer may just have brought one. */
export async function sameFleet(context: CallContext, fleetId: string): Promise<VerifiedFleet> {
  const { bundle } = await context.gateway.bundle(context.deadline, context.purpose);
  const fleet = bundle.fleets.find((candidate) => candidate.fleetId === fleetId && candidate.state !== 'revoked');
  if (!fleet) throw new VaultError('BUNDLE_STALE', `the bundle no longer names the fleet ${fleetId}`, { check: 'fleet' });
  return toVerifiedFleet(fleet, context.bundles.earlier(fleet));
}

/** The fleet that takes new records, and what it knows of the account. */
export async function askRegistering(context: CallContext): Promise<AskedFleet> {
  context.onStep('bundle');
  const { bundle } = await context.gateway.bundle(context.deadline, context.purpose);
  return askNodes(context, fleetToRegister(bundle.fleets));
}

/** The fleet that holds the account's record: the first of which not q nodes say that it has none; else the first. */
export async function askRecovering(context: CallContext): Promise<AskedFleet> {
  context.onStep('bundle');
  const { bundle } = await context.gateway.bundle(context.deadline, context.purpose);
  let first: AskedFleet | undefined;
  for (const fleet of fleetsToRecover(bundle.fleets)) {
    const asked = await askNodes(context, fleet);
    if (!isProvenEmpty(asked.view)) return asked;
    first ??= asked;
  }
  if (!first) throw new VaultError('FLEET_UNAVAILABLE', 'the bundle names no fleet that recovers');
  return first;
}
