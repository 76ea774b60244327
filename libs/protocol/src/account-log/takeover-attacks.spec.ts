import { describe, expect, it } from '@jest/globals';
import type { Ballot } from '../ballot/ballot.js';
import { agreesDespite, guessBound } from '../roster/guess-bound.js';
import { entries, POLICY } from './account.fixture.js';
import type { Accepted } from './account-log.js';
import { Attack, type Shape } from './takeover-attacks.fixture.js';

const shape = (n: number, t: number, q: number): Shape => ({ n, t, q });
const one = entries.register('one', 1);
const two = entries.register('two', 1);

/** Fleets with as many corrupt nodes as they agree despite, then such with one more. */
const EXACT = [
  [shape(7, 4, 5), 1],
  [shape(4, 3, 3), 1],
  [shape(5, 3, 4), 1],
  [shape(6, 4, 5), 2],
  [shape(7, 4, 6), 2],
] as const;
const INEXACT = [
  [shape(5, 3, 3), 1],
  [shape(7, 4, 5), 2],
] as const;
const nameOf = ([{ n, t, q }, b]: readonly [Shape, number]): string => `(${n}, ${t}, ${q}) with ${b}`;
const decidable = (attack: Attack): number => attack.bus.decidable.get(1)?.size ?? 0;
const zeroOf = (attack: Attack): Ballot => ({ round: 0, node: attack.fleet.home, incarnation: 1 });

/** The home node's value gets q votes that nobody hears; then a report of another one, at a ballot that nobody allowed, meets them. */
function forgedReport(of: Shape, b: number): Attack {
  const attack = new Attack(of, (fleet) => Array.from({ length: b }, (_, i) => fleet.other(i + 1)));
  const { fleet, liar, liars, honest, bus } = attack;
  const others = honest.filter((node) => node !== fleet.home);
  fleet.faults = (wire, from, to) => {
    bus.hear(wire);
    return from === fleet.home && others.slice(0, of.q - b - 1).includes(to) ? [1] : [];
  };
  fleet.submit(one, fleet.home);
  fleet.runFor(20);
  fleet.faults = (wire) => {
    bus.hear(wire);
    return [];
  };
  const made = attack.value(two);
  const claim = liar.claim(made, liar.vote(1, made, attack.ballot(1)));
  const ballot = attack.ballot(2);
  const lies = liars.map((each) => each.promise(1, ballot, claim));
  attack.propose(1, made, ballot, [...attack.promisesOf(1, ballot, honest).slice(0, of.q - b), ...lies], honest);
  return attack;
}

/** The proposer of ballot 0 signs two values, and takes over with reports of the one that fewer accepted. */
function equivocation(of: Shape, b: number, [most, fewer] = [one, two]): Attack {
  const attack = new Attack(of, (fleet) => Array.from({ length: b }, (_, i) => fleet.other(i)));
  const { liar, liars, honest } = attack;
  const zero = zeroOf(attack);
  const [first, second] = [honest.slice(0, of.q - b), honest.slice(of.q - b)];
  attack.propose(1, attack.value(most), zero, [], first);
  attack.propose(1, attack.value(fewer), zero, [], second);
  const claim = liar.claim(attack.value(fewer), liar.vote(1, attack.value(fewer), zero));
  for (const [round, members] of [liars, liars.slice(1)].entries()) {
    const ballot = attack.ballot(round + 1);
    const promises = attack.promisesOf(1, ballot, [...second, ...first]);
    const lies = members.map((each) => each.promise(1, ballot, claim));
    attack.propose(1, attack.value(fewer), ballot, [...lies, ...promises].slice(0, of.q), honest);
  }
  return attack;
}

/** A voter's disk is rolled back, and at its rejoin the corrupt node shows it a value that nobody else accepted. */
function forgedRejoin(of: Shape): Attack {
  const attack = new Attack(of, (fleet) => [fleet.other(1)]);
  const { fleet, liar, honest, bus } = attack;
  const voter = fleet.other(2);
  const old = fleet.node(voter).durable;
  const group = honest.filter((node) => node !== fleet.home).slice(0, of.q - 2);
  fleet.faults = (wire, from, to) => {
    bus.hear(wire);
    return from === fleet.home && group.includes(to) ? [1] : [];
  };
  fleet.submit(one, fleet.home);
  fleet.runFor(20);
  const made = attack.value(two);
  const claim = liar.claim(made, liar.vote(1, made, attack.ballot(1)));
  rejoin(attack, voter, old, claim, honest.filter((node) => node !== voter).slice(0, of.q - 1));
  const ballot = attack.ballot(2);
  const promises = attack.promisesOf(1, ballot, [voter, ...honest.filter((node) => node !== voter)]);
  attack.propose(1, made, ballot, [liar.promise(1, ballot, claim), ...promises].slice(0, of.q), honest);
  return attack;
}

/** The proposer of ballot 0 signs two values; a voter for the decided one is rolled back, and hears more of the other. */
function equivocatingRejoin(of: Shape): Attack {
  const attack = new Attack(of, (fleet) => [fleet.home]);
  const { fleet, liar, honest } = attack;
  const zero = zeroOf(attack);
  const [first, second] = [honest.slice(0, of.q - 1), honest.slice(of.q - 1)];
  const [voter = 0, ...rest] = first;
  const old = fleet.node(voter).durable;
  attack.propose(1, attack.value(one), zero, [], first);
  attack.propose(1, attack.value(two), zero, [], second);
  const claim = liar.claim(attack.value(two), liar.vote(1, attack.value(two), zero));
  rejoin(attack, voter, old, claim, [...second, ...rest].slice(0, of.q - 1));
  const ballot = attack.ballot(1);
  const promises = attack.promisesOf(1, ballot, [...second, voter, ...rest]);
  attack.propose(1, attack.value(two), ballot, promises.slice(0, of.q), honest);
  return attack;
}

