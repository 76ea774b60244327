import { compareBallots } from '../ballot/ballot.js';
import type { BatchHead, SignedBatch, SignedStatement } from '../batch/signed-statement.js';
import type { FleetRoster } from '../roster/fleet-roster.js';
import { nativeVerifier } from './account.fixture.js';
import type { AccountLog } from './account-log.js';
import { openBasis, openVote } from './evidence.js';
import type { BatchWire } from './log-wire.fixture.js';
import type { LogEffect, LogInput } from './log-message.js';

type Spoken = Extract<LogEffect, { kind: 'cast' | 'promise' }>;

/** For specs only: one of a node's own statements, signed. */
export interface OwnStatement {
  readonly effect: Spoken;
  readonly signed: SignedStatement | undefined;
}

/** A value that was proposed and reported between the same two flushes has its proposal in the same batch. */
export function withProof(effect: Spoken, signed: SignedStatement | undefined, account: AccountLog): OwnStatement {
  if (effect.kind === 'cast' || effect.accepted === null || effect.accepted.proposal !== null) return { effect, signed };
  const { accepted } = account;
  const same = accepted !== null && compareBallots(accepted.ballot, effect.accepted.ballot) === 0;
  return { effect: same ? { ...effect, accepted } : effect, signed };
}

/** What one flush makes known. */
export function wireOf(
  from: number,
  incarnation: number,
  effects: readonly LogEffect[],
  batch: (SignedBatch & { readonly head: BatchHead }) | null,
  own: readonly OwnStatement[],
  confirmation: AccountLog['confirmation'],
): BatchWire {
  const wire: BatchWire = {
    kind: 'batch',
    from,
    incarnation,
    head: batch?.head ?? null,
    statements: batch?.statements.map(({ statement }) => statement) ?? [],
    signature: batch?.signature ?? new Uint8Array(32),
    proposals: new Map(),
    reports: new Map(),
    nacks: [],
    refusals: [],
    confirmations: confirmation === null ? [] : [confirmation],
  };
  for (const [leaf, { effect }] of own.entries()) {
    if (effect.kind === 'cast' && effect.proposal !== null) wire.proposals.set(leaf, effect.proposal);
    if (effect.kind === 'promise') wire.reports.set(leaf, { accepted: effect.accepted });
  }
  for (const effect of effects) {
    if (effect.kind === 'nack') wire.nacks.push(effect);
    if (effect.kind === 'refusal') wire.refusals.push(effect);
  }
  return wire;
}

/** A node hears its own statements like everybody else's. */
export function ownInput({ effect, signed }: OwnStatement, roster: FleetRoster): LogInput | null {
  if (signed === undefined) return null;
  if (effect.kind === 'cast') return { kind: 'vote', vote: { head: effect.vote, signed }, proposal: null };
  const { accepted } = effect;
  const proof = accepted?.proposal ?? null;
  const promise = {
    head: effect.promise,
    signed,
    proof: proof === null ? null : openVote(proof, roster, nativeVerifier),
    value: accepted?.value ?? null,
    basis: openBasis(accepted?.basis ?? [], roster, nativeVerifier),
  };
  return { kind: 'promise', promise };
}
