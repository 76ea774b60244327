import { batchBroadcast, type MessageOf } from '@strongroom/contracts';
import {
  encodePromise,
  encodeVote,
  signBatch,
  type AccountState,
  type Bytes,
  type Confirmation,
  type FleetRoster,
  type LogEffect,
  type SignedStatement,
  type Signer,
} from '@strongroom/protocol';
import type { Chain } from './chain.js';

export type BatchMessage = MessageOf<typeof batchBroadcast>;

/** An effect with the account that it belongs to. */
export interface AccountEffect {
  readonly uid: Bytes;
  readonly effect: LogEffect;
  /** The account's state before the input that had this effect. */
  readonly before: AccountState;
  /** The account's latest confirmation, which goes with what others may refuse for having missed it (PROTOCOL 4.6). */
  readonly confirmation: Confirmation | null;
  /** No news to anybody: not passed on. */
  readonly quiet: boolean;
}

/** One of this node's own statements, signed: handed back to the log once it is on disk. */
export interface OwnStatement extends AccountEffect {
  readonly signed: SignedStatement;
}

export interface OutgoingBatch {
  readonly message: BatchMessage;
  readonly chain: Chain;
  readonly own: readonly OwnStatement[];
}

/** Puts everything that a flush makes known into one message under one signature; null when there is nothing to say. */
export function makeBatch(
  effects: readonly AccountEffect[],
  chain: Chain,
  self: number,
  fleet: FleetRoster,
  signer: Signer,
): OutgoingBatch | null {
  const spoken = effects.filter(({ effect }) => effect.kind === 'cast' || effect.kind === 'promise');
  const statements = spoken.map(({ effect }) => encodeStatement(effect));
  const hints = hintsOf(effects);
  const head = { node: self, incarnation: chain.own.incarnation };
  const empty = { ...head, signed: null, proposals: [], reports: [], ...hints };
  if (statements.length === 0) {
    return hints.nacks.length + hints.refusals.length + hints.confirmations.length === 0 ? null : { message: empty, chain, own: [] };
  }
  const place = { ...head, sequence: chain.own.sequence + 1, previous: chain.own.hash };
  const batch = signBatch(fleet, place, statements, signer);
  const own = spoken.flatMap((effect, i) => {
    const signed = batch.statements[i];
    return signed === undefined ? [] : [{ ...effect, signed }];
  });
  const signed = { sequence: place.sequence, previous: place.previous, signature: batch.signature, statements };
  const message = { ...empty, signed, proposals: proposalsOf(spoken), reports: reportsOf(spoken) };
  const mark = { incarnation: head.incarnation, sequence: place.sequence, hash: batch.hash };
  return { message, chain: { ...chain, own: mark }, own };
}

function encodeStatement(effect: LogEffect): Bytes {
  if (effect.kind === 'cast') return encodeVote(effect.vote);
  if (effect.kind === 'promise') return encodePromise(effect.promise);
  throw new TypeError(`${effect.kind} is not a statement`);
}

function proposalsOf(spoken: readonly AccountEffect[]): BatchMessage['proposals'] {
  return spoken.flatMap(({ effect, confirmation }, leaf) => {
    if (effect.kind !== 'cast' || effect.proposal === null) return [];
    const promises = effect.proposal.promises.map(({ signed, proof }) => ({ signed, proof: proof?.signed ?? null }));
    return [{ leaf, value: effect.proposal.value, promises, confirmation }];
  });
}

function reportsOf(spoken: readonly AccountEffect[]): BatchMessage['reports'] {
  return spoken.flatMap(({ effect, confirmation }, leaf): BatchMessage['reports'] => {
    if (effect.kind !== 'promise') return [];
    if (effect.accepted === null) return [{ leaf, accepted: null, confirmation }];
    const { value, proposal, basis } = effect.accepted;
    return [{ leaf, accepted: { value, proof: proposal, basis: [...basis] }, confirmation }];
  });
}

function hintsOf(effects: readonly AccountEffect[]): Pick<BatchMessage, 'nacks' | 'refusals' | 'confirmations'> {
  const nacks: BatchMessage['nacks'] = [];
  const refusals: BatchMessage['refusals'] = [];
  const confirmations: BatchMessage['confirmations'] = [];
  for (const { uid, effect, confirmation, quiet } of effects) {
    if (effect.kind === 'nack') nacks.push({ uid, index: effect.index, promised: effect.promised });
    if (effect.kind === 'confirmed' && !quiet) confirmations.push(effect.confirmation);
    if (effect.kind === 'refusal') {
      const { index, ballot, error } = effect;
      const retryAtMs = error.metadata['retryAtMs'];
      const retry = typeof retryAtMs === 'number' ? { retryAtMs } : {};
      refusals.push({ uid, index, ballot, code: error.code, message: error.message.slice(0, 200), ...retry, confirmation });
    }
  }
  return { nacks, refusals, confirmations };
}
