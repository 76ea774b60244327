import { describe, expect, it } from '@jest/globals';
import type { Ballot } from '../ballot/ballot.js';
import { encodeLogValue, logValueHash, type LogValue } from '../entry/log-value.js';
import { rankNodes } from '../placement/rank-nodes.js';
import { entries, otherUid, rosterOf, START_MS, uid } from './account.fixture.js';
import type { Accepted, CollectedPromise } from './account-log.js';
import { choosePromises } from './choose-promises.js';
import { chooseReported, type PeerReport } from './choose-reported.js';
import { demandedBy, demandOf, isJustified, needsBasis, type Report } from './demand.js';
import { Liar } from './liar.fixture.js';
import { asEvidence } from './note.js';

/** Exact with one corrupt node: a report needs two that vouch for it. */
const roster = rosterOf(7, 5, 1, 4);
const home = rankNodes(uid, roster)[0] ?? 1;
const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = [1, 2, 3, 4, 5, 6, 7].filter((node) => node !== home);
const all = [home, a, b, c, d, e, f];
const zero: Ballot = { round: 0, node: home, incarnation: 1 };
const low: Ballot = { round: 1, node: a, incarnation: 1 };
const high: Ballot = { round: 2, node: b, incarnation: 1 };
const next: Ballot = { round: 3, node: c, incarnation: 1 };
const valueOf = (name: string): LogValue => ({ stampMs: START_MS, lastOk: 0, entry: entries.register(name, 1) });
// In the order of their hashes.
const [one, two] = [valueOf('one'), valueOf('two')].sort((x, y) => Buffer.compare(hashOf(x), hashOf(y)));
if (one === undefined || two === undefined) throw new Error('there are two');

function hashOf(value: LogValue): Uint8Array {
  return logValueHash(encodeLogValue(value));
}
const report = (node: number, ballot: Ballot, value: LogValue): Report => ({ node, ballot, valueHash: hashOf(value) });
const demand = (reports: readonly Report[], members: readonly number[] = all) => demandOf(reports, members, uid, roster);
const liarAt = (node: number): Liar => new Liar(node, roster);

describe('what reports demand', () => {
  it('is nothing when nothing is reported', () => expect(demand([])).toEqual({ kind: 'free' }));

  it('is the value of the highest ballot', () => {
    const reports = [report(c, low, one), report(d, low, one), report(e, high, two), report(f, zero, one)];
    expect(demand(reports)).toEqual({ kind: 'value', ballot: high, valueHash: hashOf(two) });
  });

  it('needs one voucher more than the fleet stays exact with: the proposer is one of them', () => {
    expect(demand([report(c, low, one)])).toMatchObject({ kind: 'value' });
    expect(demand([report(a, low, one)])).toMatchObject({ kind: 'unbacked', ballot: low });
    const six = rosterOf(7, 6, 1, 4);
    expect(demandOf([report(c, low, one)], all, uid, six)).toMatchObject({ kind: 'unbacked' });
    expect(demandOf([report(c, low, one), report(d, low, one)], all, uid, six)).toMatchObject({ kind: 'value' });
    expect(demandOf([report(a, low, one)], all, uid, rosterOf(5, 3))).toMatchObject({ kind: 'value' });
  });

  it('needs no other voucher at ballot 0, which is the home node’s in its first incarnation', () => {
    expect(demand([report(home, zero, one)])).toMatchObject({ kind: 'value' });
    for (const ballot of [
      { ...zero, incarnation: 2 },
      { ...zero, node: a },
    ]) {
      expect(demand([report(c, ballot, one), report(d, ballot, one)])).toMatchObject({ kind: 'unbacked' });
    }
  });

  it('is what most report of a proposer that signed two values, of a tie the lower hash', () => {
    const most = [report(c, zero, two), report(d, zero, one), report(e, zero, two)];
    expect(demand(most, [c, d, e, f, a])).toMatchObject({ kind: 'value', valueHash: hashOf(two) });
    for (const tie of [most.slice(0, 2), most.slice(0, 2).reverse()]) {
      expect(demand(tie, [c, d, e, f, a])).toMatchObject({ valueHash: hashOf(one) });
    }
  });

  it('is not known while the proposer that signed two values is asked itself', () => {
    expect(demand([report(c, zero, two), report(d, zero, one)])).toEqual({ kind: 'equivocator', node: home, ballot: zero });
    expect(demand([report(c, zero, two), report(d, zero, one), report(e, low, one)])).toMatchObject({ kind: 'value', ballot: low });
  });
});

const claimOf = (value: LogValue, ballot: Ballot, basis: Accepted['basis'] = []): Accepted => {
  const by = liarAt(ballot.node);
  return by.claim(value, by.vote(1, value, ballot), basis);
};

