import { VaultError, signEntry, type CancelCore, type DeleteCore, type Signer } from '@strongroom/protocol';
import type { CallContext } from '../call/call-context.js';
import { untilItHolds } from '../call/until-it-holds.js';
import { toCarriedDecision, toEntryJson } from '../gateway/statement-json.js';
import { OwnerKey } from '../owner/owner-key.js';
import { askRecovering, sameFleet, type AskedFleet } from '../status/ask-nodes.js';
import { isProvenEmpty, nextVersion, prevailing } from '../votes/account-view.js';
import { checkDecidedEntry } from '../votes/decided-entry.js';

export interface ForgetResult {
  /** `none`: there was no record. `pending`: without the owner key it takes effect after the cool-down. */
  readonly status: 'deleted' | 'pending' | 'none';
  readonly votedBy: readonly number[];
}

const MAX_ROUNDS = 3;

/** Deletes the account's record (PROTOCOL 5.4): shares are erased, a tombstone stays. Asking twice is no error. */
export async function forget(context: CallContext): Promise<ForgetResult> {
  for (let round = 1; ; round++) {
    const asked = await askRecovering(context);
    if (isProvenEmpty(asked.view) && prevailing(asked.view).status !== 'pending') return { status: 'none', votedBy: [] };
    try {
      return await forgetOnce(context, asked);
    } catch (error) {
      // Another entry took the version, or the lost answer of an earlier try was a yes: the nodes know which.
      const overtaken = error instanceof VaultError && (error.code === 'CONFLICT' || error.code === 'RECORD_UNKNOWN');
      if (!overtaken || round >= MAX_ROUNDS) throw error;
    }
  }
}

async function forgetOnce(context: CallContext, { fleet, view }: AskedFleet): Promise<ForgetResult> {
  const key = new OwnerKey(context.device, context.uid, context.random);
  const owner = prevailing(view).activeVer > 0 ? await key.find() : undefined;
  const core: DeleteCore = { kind: 'delete', ...subject(context, fleet.roster.fleetId), ver: nextVersion(view) };
  try {
    const votedBy = await submitChange(context, core, owner);
    if (owner) await key.forget();
    return { status: owner ? 'deleted' : 'pending', votedBy };
  } catch (error) {
    const notOwner = error instanceof VaultError && error.code === 'REQUEST_INVALID' && error.metadata['field'] === 'ownerSignature';
    if (!notOwner || !owner) throw error;
    return { status: 'pending', votedBy: await submitChange(context, core, undefined) };
  }
}

/**
 * Ends a change that somebody else asked for and that waits for its cool-down (PROTOCOL 5.3).
 * @throws FORBIDDEN on a device without the owner key; RECORD_UNKNOWN when nothing is pending
 */
export async function cancelPending(context: CallContext): Promise<readonly number[]> {
  const { fleet, view } = await askRecovering(context);
  const { status, ver } = prevailing(view);
  if (status !== 'pending') throw new VaultError('RECORD_UNKNOWN', 'no change is pending');
  const owner = await new OwnerKey(context.device, context.uid, context.random).find();
  if (!owner) throw new VaultError('FORBIDDEN', 'this device does not hold the owner key of the record');
  return submitChange(context, { kind: 'cancel', ...subject(context, fleet.roster.fleetId), ver }, owner);
}

function subject(context: CallContext, fleetId: string): Pick<DeleteCore, 'fleetId' | 'uid' | 'bindingKey' | 'nonce'> {
  return { fleetId, uid: context.uid, bindingKey: context.bindingKey.publicKey, nonce: context.random.bytes(16) };
}

/** @returns the nodes whose votes were checked, q of them */
async function submitChange(context: CallContext, core: DeleteCore | CancelCore, owner: Signer | undefined): Promise<readonly number[]> {
  const entry = toEntryJson(signEntry(core, context.bindingKey, owner ?? null));
  return untilItHolds(context, async () => {
    context.onStep(core.kind === 'delete' ? 'deleting' : 'cancelling');
    const { gateway, deadline } = context;
    const { decided } = await (core.kind === 'delete' ? gateway.remove(entry, deadline) : gateway.cancel(entry, deadline));
    const { roster } = await sameFleet(context, core.fleetId);
    const { votes } = checkDecidedEntry(toCarriedDecision(decided), core, null, roster, context.verifier);
    return votes.map(({ head }) => head.node).sort((a, b) => a - b);
  });
}
