import { compareBallots } from '@strongroom/protocol';
import type { AccountCache } from './account-cache.js';
import { lacksProof } from './batch-groups.js';
import type { AccountEffect, OwnStatement } from './outgoing-batch.js';

/** The signed vote of this node's own proposal is its evidence in later promises. */
export function keepOwnProposals(own: readonly OwnStatement[], self: number, cache: AccountCache): void {
  for (const { uid, effect, signed } of own) {
    const account = cache.get(uid);
    if (effect.kind !== 'cast' || effect.vote.ballot.node !== self || account.accepted?.proposal !== null) continue;
    // One flush may hold a vote of the index before as well.
    const same = effect.vote.index === account.state.index + 1 && compareBallots(effect.vote.ballot, account.accepted.ballot) === 0;
    if (same) cache.set({ ...account, accepted: { ...account.accepted, proposal: signed } });
  }
}

/** A promise that reports a value which this node proposed in the same flush: its signed vote is in the group before. */
export function withProof(effect: AccountEffect, cache: AccountCache): AccountEffect {
  if (!lacksProof(effect)) return effect;
  const { accepted } = cache.get(effect.uid);
  const same = accepted !== null && compareBallots(accepted.ballot, effect.effect.accepted.ballot) === 0;
  return same ? { ...effect, effect: { ...effect.effect, accepted } } : effect;
}