describe('promises behind a proposal', () => {
  const place = { uid, index: 1, ballot: next };
  const free = (...nodes: readonly number[]) => nodes.map((node) => liarAt(node).promise(1, next, null));

  it('are q of its own ballot, index and account, no more and no less', () => {
    expect(demandedBy(free(a, b, c, d, e), place, roster)).toEqual({ kind: 'free' });
    for (const promises of [free(a, b, c, d), free(a, b, c, d, e, f), free(a, b, c, d, d)]) {
      expect(demandedBy(promises, place, roster)).toBeNull();
    }
    expect(demandedBy(free(a, b, c, d, e), { ...place, index: 2 }, roster)).toBeNull();
    expect(demandedBy(free(a, b, c, d, e), { ...place, uid: otherUid }, roster)).toBeNull();
    expect(demandedBy(free(a, b, c, d, e), { ...place, ballot: high }, roster)).toBeNull();
  });

  it('report nothing of their own ballot or above it', () => {
    for (const ballot of [next, { ...next, round: 9 }]) {
      const late = liarAt(d).promise(1, next, claimOf(one, ballot));
      expect(demandedBy([...free(a, b, c, e), late], place, roster)).toBeNull();
    }
  });

  it('justify what they demand, or anything when they demand nothing', () => {
    const reporting = [...free(a, b, c, e), liarAt(d).promise(1, next, claimOf(one, low))];
    const propose = (value: LogValue) => ({ ...place, valueHash: hashOf(value) });
    expect(isJustified(propose(two), free(a, b, c, d, e), roster)).toBe(true);
    expect(isJustified(propose(one), reporting, roster)).toBe(true);
    expect(isJustified(propose(two), reporting, roster)).toBe(false);
    expect(isJustified(propose(one), [...free(b, c, d, e), liarAt(a).promise(1, next, claimOf(one, low))], roster)).toBe(false);
    expect(isJustified({ ...propose(one), ballot: zero }, [], roster)).toBe(true);
    expect(isJustified({ ...propose(one), ballot: { ...zero, node: a } }, [], roster)).toBe(false);
  });

  it('go with a report only where reporter and proposer are too few', () => {
    expect([needsBasis(a, low, roster), needsBasis(b, low, roster), needsBasis(home, zero, roster)]).toEqual([true, false, false]);
    expect([needsBasis(a, low, rosterOf(5, 3)), needsBasis(b, low, rosterOf(7, 6, 1, 4))]).toEqual([false, true]);
  });
});

describe('a proposer', () => {
  const promise = (node: number, accepted: Accepted | null = null): CollectedPromise => ({
    ...liarAt(node).promise(1, next, accepted),
    value: accepted?.value ?? null,
    basis: [],
  });
  const choose = (...promises: readonly CollectedPromise[]) => choosePromises(promises, uid, roster);
  const nodesOf = (chosen: ReturnType<typeof choose>) => chosen?.promises.map(({ head }) => head.node).sort();

  it('leaves out a report that too few vouch for, and waits for another promise', () => {
    const liar = promise(a, claimOf(two, low));
    expect(choose(promise(b), promise(c), liar, promise(d), promise(e))).toBeNull();
    const chosen = choose(promise(b), promise(c), liar, promise(d), promise(e), promise(f));
    expect(chosen?.demand).toEqual({ kind: 'free' });
    expect(nodesOf(chosen)).toEqual([b, c, d, e, f].sort());
  });

  it('leaves out a node that signed two values, and takes the one that most report', () => {
    const rest = [promise(a, claimOf(two, zero)), promise(b, claimOf(one, zero)), promise(c, claimOf(two, zero)), promise(d)];
    expect(choose(promise(home, claimOf(one, zero)), ...rest)).toBeNull();
    const chosen = choose(promise(home, claimOf(one, zero)), ...rest, promise(e));
    expect(chosen?.demand).toMatchObject({ kind: 'value', valueHash: hashOf(two) });
    expect(nodesOf(chosen)).toEqual([a, b, c, d, e].sort());
  });

  it('finds a set without a member that names absurd incarnations of others', () => {
    const absurd = liarAt(a);
    absurd.incarnations = roster.members.map(({ index }) => (index === a ? 1 : 4_000_000_000));
    const lie = { ...absurd.promise(1, next, null), value: null, basis: [] };
    expect(choose(lie, promise(b), promise(c), promise(d), promise(e))).toBeNull();
    expect(nodesOf(choose(lie, promise(b), promise(c), promise(d), promise(e), promise(f)))).toEqual([b, c, d, e, f].sort());
  });
});

describe('a node that comes back', () => {
  const told = (node: number, accepted: Accepted, justified = false): PeerReport => ({ node, accepted, justified });
  const choose = (reports: readonly PeerReport[], own: Accepted | null = null, answered = [b, c, d, e, f]) =>
    chooseReported(reports, answered, uid, own, roster);

  it('takes the highest that more than the corrupt vouch for, or that its promises allow', () => {
    const [lower, lie] = [claimOf(one, zero), claimOf(two, low)];
    expect(choose([])).toEqual({ kind: 'nothing' });
    expect(choose([told(c, lower), told(a, lie)], null, [a, b, c, d, e])).toEqual({ kind: 'value', accepted: lower });
    expect(choose([told(c, lower), told(a, lie, true)], null, [a, b, c, d, e])).toEqual({ kind: 'value', accepted: lie });
    expect(choose([told(c, lower), told(d, lie)])).toEqual({ kind: 'value', accepted: lie });
  });

  it('keeps what its own disk says of the same ballot or a higher one', () => {
    expect(choose([told(c, claimOf(two, zero)), told(d, claimOf(two, zero))], claimOf(one, zero))).toEqual({ kind: 'nothing' });
    expect(choose([told(c, claimOf(two, zero))], claimOf(one, low))).toEqual({ kind: 'nothing' });
  });

  it('counts q answers without a peer that signed two values, and takes what most of them say', () => {
    const reports = [told(b, claimOf(one, zero)), told(c, claimOf(two, zero)), told(d, claimOf(two, zero))];
    expect(choose(reports, null, [home, b, c, d, e])).toEqual({ kind: 'missing', node: home });
    expect(choose([...reports, told(home, claimOf(one, zero))], null, [home, b, c, d, e, f])).toMatchObject({
      kind: 'value',
      accepted: { valueHash: hashOf(two) },
    });
  });

  it('keeps the promises of a proposal in the form in which they travel', () => {
    const promise = liarAt(d).promise(1, next, claimOf(one, low));
    expect(asEvidence(promise)).toEqual({ signed: promise.signed, proof: promise.proof?.signed });
    expect(asEvidence(liarAt(d).promise(1, next, null)).proof).toBeNull();
  });
});
