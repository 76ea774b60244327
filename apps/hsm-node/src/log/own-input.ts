import { parseVote, type LogEffect, type LogInput, type SignedStatement } from '@strongroom/protocol';

/** A node hears its own vote or promise like everybody else's: signed, and once it is on disk. */
export function ownInput(effect: LogEffect, signed: SignedStatement): LogInput | null {
  if (effect.kind === 'cast') return { kind: 'vote', vote: { head: effect.vote, signed }, proposal: null };
  if (effect.kind !== 'promise') return null;
  const proposal = effect.accepted?.proposal ?? null;
  const proof = proposal === null ? null : { head: parseVote(proposal.statement), signed: proposal };
  return { kind: 'promise', promise: { head: effect.promise, signed, proof, value: effect.accepted?.value ?? null } };
}
