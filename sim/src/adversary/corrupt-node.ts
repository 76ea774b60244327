import {
  batchBroadcast,
  entrySubmit,
  nodeHeartbeat,
  peerAttest,
  peerFetchSets,
  peerOfferSets,
  peerRejoin,
  peerState,
  recordStage,
} from '@strongroom/contracts';
import { encodeMessage } from '@strongroom/platform';
import { ByteWriter, parseEntry, parsePromise, parseVote, VaultError, type Ballot, type Bytes } from '@strongroom/protocol';
import type { BatchMessage } from '../../../apps/hsm-node/dist/log/outgoing-batch.js';
import { encodeRejoinAnswer, statePageMessage } from '../../../apps/hsm-node/dist/peers/rejoin-message.js';
import type { SimBus } from '../network/sim-bus.js';
import type { SeededRandom } from '../random/seeded-random.js';
import type { FaultCounts } from '../run/faults.js';
import type { CorruptProposer } from './corrupt-proposer.js';
import type { CorruptSpeech } from './corrupt-speech.js';

const HEARTBEAT_MS = 250;
const PAGE_BYTES = 800 * 1024;
const NOTHING: Bytes = new Uint8Array(32);

/**
 * A node whose keys and share belong to the attacker. It looks alive, votes for everything at every ballot, promises that
 * it accepted nothing, knows nothing newer of anybody, and proposes two values at once. Its share is in the pool.
 */
export class CorruptNode {
  constructor(
    private readonly bus: SimBus,
    private readonly speech: CorruptSpeech,
    private readonly proposer: CorruptProposer,
    private readonly random: SeededRandom,
    private readonly faults: FaultCounts,
  ) {}

  async start(): Promise<void> {
    const { bus, speech } = this;
    const { fleetId } = speech.roster;
    const at = { node: `${fleetId}-${speech.self}` };
    await bus.onBroadcast(batchBroadcast, fleetId, (message) => this.hear(message));
    await bus.serve(peerRejoin, (question) => this.answerRejoin(question), at);
    await bus.serve(peerState, ({ nonce }) => this.emptyPage(nonce), at);
    await bus.serve(peerAttest, ({ uid, nonce }) => this.attestNothing(uid, nonce), at);
    await bus.serve(peerFetchSets, () => ({ sets: [], confirmation: null }), at);
    await bus.serve(peerOfferSets, () => ({}), at);
    await bus.serve(recordStage, () => ({ staged: true as const }), at);
    await bus.serve(entrySubmit, ({ entry }) => this.submit(entry), at);
    let sequence = 0;
    setInterval(
      () => bus.broadcast(nodeHeartbeat, fleetId, { node: speech.self, incarnation: 1, ready: true, sequence: ++sequence }),
      HEARTBEAT_MS,
    );
  }

  private hear(message: BatchMessage): void {
    if (message.node === this.speech.self || message.signed === null) return;
    this.proposer.hear(message);
    for (const [leaf, statement] of message.signed.statements.entries()) {
      if (message.reports.some((report) => report.leaf === leaf)) this.answerPromise(statement, message.node);
      else if (message.proposals.some((proposal) => proposal.leaf === leaf)) this.voteFor(statement);
    }
  }

  /** Whoever prepares is told that nothing was accepted here, whatever was. */
  private answerPromise(statement: Bytes, from: number): void {
    const { uid, index, ballot } = parsePromise(statement);
    if (ballot.node !== from) return;
    this.faults.lie += 1;
    const { message } = this.speech.sign(this.speech.promise(uid, index, ballot));
    this.speech.say({ ...message, reports: [{ leaf: 0, accepted: null, confirmation: null }] });
  }

  private voteFor(statement: Bytes): void {
    const { uid, index, ballot, valueHash, recordHash } = parseVote(statement);
    this.vote(uid, index, ballot, valueHash, recordHash);
  }

  private vote(uid: Bytes, index: number, ballot: Ballot, valueHash: Bytes, recordHash: Bytes): void {
    this.faults.lie += 1;
    const { message } = this.speech.sign(this.speech.vote(uid, index, ballot, valueHash, { recordHash }));
    const everybody = this.random.chance(70);
    this.speech.say(message, (node) => everybody || this.random.chance(50) || node === this.speech.self);
  }

  /** Answers any incarnation, and has never seen the asker nor anybody else. */
  private answerRejoin({
    fleetId,
    epoch,
    node,
    incarnation,
    nonce,
  }: {
    fleetId: string;
    epoch: number;
    node: number;
    incarnation: number;
    nonce: Bytes;
  }) {
    this.faults.lie += 1;
    const { self, roster, signer } = this.speech;
    const seen = { incarnation: 0, sequence: 0, hash: NOTHING };
    const incarnations = roster.members.map(({ index }) => (index === node ? incarnation : 0));
    const answer = encodeRejoinAnswer({ fleetId, epoch, node, incarnation, nonce, answerer: self, seen, incarnations });
    return { answer, signature: signer.sign(answer) };
  }

  private emptyPage(nonce: Bytes): { page: Bytes; signature: Bytes } {
    const { self, roster, signer } = this.speech;
    const page = encodeMessage({ accounts: [], next: null }, PAGE_BYTES);
    return { page, signature: signer.sign(statePageMessage(roster, self, nonce, page)) };
  }

  private attestNothing(uid: Bytes, nonce: Bytes): { index: number; confirmation: null; signature: Bytes } {
    this.faults.lie += 1;
    const { self, roster, signer } = this.speech;
    const message = ByteWriter.labelled('attestation').text(roster.fleetId).u32(roster.epoch).u8(self).raw(nonce).raw(uid);
    return { index: 0, confirmation: null, signature: signer.sign(message.u32(0).u32(0).bytes()) };
  }

  private submit(bytes: Bytes): never {
    this.proposer.propose(parseEntry(bytes, () => true).core.uid);
    throw new VaultError('FLEET_UNAVAILABLE', 'nothing to see here');
  }
}
