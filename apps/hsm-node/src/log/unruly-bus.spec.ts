import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { DecidedSet } from '@strongroom/protocol';
import { attemptOf, versionOf, type Version } from '../node/account.fixture.js';
import { holdTime, MemoryFleet } from '../node/memory-fleet.fixture.js';
import { contradictions, forks } from '../node/spoken-watch.fixture.js';

let version: Version;
beforeAll(async () => {
  version = await versionOf((await MemoryFleet.create()).roster, 1);
});
let fleet: MemoryFleet;
beforeEach(async () => {
  holdTime();
  fleet = await MemoryFleet.started();
  for (const machine of fleet.machines) await machine.stage(version);
});
afterEach(() => fleet.end());

describe('a bus that doubles, drops and reorders', () => {
  it.each([1, 2, 3, 4])('changes nothing that nodes decide (seed %i)', async (seed) => {
    let state = seed;
    const draw = (below: number): number => (state = (Math.imul(state, 48_271) >>> 0) % 0x7fff_ffff) % below;
    fleet.wire.next = (waiting) => draw(waiting);
    fleet.wire.fate = () => (draw(10) === 0 ? 'lose' : draw(4) === 0 ? 'twice' : 'deliver');
    const insist = async (entry = version.entry): Promise<DecidedSet> => {
      for (let i = 0; i < 20; i++) {
        const set = await fleet.submit(entry, fleet.ranked[i % 3]).catch(() => null);
        if (set !== null) return set;
      }
      throw new Error('it was never decided');
    };
    const sets = [await insist(), await insist(attemptOf('a')), await insist(attemptOf('b'))];
    expect(sets.map(({ index }) => index)).toEqual([1, 2, 3]);
    expect([...contradictions(fleet.wire), ...forks(fleet.wire), ...fleet.wire.failures]).toEqual([]);
  });
});
