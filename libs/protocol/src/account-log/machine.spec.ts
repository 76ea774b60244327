import { describe, expect, it } from '@jest/globals';
import { entries, ownerSigner, POLICY, wantedOf } from './account.fixture.js';
import { lastOkOf } from './account-log.js';
import { DEFAULT_DELAYS_MS } from './account-policy.js';
import { spentAttempts } from './account-state.js';
import { LogFleet } from './log-fleet.fixture.js';

const one = entries.register('v1', 1);

function registered(fleet = new LogFleet()): LogFleet {
  expect(fleet.put(one)).toBe('decided');
  return fleet;
}

/** Nodes that hear and say nothing. */
function cutOff(fleet: LogFleet, ...nodes: readonly number[]): void {
  fleet.faults = (_, from, to) => (nodes.includes(from) || nodes.includes(to) ? [] : [5]);
}

const indicesOf = (fleet: LogFleet): readonly number[] => fleet.nodes.map(({ account }) => account.state.index);

describe('the home node', () => {
  it('decides in one round: its proposal out, the votes back', () => {
    const fleet = new LogFleet();
    fleet.submit(one, fleet.home);
    fleet.runFor(14);
    expect(indicesOf(fleet)).toEqual([1, 1, 1, 1, 1]);
    expect(fleet.node(fleet.home).sets[0]?.votes).toHaveLength(3);
  });

  it('decides with any q nodes up', () => {
    const fleet = registered();
    cutOff(fleet, fleet.other(1), fleet.other(3));
    expect(fleet.put(entries.attempt('a'))).toBe('decided');
  });

  it('says so when fewer than q are there, and what it accepted is decided later', () => {
    const fleet = registered();
    cutOff(fleet, fleet.other(1), fleet.other(2), fleet.other(3));
    expect(fleet.put(entries.attempt('a'))).toBe('FLEET_UNAVAILABLE');
    cutOff(fleet);
    expect(fleet.put(entries.attempt('b'))).toBe('decided');
    expect(fleet.watcher.indexOf(wantedOf(entries.attempt('a')).id)).toBe(2);
  });
});

describe('any other node', () => {
  it('takes over when the home node is away', () => {
    const fleet = registered();
    fleet.node(fleet.home).crash();
    expect(fleet.put(entries.attempt('a'), fleet.other(2))).toBe('decided');
  });

  it('proposes the value that promises demand, then its own', () => {
    const fleet = registered();
    fleet.faults = (_, from, to) => (from === fleet.home && to === fleet.other(1) ? [5] : []);
    fleet.submit(entries.attempt('first'), fleet.home);
    fleet.runFor(100);
    fleet.node(fleet.home).crash();
    cutOff(fleet, fleet.other(2));
    expect(fleet.put(entries.attempt('second'), fleet.other(3))).toBe('decided');
    expect([
      fleet.watcher.indexOf(wantedOf(entries.attempt('first')).id),
      fleet.watcher.indexOf(wantedOf(entries.attempt('second')).id),
    ]).toEqual([2, 3]);
  });

  it('shares the account with rivals: all proposers come to an end', () => {
    for (const latencyMs of [1, 20, 70, 150]) {
      const fleet = registered();
      fleet.faults = () => [latencyMs];
      fleet.nodes.forEach(({ self }) => fleet.submit(entries.attempt(`by ${self}`), self));
      fleet.runFor(20_000);
      const missing = fleet.nodes.filter(({ self }) => fleet.watcher.indexOf(wantedOf(entries.attempt(`by ${self}`)).id) === null);
      expect({ latencyMs, missing: missing.length }).toEqual({ latencyMs, missing: 0 });
    }
  });
});

