import type { Ballot } from '../../ballot/ballot.js';
import type { SignedStatement } from '../../batch/signed-statement.js';
import { toHex, type Bytes } from '../../encoding/bytes.js';
import { encodeLogValue, logValueHash, type LogValue } from '../../entry/log-value.js';
import type { SignatureVerifier } from '../../keys/signature.js';
import { rankNodes } from '../../placement/rank-nodes.js';
import type { FleetRoster } from '../../roster/fleet-roster.js';
import { seededRandom } from '../../vectors/seeded-random.js';
import type { BallotPromise } from '../../vote/promise.js';
import type { Vote } from '../../vote/vote.js';
import { confirmationOf, entries, POLICY, rosterOf, START_MS, wantedOf } from '../account.fixture.js';
import {
  emptyAccountLog,
  type AccountLog,
  type CollectedPromise,
  type Confirmation,
  type VerifiedVote,
  type Wanted,
} from '../account-log.js';
import type { AccountPolicy } from '../account-policy.js';
import { decide } from '../decide.js';
import type { LogContext, LogInput } from '../log-message.js';
import { incarnationOf, lastOkOfValue, nameOf, NODES, proposerOf, QUORUM, roundOf, valueNumber } from './bounds.fixture.js';
import type { Statement } from './statement.fixture.js';

const NOTHING = new Uint8Array(32);
/** The model's network cannot forge: what it hands over was signed. */
const TRUSTING: SignatureVerifier = { verify: () => true };

interface Value {
  readonly bytes: Bytes;
  readonly hash: Bytes;
  readonly logValue: LogValue;
}

/** Makes the real values, ballots, statements and contexts of which the model knows the numbers. */
export class Concrete {
  readonly roster: FleetRoster;
  private readonly policy: AccountPolicy;
  private readonly uid: Bytes;
  private readonly values = new Map<number, Value>();
  private readonly numbers = new Map<string, number>();
  private readonly wants = new Map<number, Wanted>();
  private readonly states = new Map<string, AccountLog>();
  private readonly confirmations = new Map<string, Confirmation>();

  constructor(budget: number, home: number) {
    this.roster = { ...rosterOf(NODES, QUORUM), attempts: budget };
    this.policy = { ...POLICY, attempts: budget };
    this.uid = uidWithHome(home, this.roster);
  }

  context(self: number, incarnations: readonly number[], nowMs: number): LogContext {
    return { roster: this.roster, policy: this.policy, verifier: TRUSTING, self, incarnations, nowMs };
  }

  value(number: number): Value {
    const known = this.values.get(number);
    if (known !== undefined) return known;
    const logValue = { stampMs: START_MS, lastOk: lastOkOfValue(number), entry: this.wanted(nameOf(number)).entry };
    const bytes = encodeLogValue(logValue);
    const value = { bytes, hash: logValueHash(bytes), logValue };
    this.values.set(number, value);
    this.numbers.set(toHex(value.hash), number);
    return value;
  }

  /** The number of a value that the real code chose. */
  numberOf(hash: Bytes): number {
    const known = this.numbers.get(toHex(hash));
    if (known !== undefined) return known;
    for (let lastOk = 0; lastOk < 8; lastOk++) for (let name = 0; name < 8; name++) this.value(valueNumber(name, lastOk));
    const number = this.numbers.get(toHex(hash));
    if (number === undefined) throw new Error('the real code chose a value that the model has no number for');
    return number;
  }

  wanted(name: number): Wanted {
    const known = this.wants.get(name) ?? wantedOf(entries.attempt(`attempt ${name}`, 1, { of: this.uid }));
    this.wants.set(name, known);
    return known;
  }

  confirmation(index: number, value: number): Confirmation {
    const key = `${index} ${nameOf(value)}`;
    const known = this.confirmations.get(key) ?? confirmationOf(this.wanted(nameOf(value)).entry, index);
    this.confirmations.set(key, known);
    return known;
  }

