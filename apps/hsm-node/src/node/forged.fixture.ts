import { nodeSigner } from '@strongroom/platform';
import {
  encodeLogValue,
  encodePromise,
  encodeVote,
  logValueHash,
  signBatch,
  type Ballot,
  type BallotPromise,
  type Bytes,
  type Entry,
  type SignedStatement,
  type Signer,
  type Vote,
} from '@strongroom/protocol';
import { batchBroadcast } from '@strongroom/contracts';
import type { BatchMessage } from '../log/outgoing-batch.js';
import { alice, bytesOf } from './account.fixture.js';
import type { MemoryFleet } from './memory-fleet.fixture.js';

const NOTHING = new Uint8Array(32);

/** For specs only: the identity key of a member, as whoever corrupted it has it. */
export function keyOf(node: number): Signer {
  return nodeSigner(bytesOf(`identity ${node - 1}`));
}

/** For specs only: what a member could say, honest or not. */
export class Forger {
  constructor(private readonly fleet: MemoryFleet) {}

  value(entry: Entry): Bytes {
    return encodeLogValue({ stampMs: this.fleet.clockMs, lastOk: 0, entry });
  }

  vote(node: number, value: Bytes, ballot: Ballot, change: Partial<Vote> = {}): Vote {
    const { fleetId, epoch, n } = this.fleet.roster;
    const head = { fleetId, epoch, node, incarnations: Array.from({ length: n }, () => 1), uid: alice, index: 1 };
    return { ...head, ballot, valueHash: logValueHash(value), spent: 0, lastOk: 0, recordHash: NOTHING, ...change };
  }

  promise(node: number, ballot: Ballot, change: Partial<BallotPromise> = {}): BallotPromise {
    const { fleetId, epoch, n } = this.fleet.roster;
    const head = { fleetId, epoch, node, incarnations: Array.from({ length: n }, () => 1), uid: alice, index: 1 };
    return { ...head, ballot, accepted: null, ...change };
  }

  /** One statement alone, as it travels in sets and as evidence. */
  signed(node: number, statement: Bytes, by: Signer = keyOf(node)): SignedStatement {
    const signed = signBatch(this.fleet.roster, { node, incarnation: 1, sequence: 1, previous: NOTHING }, [statement], by).statements[0];
    if (signed === undefined) throw new Error('nothing was signed');
    return signed;
  }

  proposal(
    node: number,
    value: Bytes,
    ballot: Ballot,
    change: Partial<Vote> = {},
    promises: BatchMessage['proposals'][number]['promises'] = [],
  ): BatchMessage {
    const message = this.batch(node, encodeVote(this.vote(node, value, ballot, change)));
    return { ...message, proposals: [{ leaf: 0, value, promises, confirmation: null }] };
  }

  report(node: number, promise: BallotPromise, accepted: BatchMessage['reports'][number]['accepted']): BatchMessage {
    return { ...this.batch(node, encodePromise(promise)), reports: [{ leaf: 0, accepted, confirmation: null }] };
  }

  /** One statement under the member's signature, far ahead in its chain. */
  batch(node: number, statement: Bytes, by: Signer = keyOf(node), incarnation = 1): BatchMessage {
    const place = { node, incarnation, sequence: 1_000, previous: NOTHING };
    const { signature } = signBatch(this.fleet.roster, place, [statement], by);
    const signed = { sequence: place.sequence, previous: NOTHING, signature, statements: [statement] };
    return { node, incarnation, signed, proposals: [], reports: [], nacks: [], refusals: [], confirmations: [] };
  }

  /** Puts a message on the bus, which anybody who reaches it can. */
  async send(message: BatchMessage): Promise<void> {
    this.fleet.gateway.broadcast(batchBroadcast, 'main', message);
    await this.fleet.settle();
  }
}
