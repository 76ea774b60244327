import { describe, expect, it } from '@jest/globals';
import { entries, POLICY, wantedOf } from './account.fixture.js';
import { Liar } from './liar.fixture.js';
import { LogFleet } from './log-fleet.fixture.js';

const register = entries.register('v1', 1);
const lone = entries.attempt('lone');
const later = entries.attempt('later');

function registered(n: number, q: number): LogFleet {
  const fleet = new LogFleet(n, q, POLICY, 4);
  expect(fleet.put(register)).toBe('decided');
  fleet.node(fleet.home).crash();
  return fleet;
}

/** A node that takes over, and whose proposal nobody hears: it alone knows of it. */
function proposedAlone(fleet: LogFleet): number {
  const proposer = fleet.other(1);
  fleet.faults = (wire, from) => (from === proposer && wire.kind === 'batch' && wire.proposals.size > 0 ? [] : [5]);
  expect(fleet.put(lone, proposer)).toBe('FLEET_UNAVAILABLE');
  fleet.faults = () => [5];
  expect(fleet.node(proposer).account.accepted?.basis).not.toEqual([]);
  return proposer;
}

const placesOf = (fleet: LogFleet) => [lone, later].map((entry) => fleet.watcher.indexOf(wantedOf(entry).id));

describe('a proposal that only its proposer knows', () => {
  it('is left out while q others answer', () => {
    const fleet = registered(7, 5);
    proposedAlone(fleet);
    expect(fleet.put(later, fleet.other(2))).toBe('decided');
    expect(placesOf(fleet)).toEqual([null, 2]);
  });

  it.each([
    [7, 5],
    [7, 6],
    [6, 5],
  ])('is taken over by who asks, and by whom it asks, when exactly q of n=%i q=%i are up', (n, q) => {
    const fleet = registered(n, q);
    proposedAlone(fleet);
    for (const { self, status } of fleet.nodes.slice().reverse()) {
      const up = fleet.nodes.filter((node) => node.status === 'up').length;
      if (up > q && status === 'up' && self !== fleet.other(1) && self !== fleet.other(2)) fleet.node(self).crash();
    }
    expect(fleet.nodes.filter(({ status }) => status === 'up')).toHaveLength(q);
    expect(fleet.put(later, fleet.other(2))).toBe('decided');
    expect(placesOf(fleet)).toEqual([2, 3]);
  });

  it('is proposed again by its proposer, which shows the promises that allowed it', () => {
    const fleet = registered(7, 5);
    const proposer = proposedAlone(fleet);
    expect(fleet.put(later, proposer)).toBe('decided');
    expect(placesOf(fleet)).toEqual([2, 3]);
  });

  it('never makes what proves a report grow', () => {
    const fleet = registered(7, 5);
    const sizes: number[] = [];
    for (const round of [1, 2, 3, 4]) {
      for (const proposer of [fleet.other(1), fleet.other(2)]) {
        fleet.faults = (wire) => (wire.kind === 'batch' && wire.proposals.size > 0 ? [] : [5]);
        fleet.put(entries.attempt(`storm ${round}`), proposer);
        sizes.push(fleet.node(proposer).account.accepted?.basis.length ?? 0);
      }
    }
    expect(Math.max(...sizes)).toBe(5);
    fleet.faults = () => [5];
    expect(fleet.put(later, fleet.other(3))).toBe('decided');
  });
});

describe('a corrupt node that answers prepares', () => {
  it('keeps no index open with reports that nobody vouches for', () => {
    const fleet = registered(7, 5);
    const liar = new Liar(fleet.other(2), fleet.roster);
    fleet.node(liar.node).crash();
    const value = { stampMs: fleet.nowMs(), lastOk: 0, entry: entries.attempt('made up') };
    let lies = 0;
    fleet.faults = (wire, from, to) => {
      const { promised } = fleet.node(from).account;
      if (wire.kind === 'batch' && to === liar.node && promised?.node === from) {
        const made = { round: promised.round - 1, node: liar.node, incarnation: 1 };
        const lie = liar.promiseWire(2, promised, liar.claim(value, liar.vote(2, value, made)));
        fleet.after(1, () => fleet.node(from).receive(lie));
        lies++;
      }
      return [5];
    };
    expect(fleet.put(later, fleet.other(1))).toBe('decided');
    expect(placesOf(fleet)).toEqual([null, 2]);
    expect(lies).toBeGreaterThan(0);
  });

  it('is left out and reported when it signed two values', () => {
    const fleet = registered(7, 5);
    const liar = new Liar(fleet.home, fleet.roster);
    const zero = { round: 0, node: fleet.home, incarnation: 1 };
    const values = ['most', 'fewer'].map((name) => ({ stampMs: fleet.nowMs(), lastOk: 0, entry: entries.attempt(name) }));
    fleet.faults = () => [];
    for (const [i, value] of values.entries()) {
      const group = i === 0 ? [1, 2, 3] : [4, 5];
      for (const place of group) fleet.node(fleet.other(place)).receive(liar.proposalWire(2, value, zero, []));
    }
    fleet.runFor(50);
    fleet.faults = () => [5];
    expect(fleet.put(later, fleet.other(6))).toBe('decided');
    expect(values.map(({ entry }) => fleet.watcher.indexOf(wantedOf(entry).id))).toEqual([2, null]);
    expect(fleet.watcher.misbehaved.map(({ culprit }) => culprit)).toContain(fleet.home);
    expect(new Set(fleet.watcher.misbehaved.map(({ seenBy }) => seenBy)).size).toBeGreaterThan(1);
  });
});
