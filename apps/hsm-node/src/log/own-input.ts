import { parsePromise, parseVote, type LogEffect, type LogInput, type SignedStatement, type VerifiedVote } from '@strongroom/protocol';

/** A node hears its own vote or promise like everybody else's: signed, and once it is on disk. */
export function ownInput(effect: LogEffect, signed: SignedStatement): LogInput | null {
  if (effect.kind === 'cast') return { kind: 'vote', vote: { head: effect.vote, signed }, proposal: null };
  if (effect.kind !== 'promise') return null;
  const { accepted } = effect;
  const proof = proofOf(accepted?.proposal ?? null);
  // What is on this node's own disk was checked when it was put there.
  const basis = (accepted?.basis ?? []).map((one) => ({
    head: parsePromise(one.signed.statement),
    signed: one.signed,
    proof: proofOf(one.proof),
  }));
  return { kind: 'promise', promise: { head: effect.promise, signed, proof, value: accepted?.value ?? null, basis } };
}

function proofOf(signed: SignedStatement | null): VerifiedVote | null {
  return signed === null ? null : { head: parseVote(signed.statement), signed };
}
