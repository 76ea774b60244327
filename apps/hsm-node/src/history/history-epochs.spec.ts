import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { attemptOf, alice, confirmationOf, versionOf } from '../node/account.fixture.js';
import { replaceNode, startedEpochFleet } from '../epoch/epoch-fleet.fixture.js';
import { holdTime, type MemoryFleet } from '../node/memory-fleet.fixture.js';
import { AccountHistory } from './account-history.js';

let fleet: MemoryFleet;
beforeEach(async () => {
  holdTime();
  fleet = await startedEpochFleet();
});
afterEach(() => fleet.end());

it('a node that comes into the place of another tells of all that was decided before, and of the latest confirmation', async () => {
  await fleet.register(await versionOf(fleet.roster, 1));
  await fleet.submit(attemptOf('wrong'));
  const right = await fleet.submit(attemptOf('right'));
  for (const node of fleet.ranked) await fleet.confirm(confirmationOf(right), node);
  const newcomer = fleet.ranked[2] ?? 3;
  await replaceNode(fleet, newcomer);
  await fleet.advance(3_000);
  await fleet.submit(attemptOf('after'));
  for (const { roster } of fleet.machines) {
    const history = new AccountHistory(fleet.machine(roster.self).disk, () => fleet.clockMs);
    const held = history.held(alice, fleet.account(roster.self).state.index);
    expect({ node: roster.self, ...held }).toEqual({ node: roster.self, index: 4, from: 1 });
    expect(history.page(alice, held, 0).items.map(({ kind, confirmation }) => [kind, confirmation !== null])).toEqual([
      ['register', false],
      ['attempt', false],
      ['attempt', true],
      ['attempt', false],
    ]);
  }
});
