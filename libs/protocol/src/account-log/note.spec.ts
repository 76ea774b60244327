import { describe, expect, it } from '@jest/globals';
import type { Ballot } from '../ballot/ballot.js';
import { encodeLogValue, logValueHash, type LogValue } from '../entry/log-value.js';
import { rankNodes } from '../placement/rank-nodes.js';
import { entries, nativeVerifier, POLICY, rosterOf, START_MS, uid, wantedOf } from './account.fixture.js';
import { emptyAccountLog, type AccountLog, type CollectedPromise, type VerifiedPromise } from './account-log.js';
import { decide, type Decision } from './decide.js';
import { Liar } from './liar.fixture.js';
import type { LogInput } from './log-message.js';

const roster = rosterOf(7, 5, 1, 4);
const home = rankNodes(uid, roster)[0] ?? 1;
const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = [1, 2, 3, 4, 5, 6, 7].filter((node) => node !== home);
const low: Ballot = { round: 1, node: a, incarnation: 1 };
const high: Ballot = { round: 2, node: b, incarnation: 1 };
const next: Ballot = { round: 3, node: b, incarnation: 1 };
const value: LogValue = { stampMs: START_MS, lastOk: 0, entry: entries.register('one', 1) };
const other: LogValue = { ...value, entry: entries.register('two', 1) };
const liarAt = (node: number): Liar => new Liar(node, roster);
const free: readonly VerifiedPromise[] = [b, c, d, e, f].map((node) => liarAt(node).promise(1, low, null));
const empty = emptyAccountLog(uid);

function at(account: AccountLog, self: number, ...inputs: readonly LogInput[]): Decision {
  const context = { roster, policy: POLICY, verifier: nativeVerifier, self, incarnations: [1, 1, 1, 1, 1, 1, 1], nowMs: START_MS };
  let decision: Decision = { account, effects: [] };
  for (const input of inputs) decision = decide(decision.account, input, context);
  return decision;
}

/** A promise for `next` that reports what `a` proposed at `low`. */
function reporting(node: number, reported: LogValue = value, basis: readonly VerifiedPromise[] = free): CollectedPromise {
  const by = liarAt(a);
  const accepted = by.claim(reported, by.vote(1, reported, low));
  return { ...liarAt(node).promise(1, next, accepted), value: accepted.value, basis };
}

const prepareWith = (report: CollectedPromise): LogInput => ({ kind: 'prepare', from: b, index: 1, ballot: next, report });
const acceptedOf = (decision: Decision) => decision.account.accepted?.ballot ?? null;

describe('a node that is shown a proposal with the promises behind it', () => {
  it('reports it from now on, with no vote for it', () => {
    const decision = at(empty, c, prepareWith(reporting(b)));
    expect(decision.effects).toMatchObject([{ kind: 'promise', promise: { ballot: next, accepted: { ballot: low } } }]);
    expect(decision.account.accepted).toMatchObject({ ballot: low, value: encodeLogValue(value), basis: [] });
  });

  it('does not when the promises do not allow it', () => {
    const rivals = [
      ...free.slice(1),
      liarAt(b).promise(1, low, liarAt(home).claim(other, liarAt(home).vote(1, other, { ...low, round: 0, node: home }))),
    ];
    for (const basis of [[], free.slice(1), [...free.slice(1), ...free.slice(1, 2)], rivals]) {
      expect(acceptedOf(at(empty, c, prepareWith(reporting(b, value, basis))))).toBeNull();
    }
  });

  it('does not when it has accepted a higher one', () => {
    const accepted = {
      ballot: high,
      value: encodeLogValue(other),
      valueHash: logValueHash(encodeLogValue(other)),
      proposal: null,
      basis: [],
    };
    const adopt = { kind: 'adopt', index: 1, promised: high, accepted } as const;
    expect(acceptedOf(at(empty, c, adopt, prepareWith(reporting(b))))).toEqual(high);
  });

  it('does not when it could not vote for the value', () => {
    expect(acceptedOf(at(empty, c, prepareWith(reporting(b, { ...value, lastOk: 9 }))))).toBeNull();
  });
});

describe('a proposer', () => {
  const asked = at(empty, b, { kind: 'submit', ...wantedOf(other.entry) }).account;
  const ballot = asked.round?.ballot ?? next;
  const zero: Ballot = { round: 0, node: home, incarnation: 1 };
  const told = (node: number, reported: LogValue): LogInput => {
    const accepted = liarAt(home).claim(reported, liarAt(home).vote(1, reported, zero));
    return { kind: 'promise', promise: { ...liarAt(node).promise(1, ballot, accepted), value: accepted.value, basis: [] } };
  };

  it('reports whoever signed two values that it is promised', () => {
    const decision = at(asked, b, told(c, value), told(d, other));
    expect(decision.effects).toMatchObject([{ kind: 'misbehaved', culprit: home }]);
    expect(at(asked, b, told(c, value), told(d, value)).effects).toEqual([]);
  });
});
