import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { attemptOf, confirmationOf, versionOf } from './account.fixture.js';
import { holdTime, MemoryFleet } from './memory-fleet.fixture.js';

let fleet: MemoryFleet;
beforeEach(async () => {
  holdTime();
  fleet = await MemoryFleet.started();
});
afterEach(() => fleet.end());

describe('a fleet of nodes', () => {
  it('registers, attempts, evaluates and confirms', async () => {
    expect(fleet.machines.map(({ now }) => now.node.engine.chain.own.incarnation)).toEqual([1, 1, 1]);
    await fleet.register(await versionOf(fleet.roster, 1));
    const attempt = attemptOf('first');
    const set = await fleet.submit(attempt);
    expect(set.index).toBe(2);
    for (const node of [1, 2, 3]) expect((await fleet.evaluate(attempt, node)).evaluation).toHaveLength(96);
    for (const node of [1, 2, 3]) expect((await fleet.confirm(confirmationOf(set), node)).sealedSecret).toHaveLength(80);
    expect([1, 2, 3].map((node) => fleet.account(node).confirmation?.index)).toEqual([2, 2, 2]);
    expect(fleet.wire.failures).toEqual([]);
  });
});