describe('the budget', () => {
  it('ends after ten wrong codes: the eleventh attempt is refused everywhere', () => {
    const fleet = registered();
    for (let i = 1; i <= 10; i++) expect(fleet.put(entries.attempt(`wrong ${i}`), 1 + (i % 5))).toBe('decided');
    for (const { self } of fleet.nodes) expect(fleet.put(entries.attempt('eleventh'), self)).toBe('RECORD_LOCKED');
    expect(fleet.watcher.decided.size).toBe(11);
  });

  it('is whole again after a confirmation, at nodes that missed it too', () => {
    const fleet = registered();
    for (let i = 1; i <= 10; i++) fleet.put(entries.attempt(`wrong ${i}`));
    cutOff(fleet, fleet.home);
    fleet.confirm(entries.attempt('wrong 10'), [fleet.other(1)]);
    fleet.runFor(100);
    cutOff(fleet);
    expect(fleet.put(entries.attempt('next'), fleet.other(2))).toBe('decided');
    expect(fleet.nodes.map(({ account }) => spentAttempts(account.state, lastOkOf(account)))).toEqual([1, 1, 1, 1, 1]);
  });

  it('counts two devices at once as two attempts', () => {
    const fleet = registered();
    fleet.submit(entries.attempt('phone'), fleet.home);
    fleet.submit(entries.attempt('tablet'), fleet.other(2));
    fleet.runFor(4_000);
    const numbers = ['phone', 'tablet'].map((name) => fleet.watcher.indexOf(wantedOf(entries.attempt(name)).id));
    expect(numbers.sort()).toEqual([2, 3]);
  });

  it('counts one attempt once, submitted ten times at all nodes', () => {
    const fleet = registered();
    fleet.faults = (_, from, to) => [1 + ((from * 7 + to * 3) % 40), 60];
    for (let i = 0; i < 10; i++) {
      fleet.submit(entries.attempt('same'), 1 + ((i * 3) % 5));
      fleet.runFor(i * 7);
    }
    fleet.runFor(10_000);
    expect(fleet.watcher.decided.size).toBe(2);
    fleet.submit(entries.attempt('same'), fleet.other(4));
    expect([...fleet.watcher.known.values()]).toEqual(expect.arrayContaining([2]));
  });
});

describe('a refusal', () => {
  it('ends one entry and no other', () => {
    const fleet = registered(new LogFleet(5, 3, { ...POLICY, delaysMs: DEFAULT_DELAYS_MS }));
    for (let i = 1; i <= 3; i++) expect(fleet.put(entries.attempt(`wrong ${i}`))).toBe('decided');
    fleet.submit(entries.attempt('too soon'), fleet.home);
    fleet.submit(entries.register('v2', 2, { owner: ownerSigner }), fleet.home);
    fleet.runFor(4_000);
    expect(fleet.watcher.indexOf(wantedOf(entries.attempt('too soon')).id)).toBeNull();
    expect(fleet.watcher.indexOf(wantedOf(entries.register('v2', 2, { owner: ownerSigner })).id)).toBe(5);
  });
});

describe('a node that lags', () => {
  it('catches up by sets', () => {
    const fleet = registered();
    cutOff(fleet, fleet.other(4));
    for (const name of ['a', 'b', 'c']) fleet.put(entries.attempt(name));
    expect(fleet.node(fleet.other(4)).account.state.index).toBe(1);
    cutOff(fleet);
    fleet.put(entries.attempt('d'));
    expect(indicesOf(fleet)).toEqual([5, 5, 5, 5, 5]);
  });

  it('is given the sets when it proposes at a decided index', () => {
    const fleet = registered();
    cutOff(fleet, fleet.other(4));
    fleet.put(entries.attempt('a'));
    cutOff(fleet);
    expect(fleet.put(entries.attempt('b'), fleet.other(4))).toBe('decided');
    expect(fleet.watcher.indexOf(wantedOf(entries.attempt('b')).id)).toBe(3);
  });

  it('answers proposals that arrived before the index was open', () => {
    const fleet = registered();
    const late = fleet.other(1);
    // The votes and proposals for index 2 take longer than those for index 3, at one node.
    fleet.faults = (_, from, to) => [to === late && from === fleet.home && fleet.watcher.decided.size < 2 ? 60 : 5];
    fleet.put(entries.attempt('a'));
    fleet.put(entries.attempt('b'));
    expect(indicesOf(fleet)).toEqual([3, 3, 3, 3, 3]);
  });
});

describe('a node that restarts', () => {
  it('takes part again with what q peers tell it', () => {
    const fleet = registered();
    const old = fleet.node(fleet.home).durable;
    fleet.put(entries.attempt('a'));
    fleet.node(fleet.home).crash();
    fleet.node(fleet.home).restart(old);
    fleet.runFor(2_000);
    expect(fleet.node(fleet.home).account.state.index).toBe(2);
    expect(fleet.put(entries.attempt('b'))).toBe('decided');
  });

  it('waits while fewer than q peers answer', () => {
    const fleet = registered();
    fleet.node(fleet.home).crash();
    cutOff(fleet, fleet.other(1), fleet.other(2));
    fleet.node(fleet.home).restart();
    fleet.runFor(5_000);
    expect(fleet.node(fleet.home).status).toBe('rejoining');
  });

  it('never proposes at ballot 0 again', () => {
    const fleet = registered();
    fleet.node(fleet.home).crash();
    fleet.node(fleet.home).restart();
    fleet.runFor(1_000);
    fleet.submit(entries.attempt('a'), fleet.home);
    expect(fleet.node(fleet.home).account.round).toMatchObject({ phase: 'prepare', ballot: { round: 1, incarnation: 2 } });
  });
});
