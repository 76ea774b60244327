import { batchBroadcast, subjectOf } from '@strongroom/contracts';
import { encodeMessage } from '@strongroom/platform';
import {
  encodePromise,
  encodeVote,
  signBatch,
  type Ballot,
  type BallotPromise,
  type Bytes,
  type SignedStatement,
  type Signer,
  type Vote,
} from '@strongroom/protocol';
import type { BatchMessage } from '../../../apps/hsm-node/dist/log/outgoing-batch.js';
import type { Roster } from '../../../apps/hsm-node/dist/roster/roster.js';
import type { Exchange, SimBus } from '../network/sim-bus.js';

const NOTHING: Bytes = new Uint8Array(32);

export type Proposals = BatchMessage['proposals'];

/** What a corrupt node can sign with its own key, and send to whom it likes. */
export class CorruptSpeech {
  private sequence = 0;

  constructor(
    readonly self: number,
    readonly roster: Roster,
    readonly signer: Signer,
    private readonly exchange: Exchange,
    private readonly bus: SimBus,
  ) {}

  /** @param change what it says beside the truth */
  vote(uid: Bytes, index: number, ballot: Ballot, valueHash: Bytes, change: Partial<Vote> = {}): Bytes {
    return encodeVote({ ...this.head(), uid, index, ballot, valueHash, spent: 0, lastOk: 0, recordHash: NOTHING, ...change });
  }

  promise(uid: Bytes, index: number, ballot: Ballot, accepted: BallotPromise['accepted'] = null): Bytes {
    return encodePromise({ ...this.head(), uid, index, ballot, accepted });
  }

  sign(statement: Bytes): { readonly message: BatchMessage; readonly signed: SignedStatement } {
    this.sequence += 1;
    const place = { node: this.self, incarnation: 1, sequence: this.sequence, previous: NOTHING };
    const { signature, statements } = signBatch(this.roster, place, [statement], this.signer);
    const [signed] = statements;
    if (signed === undefined) throw new RangeError('one statement makes one leaf');
    const batch = { sequence: this.sequence, previous: NOTHING, signature, statements: [statement] };
    const empty = { proposals: [], reports: [], nacks: [], refusals: [], confirmations: [] };
    return { message: { node: this.self, incarnation: 1, signed: batch, ...empty }, signed };
  }

  say(message: BatchMessage, to: (node: number) => boolean = () => true): void {
    const payload = encodeMessage(message, batchBroadcast.maxBytes);
    this.exchange.ear.broadcast(this.self, batchBroadcast.capability, payload);
    this.bus.spread(subjectOf(batchBroadcast, this.roster.fleetId), batchBroadcast.capability, payload, to);
  }

  /** It claims to know nobody's incarnation, so that its word fences nobody and fits into every set. */
  private head(): Pick<Vote, 'fleetId' | 'epoch' | 'node' | 'incarnations'> {
    const { fleetId, epoch, n } = this.roster;
    return { fleetId, epoch, node: this.self, incarnations: Array.from({ length: n }, (_, i) => (i === this.self - 1 ? 1 : 0)) };
  }
}
