import { VaultError, openSecret, signConfirmation, toBase64url, type IndexedScalar, type Signer } from '@strongroom/protocol';
import type { CallContext } from '../call/call-context.js';
import { LostAnswer } from '../call/retry.js';
import { untilItHolds } from '../call/until-it-holds.js';
import { carriedBytes } from '../gateway/carried-bytes.js';
import { toDecidedJson } from '../gateway/statement-json.js';
import { sameFleet } from '../status/ask-nodes.js';
import type { BlindedAttempt } from './blinded-attempt.js';
import { CheckedSecrets } from './checked-secrets.js';
import type { ExcludedNode } from './excluded-node.js';
import { gatherEvaluations, type GatheredEvaluations } from './gather-evaluations.js';

export interface ReleasedSecrets {
  /** s_i of at least t nodes, secret: wipe them. Each matches the commitments and comes from a node that stored the confirmation. */
  readonly shares: readonly IndexedScalar[];
  readonly excluded: readonly ExcludedNode[];
}

/**
 * Confirms the attempt and collects the shares of the release secret. Asks again until q nodes have answered, because
 * only then is the confirmation never forgotten; t good shares are enough to go on when the others stay silent.
 * @throws FLEET_UNAVAILABLE when fewer than t came; the same attempt is then still counted as spent
 */
export async function releaseSecrets(
  context: CallContext,
  attempt: BlindedAttempt,
  gathered: GatheredEvaluations,
  confirmSigner: Signer,
): Promise<ReleasedSecrets> {
  const { core, id } = attempt;
  const { roster, record, decided, carried } = gathered;
  const confirmed = { fleetId: core.fleetId, uid: core.uid, ver: core.ver, index: decided.index, attemptId: id };
  const body = { ver: core.ver, index: decided.index, signature: toBase64url(signConfirmation(confirmSigner, confirmed)) };
  const released = new CheckedSecrets(record);
  let asked = 0;
  try {
    await untilItHolds(context, async () => {
      context.onStep('confirming');
      // A node that missed the decision needs the votes; most have them, so they travel only when something was missing.
      const again = asked++ > 0 && { decided: toDecidedJson(carried) };
      const avoid = released.strangers;
      const answer = await context.gateway.confirm(id, { ...body, ...again, ...(avoid.length > 0 && { avoid }) }, context.deadline);
      // The fleet may have gone on to its next epoch since the evaluation: the secret share of a node is the same in both.
      const { roster: newest } = await sameFleet(context, core.fleetId);
      const epochs = [...new Set([newest.epoch, roster.epoch])];
      for (const { node, sealedSecret } of answer.secrets) {
        if (released.has(node) || node > roster.n) continue;
        const sealed = carriedBytes(sealedSecret, 'sealedSecret');
        const scalar = await firstOpened(epochs, (epoch) =>
          openSecret(context.hpke, attempt.ephemeral, sealed, { ...confirmed, epoch, node }),
        );
        released.add(node, scalar);
      }
      // Or it was shared anew since: the same attempt, asked for again at no cost, brings the record as it is now (PROTOCOL 7.8).
      if (released.strangers.length > 0 && released.count < roster.q) released.use((await gatherEvaluations(context, attempt)).record);
      if (released.count < roster.q) throw new LostAnswer(`${released.count} of ${roster.q} nodes have confirmed`);
    });
  } catch (error) {
    if (!(error instanceof VaultError) || released.count < roster.t) {
      released.wipe();
      throw error;
    }
  }
  return released.result();
}

async function firstOpened<T>(epochs: readonly number[], open: (epoch: number) => Promise<T>): Promise<T | undefined> {
  for (const epoch of epochs) {
    try {
      return await open(epoch);
    } catch (error) {
      if (!(error instanceof VaultError)) throw error;
    }
  }
  return undefined;
}