/** Restarts `node` from an old disk; the corrupt node answers first, then only `peers` do. */
function rejoin(
  attack: Attack,
  node: number,
  old: Attack['fleet']['nodes'][number]['durable'],
  lie: Accepted,
  peers: readonly number[],
): void {
  const { fleet, liar, bus } = attack;
  fleet.faults = (wire, from, to) => {
    bus.hear(wire);
    const asked = wire.kind === 'rejoin' && from === node && peers.includes(to);
    return asked || (wire.kind === 'rejoin-answer' && to === node) ? [2] : [];
  };
  fleet.node(node).crash();
  fleet.node(node).restart(old);
  const { incarnations } = fleet.node(node);
  const incarnation = incarnations[node - 1] ?? 0;
  const answer = { asked: incarnation, incarnation, fresh: true, incarnations, sets: [], index: 0, promised: null, confirmation: null };
  fleet.node(node).receive({ kind: 'rejoin-answer', from: liar.node, ...answer, accepted: lie });
  fleet.runFor(100);
  fleet.faults = (wire) => {
    bus.hear(wire);
    return [];
  };
}

describe.each(EXACT.map((each) => [nameOf(each), ...each] as const))('a fleet of %s corrupt', (_, of, b) => {
  it('is one that agrees', () => expect(agreesDespite(of, b)).toBe(true));

  it('takes no value from reports that only corrupt nodes vouch for', () => {
    expect(decidable(forgedReport(of, b))).toBe(1);
  });

  it('takes no value of a proposer that signed two from the promises of fewer', () => {
    expect(decidable(equivocation(of, b))).toBe(1);
    expect(decidable(equivocation(of, b, [two, one]))).toBe(1);
  });
});

describe.each(INEXACT.map((each) => [nameOf(each), ...each] as const))('a fleet of %s corrupt, one more than it bears,', (_, of, b) => {
  it('is one that may disagree, and does', () => {
    expect(agreesDespite(of, b)).toBe(false);
    expect(decidable(forgedReport(of, b))).toBe(2);
    expect(decidable(equivocation(of, b))).toBe(2);
  });
});

describe('a node that lost its vote', () => {
  it.each([[shape(7, 4, 5)], [shape(5, 3, 4)]])('comes back with what more than the corrupt vouch for in %p', (of) => {
    expect(decidable(forgedRejoin(of))).toBe(1);
  });

  it.each([[shape(7, 4, 5)], [shape(5, 3, 4)]])('waits for another answer when one who answered signed two values in %p', (of) => {
    const attack = equivocatingRejoin(of);
    expect(decidable(attack)).toBe(1);
    expect(attack.fleet.nodes.filter(({ status }) => status === 'rejoining')).toHaveLength(1);
  });
});

/** Two values at every index: each of the two groups evaluates its own. */
function splitLogs(of: Shape, b: number, rounds: number): Attack {
  const attack = new Attack(of, (fleet) => Array.from({ length: b }, (_, i) => fleet.other(i)));
  const { liar, liars, honest } = attack;
  const zero = zeroOf(attack);
  attack.propose(1, attack.value(one), zero, [], honest);
  attack.showDecided(1, attack.value(one), zero, honest);
  for (let index = 2; index < 2 + rounds; index++) {
    const [left, right] = ['left', 'right'].map((name) => attack.value(entries.attempt(`${name} ${index}`)));
    if (left === undefined || right === undefined) throw new Error('there are two');
    const [first, second] = [honest.slice(0, of.q - b), honest.slice(of.q - b)];
    attack.propose(index, left, zero, [], first);
    attack.propose(index, right, zero, [], second);
    if (second.length + b >= of.q) {
      attack.showDecided(index, right, zero, second);
      attack.showDecided(index, left, zero, first);
      continue;
    }
    const claim = liar.claim(right, liar.vote(index, right, zero));
    const ballot = attack.ballot(1);
    const promises = attack.promisesOf(index, ballot, [...second, ...first]);
    const lies = liars.slice(1).map((each) => each.promise(index, ballot, claim));
    const late = [...second, ...first.slice(2)];
    attack.propose(index, right, ballot, [...lies, ...promises].slice(0, of.q), late);
    attack.showDecided(index, right, ballot, late);
    attack.showDecided(index, left, zero, first.slice(0, 2));
  }
  return attack;
}

describe('the guesses of corrupt nodes beyond what a fleet bears', () => {
  it.each([
    [shape(5, 3, 3), 1, 20],
    [shape(7, 4, 5), 2, 20],
  ])('in %p with %i of them are %i of the bound at least, and never more than it', (of, b, reached) => {
    const bound = guessBound({ ...of, attempts: POLICY.attempts }, b) ?? Infinity;
    const guesses = splitLogs(of, b, POLICY.attempts + 3).guesses(of.t);
    expect(guesses).toBe(reached);
    expect(guesses).toBeGreaterThan(POLICY.attempts);
    expect(guesses).toBeLessThanOrEqual(bound);
  });

  it.each(EXACT)('in %p with %i of them are never more than N', (of, b) => {
    expect(splitLogs(of, b, POLICY.attempts + 3).guesses(of.t)).toBeLessThanOrEqual(POLICY.attempts);
  });
});
