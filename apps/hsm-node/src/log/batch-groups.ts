import type { Accepted, LogEffect, PromiseEvidence, SignedStatement } from '@strongroom/protocol';
import type { AccountEffect } from './outgoing-batch.js';

/** Well below what `batchBroadcast` may have, so that the estimate may be off by a quarter. */
const MAX_GROUP_BYTES = 640 * 1024;
const STATEMENT_BYTES = 1_024;
const HINT_BYTES = 768;

interface UnprovenPromise extends AccountEffect {
  readonly effect: Extract<LogEffect, { kind: 'promise' }> & { readonly accepted: Accepted };
}

/** A promise that reports a value whose proposal is this node's own and not signed yet. */
export function lacksProof(effect: AccountEffect): effect is UnprovenPromise {
  return effect.effect.kind === 'promise' && effect.effect.accepted !== null && effect.effect.accepted.proposal === null;
}

/**
 * Cuts what a flush makes known into parts that each fit into one message, in their order. A promise that reports what
 * this node proposes in the same flush begins a new part: the signed vote that proves it is in the one before.
 */
export function batchGroups(effects: readonly AccountEffect[]): readonly (readonly AccountEffect[])[] {
  const groups: AccountEffect[][] = [];
  let left = 0;
  for (const effect of effects) {
    const size = sizeOf(effect);
    const group = groups.at(-1);
    if (group === undefined || size > left || lacksProof(effect)) {
      groups.push([effect]);
      left = MAX_GROUP_BYTES - size;
    } else {
      group.push(effect);
      left -= size;
    }
  }
  return groups;
}

/** An upper estimate of its share of the message, in bytes. */
function sizeOf({ effect }: AccountEffect): number {
  if (effect.kind === 'cast' && effect.proposal !== null) {
    const evidence = effect.proposal.promises.map(({ signed, proof }) => ({ signed, proof: proof?.signed ?? null }));
    return STATEMENT_BYTES + HINT_BYTES + effect.proposal.value.length + sizeOfEvidence(evidence);
  }
  if (effect.kind === 'promise') return STATEMENT_BYTES + HINT_BYTES + (effect.accepted === null ? 0 : sizeOfAccepted(effect.accepted));
  return effect.kind === 'cast' ? STATEMENT_BYTES : HINT_BYTES;
}

/** An upper estimate for a value with all that proves it, in bytes. */
export function sizeOfAccepted({ value, proposal, basis }: Accepted): number {
  return value.length + sizeOfSigned(proposal) + sizeOfEvidence(basis);
}

function sizeOfEvidence(promises: readonly PromiseEvidence[]): number {
  return promises.reduce((sum, { signed, proof }) => sum + sizeOfSigned(signed) + sizeOfSigned(proof), 0);
}

function sizeOfSigned(signed: SignedStatement | null): number {
  return signed === null ? 0 : 320 + signed.statement.length + 40 * signed.path.length;
}
