import type { AccountCache } from './account-cache.js';
import { batchGroups } from './batch-groups.js';
import type { Chain } from './chain.js';
import type { LogEngineOptions } from './engine-ports.js';
import { makeBatch, type AccountEffect, type OutgoingBatch } from './outgoing-batch.js';
import { keepOwnProposals, withProof } from './own-proposals.js';

/** What a flush says: one message unless it is more than fits into one. */
export function flushBatches(
  effects: readonly AccountEffect[],
  chain: Chain,
  cache: AccountCache,
  { self, roster, signer }: Pick<LogEngineOptions, 'self' | 'roster' | 'signer'>,
): readonly OutgoingBatch[] {
  const batches: OutgoingBatch[] = [];
  for (const group of batchGroups(effects)) {
    const batch = makeBatch(
      group.map((effect) => withProof(effect, cache)),
      batches.at(-1)?.chain ?? chain,
      self,
      roster,
      signer,
    );
    if (batch === null) continue;
    batches.push(batch);
    keepOwnProposals(batch.own, self, cache);
  }
  return batches;
}
