import { describe, expect, it } from '@jest/globals';
import type { Ballot } from '../ballot/ballot.js';
import { epochOfRound, firstRound } from '../ballot/epoch-rounds.js';
import { signBatch, type SignedStatement } from '../batch/signed-statement.js';
import type { Bytes } from '../encoding/bytes.js';
import { encodeLogValue, logValueHash, type LogValue } from '../entry/log-value.js';
import { rankNodes } from '../placement/rank-nodes.js';
import type { FleetRoster } from '../roster/fleet-roster.js';
import { encodePromise, type BallotPromise } from '../vote/promise.js';
import { encodeVote, type Vote } from '../vote/vote.js';
import { entries, nativeVerifier, nodeSigners, POLICY, START_MS, uid, wantedOf } from './account.fixture.js';
import { emptyAccountLog, type AccountLog, type VerifiedPromise } from './account-log.js';
import { decide, type Decision } from './decide.js';
import { checkDecided, openPromise, openVote } from './evidence.js';
import type { LogInput } from './log-message.js';
import { first, kindsOf, NONE, promiseOf, proposalOf, roster as before, signedBy, valueOf, voteOf } from './spoken.fixture.js';

const newcomer = nodeSigners[5];
const members = before.members.map((member) => (member.index === 5 && newcomer ? { index: 5, identityKey: newcomer.publicKey } : member));
const after: FleetRoster = { ...before, epoch: 2, members, earlier: [before] };
const stranded: FleetRoster = { ...after, earlier: [] };
const home = rankNodes(uid, after)[0] ?? 1;
const [a = 0, b = 0, c = 0, d = 0] = [1, 2, 3, 4, 5].filter((node) => node !== home);
const rival = valueOf(entries.register('rival', 1));
const other = valueOf(entries.register('other', 1));
const misbehaviour = expect.objectContaining({ code: 'NODE_MISBEHAVED' });
const old = (round: number, node: number): Ballot => ({ round, node, incarnation: 1 });
const now = (round: number, node: number): Ballot => ({ round: firstRound(2) + round, node, incarnation: 1 });

function said(node: number, statement: Bytes): SignedStatement {
  const signer = node === 5 ? newcomer : nodeSigners[node - 1];
  const head = { node, incarnation: 1, sequence: 1, previous: new Uint8Array(32) };
  const signed = signer === undefined ? undefined : signBatch(after, head, [statement], signer).statements[0];
  if (signed === undefined) throw new RangeError(`no node ${node}`);
  return signed;
}
const voteNow = (node: number, value: LogValue, ballot: Ballot, change: Partial<Vote> = {}): SignedStatement =>
  said(node, encodeVote(voteOf(node, value, ballot, { epoch: 2, ...change })));
const voteThen = (node: number, value: LogValue, ballot: Ballot): SignedStatement =>
  signedBy(node, encodeVote(voteOf(node, value, ballot)));
const hashOf = (value: LogValue): Bytes => logValueHash(encodeLogValue(value));

function promiseNow(
  node: number,
  ballot: Ballot,
  accepted: { value: LogValue; proof: SignedStatement; ballot: Ballot } | null = null,
): VerifiedPromise {
  const report = accepted === null ? null : { ballot: accepted.ballot, valueHash: hashOf(accepted.value) };
  const promise: BallotPromise = promiseOf(node, ballot, { epoch: 2, accepted: report });
  return openPromise(said(node, encodePromise(promise)), accepted?.proof ?? null, after, nativeVerifier);
}
/** As a node is left with that accepted `value` in epoch 1. */
function carrying(value: LogValue, ballot: Ballot, promised: Ballot | null = ballot): AccountLog {
  const proposal = voteThen(ballot.node, value, ballot);
  const accepted = { ballot, value: encodeLogValue(value), valueHash: hashOf(value), proposal, basis: [] };
  return { ...emptyAccountLog(uid), promised, accepted };
}
function atNode(self: number, account: AccountLog, ...inputs: readonly LogInput[]): Decision {
  const context = { roster: after, policy: POLICY, verifier: nativeVerifier, self, incarnations: NONE, nowMs: START_MS };
  let decision: Decision = { account, effects: [] };
  for (const input of inputs) decision = decide(decision.account, input, context);
  return decision;
}
function proposing(value: LogValue, ballot: Ballot, promises: readonly VerifiedPromise[] = []): LogInput {
  return {
    kind: 'vote',
    vote: openVote(voteNow(ballot.node, value, ballot), after, nativeVerifier),
    proposal: proposalOf(value, promises),
  };
}

describe('the rounds of an epoch', () => {
  it('are all above those of the epoch before', () => {
    expect([firstRound(1), epochOfRound(0), epochOfRound(firstRound(2) - 1), epochOfRound(firstRound(2))]).toEqual([0, 1, 1, 2]);
  });

  it('are the only ones in which its votes are read', () => {
    expect(() => openVote(voteNow(a, first, old(3, a)), after, nativeVerifier)).toThrow(misbehaviour);
    expect(openVote(voteNow(a, first, now(3, a)), after, nativeVerifier).head.node).toBe(a);
  });

  it('are the only ones for which it promises', () => {
    const ask = (ballot: Ballot) => kindsOf(atNode(a, emptyAccountLog(uid), { kind: 'prepare', from: b, index: 1, ballot }));
    expect(ask(now(1, b))).toEqual(['promise']);
    expect([ask(old(1, b)), ask(now(0, b)), ask({ ...now(1, b), round: firstRound(3) + 1 })]).toEqual([[], [], []]);
  });
});