  /** The account of whoever holds this log, made by the real code from the decided sets. */
  decided(log: readonly number[]): AccountLog {
    const key = log.join();
    const known = this.states.get(key);
    if (known !== undefined) return known;
    const before = log.length === 0 ? emptyAccountLog(this.uid) : this.decided(log.slice(0, -1));
    const last = log.at(-1);
    const logValue =
      last === undefined ? { stampMs: START_MS, lastOk: 0, entry: entries.register('v1', 1, { of: this.uid }) } : this.value(last).logValue;
    const set: LogInput = { kind: 'set', index: before.state.index + 1, value: encodeLogValue(logValue), logValue, votes: [] };
    const { account } = decide(before, set, this.context(1, [1, 1, 1], START_MS));
    this.states.set(key, account);
    return account;
  }

  promise({ signer, incarnations, index, ballot, value, under }: Statement): CollectedPromise {
    const report = under < 0 ? null : { ballot: ballotOf(under), valueHash: this.value(value).hash };
    const head: BallotPromise = { ...this.head(signer, incarnations), index, ballot: ballotOf(ballot), accepted: report };
    const proof = under < 0 ? null : this.proposersVote(index, under, value);
    return { head, signed: signedBy(head), proof, value: under < 0 ? null : this.value(value).bytes, basis: [] };
  }

  vote({ signer, incarnations, index, ballot, value }: Statement): VerifiedVote {
    const ending = { index, ballot: ballotOf(ballot), valueHash: this.value(value).hash, spent: 0, lastOk: 0, recordHash: NOTHING };
    const head: Vote = { ...this.head(signer, incarnations), ...ending };
    return { head, signed: signedBy(head) };
  }

  /** The evidence that a value was proposed at a ballot. */
  proposersVote(index: number, ballot: number, value: number): VerifiedVote {
    const signer = proposerOf(ballot);
    const incarnations = Array.from({ length: NODES }, (_, i) => (i + 1 === signer ? incarnationOf(ballot) : 1));
    const ending = { index, ballot: ballotOf(ballot), valueHash: this.value(value).hash, spent: 0, lastOk: 0, recordHash: NOTHING };
    const head = { ...this.head(signer, incarnations), ...ending };
    return { head, signed: signedBy(head) };
  }

  /** As many promises as the proposer showed, one of them with what they demanded. */
  promisesOf(index: number, ballot: number, count: number, under: number, demanded: number): readonly CollectedPromise[] {
    const proposer = proposerOf(ballot);
    const incarnations = Array.from({ length: NODES }, (_, i) => (i + 1 === proposer ? incarnationOf(ballot) : 1));
    const signers = [proposer, ...[1, 2, 3].filter((node) => node !== proposer)].slice(0, count);
    return signers.map((signer, i) => {
      const report = i === 0 && under >= 0 ? { ballot: ballotOf(under), valueHash: this.value(demanded).hash } : null;
      const head: BallotPromise = { ...this.head(signer, incarnations), index, ballot: ballotOf(ballot), accepted: report };
      const proof = report === null ? null : this.proposersVote(index, under, demanded);
      return { head, signed: signedBy(head), proof, value: report === null ? null : this.value(demanded).bytes, basis: [] };
    });
  }

  private head(node: number, incarnations: readonly number[]) {
    return { fleetId: this.roster.fleetId, epoch: this.roster.epoch, node, incarnations, uid: this.uid };
  }
}

export function ballotOf(number: number): Ballot {
  return { round: roundOf(number), node: proposerOf(number), incarnation: incarnationOf(number) };
}

function signedBy(head: { readonly node: number; readonly incarnations: readonly number[] }): SignedStatement {
  const place = { node: head.node, incarnation: head.incarnations[head.node - 1] ?? 0, sequence: 1, previous: NOTHING };
  return { ...place, statement: NOTHING, leafIndex: 0, treeSize: 1, path: [], signature: NOTHING };
}

/** An account whose home is the node wanted: ballots of one round are ordered by node, so it makes a difference. */
function uidWithHome(home: number, roster: FleetRoster): Bytes {
  const random = seededRandom('accounts of the model');
  for (;;) {
    const uid = random.bytes(32);
    if (rankNodes(uid, roster)[0] === home) return uid;
  }
}
