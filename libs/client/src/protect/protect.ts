import { VaultError, equal, signEntry } from '@strongroom/protocol';
import type { CallContext } from '../call/call-context.js';
import { untilItHolds } from '../call/until-it-holds.js';
import { toCarriedDecision, toEntryJson } from '../gateway/statement-json.js';
import { askRegistering, sameFleet } from '../status/ask-nodes.js';
import { checkDecidedEntry } from '../votes/decided-entry.js';
import { PendingRegistration, fingerprintOf, type PreparedRegistration } from './pending-registration.js';
import { prepareRegistration, type ProtectRequest } from './prepare-registration.js';

export interface ProtectResult {
  readonly fleetId: string;
  readonly version: number;
  /** `pending`: an older version lives on and this one takes its place after the cool-down, unless the owner cancels it. */
  readonly status: 'active' | 'pending';
  /** Nodes whose vote was checked: q of them. */
  readonly votedBy: readonly number[];
}

/** How often a version that somebody else took, or a bundle that was replaced, makes the client start over. */
const MAX_ROUNDS = 3;

/**
 * PROTOCOL 5 from the client's side. Success only after q votes for exactly this record were checked. The request is on
 * the device before it is sent and is sent again as it is, so a lost answer or a crash never makes a second version.
 */
export async function protect(context: CallContext, request: ProtectRequest): Promise<ProtectResult> {
  const pending = new PendingRegistration(context.device, context.uid);
  const fingerprint = fingerprintOf(request.backupKey, request.code, context.uid);
  for (let round = 1; ; round++) {
    const prepared = await resumeOrPrepare(context, request, pending, fingerprint);
    try {
      const result = await submit(context, prepared);
      await pending.remove();
      return result;
    } catch (error) {
      const outdated = error instanceof VaultError && (error.code === 'CONFLICT' || error.code === 'BUNDLE_STALE');
      if (!outdated || round >= MAX_ROUNDS) throw error;
      await pending.remove();
      if (error.code === 'BUNDLE_STALE') await context.gateway.newestBundle(context.deadline, context.purpose);
    }
  }
}

async function resumeOrPrepare(
  context: CallContext,
  request: ProtectRequest,
  pending: PendingRegistration,
  fingerprint: string,
): Promise<PreparedRegistration> {
  const found = await pending.find();
  if (found && found.fingerprint === fingerprint && equal(found.core.bindingKey, context.bindingKey.publicKey)) {
    const { bundle } = await context.gateway.bundle(context.deadline, context.purpose);
    const same = bundle.fleets.some(
      ({ fleetId, epoch, state }) => fleetId === found.core.fleetId && epoch === found.epoch && state === 'active',
    );
    if (same) return found;
  }
  const prepared = await prepareRegistration(context, request, await askRegistering(context), fingerprint);
  await pending.save(prepared);
  return prepared;
}

/** @throws CONFLICT when another entry has this version */
async function submit(context: CallContext, prepared: PreparedRegistration): Promise<ProtectResult> {
  const { core, request } = prepared;
  try {
    return await untilItHolds(context, () => submitOnce(context, prepared));
  } catch (error) {
    const notOwner = error instanceof VaultError && error.code === 'REQUEST_INVALID' && error.metadata['field'] === 'ownerSignature';
    if (!notOwner || request.entry.ownerSignature === null) throw error;
    // Another device owns the living version: the same entry goes on without that signature and waits for the cool-down.
    const entry = toEntryJson(signEntry(core, context.bindingKey, null));
    const unsigned = { ...prepared, request: { ...request, entry } };
    return untilItHolds(context, () => submitOnce(context, unsigned));
  }
}

async function submitOnce(context: CallContext, { core, request, living }: PreparedRegistration): Promise<ProtectResult> {
  context.onStep('registering');
  const answer = await context.gateway.register(request, context.deadline);
  const { roster } = await sameFleet(context, core.fleetId);
  const { votes, value } = checkDecidedEntry(toCarriedDecision(answer.decided), core, core.recordHash, roster, context.verifier);
  const owned = value.entry.ownerSignature !== null;
  return {
    fleetId: core.fleetId,
    version: core.ver,
    status: living && !owned ? 'pending' : 'active',
    votedBy: votes.map(({ head }) => head.node).sort((a, b) => a - b),
  };
}
