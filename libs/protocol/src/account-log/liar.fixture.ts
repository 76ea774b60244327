import { signBatch, type SignedStatement } from '../batch/signed-statement.js';
import type { Ballot } from '../ballot/ballot.js';
import type { Bytes } from '../encoding/bytes.js';
import { encodeLogValue, logValueHash, type LogValue } from '../entry/log-value.js';
import type { FleetRoster } from '../roster/fleet-roster.js';
import { encodePromise } from '../vote/promise.js';
import { encodeVote, parseVote } from '../vote/vote.js';
import { nodeSigners, uid } from './account.fixture.js';
import type { Accepted, VerifiedPromise, VerifiedVote } from './account-log.js';
import type { BatchWire } from './log-wire.fixture.js';

const NOTHING = new Uint8Array(32);

/** For specs only: a corrupt node. It has its own key and says what suits it, in whatever order and to whom it likes. */
export class Liar {
  private sequence = 0;
  incarnations: readonly number[];

  constructor(
    readonly node: number,
    private readonly roster: FleetRoster,
  ) {
    this.incarnations = roster.members.map(() => 1);
  }

  vote(index: number, value: LogValue, ballot: Ballot): VerifiedVote {
    const valueHash = logValueHash(encodeLogValue(value));
    const vote = { ...this.head, uid, index, ballot, valueHash, spent: 0, lastOk: 0, recordHash: NOTHING };
    const signed = this.sign(encodeVote(vote)).signed;
    return { head: vote, signed };
  }

  /** What it says it accepted: a value with whoever's vote there is for it. */
  claim(value: LogValue, proposal: VerifiedVote, basis: Accepted['basis'] = []): Accepted {
    const bytes = encodeLogValue(value);
    return { ballot: proposal.head.ballot, value: bytes, valueHash: logValueHash(bytes), proposal: proposal.signed, basis };
  }

  /** Its promise as it travels inside a proposal. */
  promise(index: number, ballot: Ballot, accepted: Accepted | null): VerifiedPromise {
    const { head, signed } = this.promiseAlone(index, ballot, accepted);
    const proposal = accepted?.proposal ?? null;
    return { head, signed, proof: proposal === null ? null : { head: parseVote(proposal.statement), signed: proposal } };
  }

  /** Its promise as a message: its prepare where the ballot is its own, else an answer. */
  promiseWire(index: number, ballot: Ballot, accepted: Accepted | null): BatchWire {
    const { wire } = this.promiseAlone(index, ballot, accepted);
    wire.reports.set(0, { accepted });
    return wire;
  }

  proposalWire(index: number, value: LogValue, ballot: Ballot, promises: readonly VerifiedPromise[]): BatchWire {
    const valueHash = logValueHash(encodeLogValue(value));
    const vote = { ...this.head, uid, index, ballot, valueHash, spent: 0, lastOk: 0, recordHash: NOTHING };
    const { wire } = this.sign(encodeVote(vote));
    wire.proposals.set(0, { value: encodeLogValue(value), promises });
    return wire;
  }

  /** Its vote for what somebody else proposed. */
  voteWire(index: number, valueHash: Bytes, ballot: Ballot): BatchWire {
    return this.sign(encodeVote({ ...this.head, uid, index, ballot, valueHash, spent: 0, lastOk: 0, recordHash: NOTHING })).wire;
  }

  private get head() {
    const { fleetId, epoch } = this.roster;
    return { fleetId, epoch, node: this.node, incarnations: this.incarnations };
  }

  private promiseAlone(index: number, ballot: Ballot, accepted: Accepted | null) {
    const report = accepted === null ? null : { ballot: accepted.ballot, valueHash: accepted.valueHash };
    const head = { ...this.head, uid, index, ballot, accepted: report };
    return { head, ...this.sign(encodePromise(head)) };
  }

  private sign(statement: Bytes): { readonly wire: BatchWire; readonly signed: SignedStatement } {
    const incarnation = this.incarnations[this.node - 1] ?? 1;
    const head = { node: this.node, incarnation, sequence: ++this.sequence, previous: NOTHING };
    const signer = nodeSigners[this.node - 1];
    const batch = signer === undefined ? undefined : signBatch(this.roster, head, [statement], signer);
    const signed = batch?.statements[0];
    if (batch === undefined || signed === undefined) throw new RangeError(`no node ${this.node}`);
    const said = { head, statements: [statement], signature: batch.signature };
    const hints = { proposals: new Map(), reports: new Map(), nacks: [], refusals: [], confirmations: [] };
    return { wire: { kind: 'batch', from: this.node, incarnation, ...said, ...hints }, signed };
  }
}
