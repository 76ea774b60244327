import { batchBroadcast, entrySubmit } from '@strongroom/contracts';
import { parseEntry, parsePromise, parseVote, VaultError, type Ballot, type Bytes } from '@strongroom/protocol';
import type { BatchMessage } from '../../../apps/hsm-node/dist/log/outgoing-batch.js';
import type { SimBus } from '../network/sim-bus.js';
import type { SeededRandom } from '../random/seeded-random.js';
import type { FaultCounts } from '../run/faults.js';
import type { CorruptDesk } from './corrupt-desk.js';
import type { CorruptProposer } from './corrupt-proposer.js';
import type { CorruptSpeech } from './corrupt-speech.js';

/**
 * A node whose keys and share belong to the attacker. It looks alive, votes for everything at every ballot, promises that
 * it accepted nothing, knows nothing newer of anybody, and proposes two values at once. Its share is in the pool.
 */
export class CorruptNode {
  constructor(
    private readonly bus: SimBus,
    private readonly speech: CorruptSpeech,
    private readonly desk: CorruptDesk,
    private readonly proposer: CorruptProposer,
    private readonly random: SeededRandom,
    private readonly faults: FaultCounts,
  ) {}

  async start(): Promise<void> {
    const { bus, speech } = this;
    const { fleetId } = speech.roster;
    await bus.onBroadcast(batchBroadcast, fleetId, (message) => this.hear(message));
    await bus.serve(entrySubmit, ({ entry }) => this.submit(entry), { node: `${fleetId}-${speech.self}` });
    await this.desk.start();
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

  private submit(bytes: Bytes): never {
    this.proposer.propose(parseEntry(bytes, () => true).core.uid);
    throw new VaultError('FLEET_UNAVAILABLE', 'nothing to see here');
  }
}