describe('a set of an earlier epoch', () => {
  const set = { index: 1, value: encodeLogValue(first), votes: [1, 2, 5].map((node) => voteThen(node, first, old(0, home))) };

  it('decides in this one too, under the keys of its own', () => {
    expect(checkDecided(set, uid, after, nativeVerifier).votes).toHaveLength(3);
  });

  it('decides nothing for whoever does not know the fleet as it was', () => {
    expect(() => checkDecided(set, uid, stranded, nativeVerifier)).toThrow(misbehaviour);
  });

  it('decides nothing together with votes of this one', () => {
    const mixed = [...set.votes.slice(0, 2), voteNow(c, first, now(0, home)), voteNow(d, first, now(0, home))];
    expect(() => checkDecided({ ...set, votes: mixed }, uid, after, nativeVerifier)).toThrow(misbehaviour);
    const sameBallot = set.votes.slice(0, 2).concat(said(c, encodeVote(voteOf(c, first, old(0, home), { epoch: 2 }))));
    expect(() => checkDecided({ ...set, votes: sameBallot }, uid, after, nativeVerifier)).toThrow(misbehaviour);
  });

  it('decides nothing with the vote of a node that came later, or left before', () => {
    const late = [...set.votes.slice(0, 2), said(5, encodeVote(voteOf(5, first, old(0, home))))];
    expect(() => checkDecided({ ...set, votes: late }, uid, after, nativeVerifier)).toThrow(misbehaviour);
    const gone = [1, 2].map((node) => voteNow(node, first, now(0, home)));
    const left = signedBy(5, encodeVote(voteOf(5, first, now(0, home), { epoch: 2 })));
    expect(() => checkDecided({ ...set, votes: [...gone, left] }, uid, after, nativeVerifier)).toThrow(misbehaviour);
  });
});

describe('a value accepted in an earlier epoch', () => {
  it('is not given up for another one at ballot 0, which it may contradict', () => {
    const carried = carrying(first, old(7, a));
    expect(kindsOf(atNode(b, carried, proposing(rival, now(0, home))))).toEqual(['refusal CONFLICT']);
    expect(kindsOf(atNode(b, carried, proposing(first, now(0, home))))).toEqual(['cast']);
    expect(kindsOf(atNode(b, emptyAccountLog(uid), proposing(rival, now(0, home))))).toEqual(['cast']);
  });

  it('takes ballot 0 from the home node, which proposes what q promises demand', () => {
    const carried = carrying(first, old(7, a));
    const wanted = { kind: 'submit' as const, ...wantedOf(entries.register('mine', 1)) };
    const asked = atNode(home, carried, wanted);
    expect(kindsOf(asked)).toEqual(['prepare', 'promise']);
    const ballot = asked.account.round?.ballot ?? now(0, home);
    expect(ballot).toEqual(now(1, home));
    const report = { value: first, proof: voteThen(a, first, old(7, a)), ballot: old(7, a) };
    const promises = [promiseNow(home, ballot, report), promiseNow(a, ballot), promiseNow(b, ballot)];
    const collected = promises.map((promise) => ({
      kind: 'promise' as const,
      promise: { ...promise, value: promise.head.accepted === null ? null : encodeLogValue(first), basis: [] },
    }));
    const { account } = atNode(home, asked.account, ...collected);
    expect(account.accepted?.valueHash).toEqual(hashOf(first));
  });

  it('is demanded by promises, with the proposal of then as proof', () => {
    const ballot = now(2, b);
    const report = { value: first, proof: voteThen(a, first, old(7, a)), ballot: old(7, a) };
    const promises = [promiseNow(a, ballot, report), promiseNow(b, ballot), promiseNow(c, ballot)];
    expect(kindsOf(atNode(d, emptyAccountLog(uid), proposing(rival, ballot, promises)))).toEqual(['refusal NODE_MISBEHAVED']);
    expect(kindsOf(atNode(d, emptyAccountLog(uid), proposing(first, ballot, promises)))).toEqual(['cast']);
  });

  it('gives way to one accepted in this epoch, however high its own round was', () => {
    const ballot = now(9, b);
    const then = { value: first, proof: voteThen(a, first, old(60_000, a)), ballot: old(60_000, a) };
    const since = { value: rival, proof: voteNow(c, rival, now(1, c)), ballot: now(1, c) };
    const promises = [promiseNow(a, ballot, then), promiseNow(b, ballot), promiseNow(c, ballot, since)];
    expect(kindsOf(atNode(d, emptyAccountLog(uid), proposing(first, ballot, promises)))).toEqual(['refusal NODE_MISBEHAVED']);
    expect(kindsOf(atNode(d, emptyAccountLog(uid), proposing(rival, ballot, promises)))).toEqual(['cast']);
  });

  it('is made up by nobody: a vote of this epoch for a ballot of then proves nothing', () => {
    const ballot = now(2, b);
    const forged = said(a, encodeVote(voteOf(a, other, old(9, a))));
    expect(() => promiseNow(a, ballot, { value: other, proof: forged, ballot: old(9, a) })).toThrow(misbehaviour);
    const later = voteNow(a, other, old(9, a));
    expect(() => promiseNow(a, ballot, { value: other, proof: later, ballot: old(9, a) })).toThrow(misbehaviour);
  });

  it('binds by its value alone: what was promised then keeps nobody from ballot 0', () => {
    const promised = { ...emptyAccountLog(uid), promised: old(40, a) };
    expect(kindsOf(atNode(home, promised, { kind: 'submit', ...wantedOf(entries.register('mine', 1)) }))).toEqual(['cast']);
    expect(kindsOf(atNode(b, promised, proposing(rival, now(0, home))))).toEqual(['cast']);
  });
});
