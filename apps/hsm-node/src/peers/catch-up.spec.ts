import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { peerFetchSets, peerOfferSets, type ResponseOf } from '@strongroom/contracts';
import { encodeVote, type DecidedSet } from '@strongroom/protocol';
import { alice, attemptOf, confirmationOf, stranger, versionOf } from '../node/account.fixture.js';
import { Forger } from '../node/forged.fixture.js';
import { holdTime, MemoryFleet } from '../node/memory-fleet.fixture.js';

let fleet: MemoryFleet;
let [home, voter, third] = [1, 2, 3];
beforeEach(async () => {
  holdTime();
  fleet = await MemoryFleet.started();
  [home = 1, voter = 2, third = 3] = fleet.ranked;
  await fleet.register(await versionOf(fleet.roster, 1));
});
afterEach(() => fleet.end());

/** Nothing reaches the third node while `work` goes on. */
async function without(work: () => Promise<unknown>): Promise<void> {
  fleet.wire.fate = ({ to, from }) => ((to === third || from === third) && to !== from ? 'lose' : 'deliver');
  await work();
  fleet.wire.fate = () => 'deliver';
}

const fetched = (node: number, fromIndex: number): Promise<ResponseOf<typeof peerFetchSets>> =>
  fleet.run(fleet.gateway.call(peerFetchSets, { uid: alice, fromIndex }, { node: `main-${node}` }));
const offer = (sets: readonly DecidedSet[], confirmation: ResponseOf<typeof peerFetchSets>['confirmation'] = null): Promise<object> => {
  const travelling = sets.map((set) => ({ ...set, votes: [...set.votes] }));
  return fleet.run(fleet.gateway.call(peerOfferSets, { uid: alice, sets: travelling, confirmation }, { node: `main-${third}` }));
};

describe('a node that lags', () => {
  it('fetches what it lacks when it hears of a later index, however much it is', async () => {
    await without(async () => {
      for (let round = 0; round < 6; round++) {
        await fleet.submit(attemptOf(`wrong ${round}`));
        await fleet.confirm(confirmationOf(await fleet.submit(attemptOf(`right ${round}`))), voter);
      }
    });
    expect(fleet.account(third).state.index).toBe(1);
    await fleet.submit(attemptOf('next'));
    await fleet.advance(500);
    expect(fleet.account(third).state).toEqual(fleet.account(home).state);
    expect(fleet.account(third).confirmation).toEqual(fleet.account(home).confirmation);
  });

  it('is given the sets when it works at an index that is decided', async () => {
    await without(() => fleet.submit(attemptOf('decided')));
    const set = await fleet.submit(attemptOf('late'), third);
    expect(set.index).toBe(3);
    expect(fleet.account(third).state.marks.map(({ index }) => index)).toEqual([1, 2, 3]);
  });

  it('serves sets from its disk after it started again', async () => {
    await fleet.submit(attemptOf('first'));
    const before = await fetched(voter, 1);
    await fleet.restart(voter);
    expect(await fetched(voter, 1)).toEqual(before);
    expect(before.sets).toHaveLength(2);
  });
});

describe('sets that somebody carries', () => {
  it.each([
    ['too few votes', (set: DecidedSet) => ({ ...set, votes: set.votes.slice(1) })],
    ['one vote twice', (set: DecidedSet) => ({ ...set, votes: set.votes.flatMap((vote, i) => (i === 0 ? [vote, vote] : [])) })],
    ['another index', (set: DecidedSet) => ({ ...set, index: set.index + 1 })],
    ['another value', (set: DecidedSet) => ({ ...set, value: new Forger(fleet).value(attemptOf('forged')) })],
  ])('decide nothing with %s', async (_name, change) => {
    await without(() => fleet.submit(attemptOf('decided')));
    const set = fleet.machine(home).now.node.services.sets.at(alice, 2);
    if (set === null) throw new Error('it is not decided');
    await expect(offer([change(set)])).rejects.toMatchObject({ code: 'NODE_MISBEHAVED' });
    expect(fleet.account(third).state.index).toBe(1);
    await offer([set]);
    expect(fleet.account(third).state.index).toBe(2);
  });

  it('decide nothing when a stranger signed the votes', async () => {
    const forger = new Forger(fleet);
    const value = forger.value(attemptOf('forged'));
    const ballot = { round: 0, node: home, incarnation: 1 };
    const votes = [home, voter].map((node) => forger.signed(node, encodeVote(forger.vote(node, value, ballot, { index: 2 })), stranger));
    await expect(offer([{ index: 2, value, votes }])).rejects.toMatchObject({ code: 'NODE_MISBEHAVED' });
    expect(fleet.account(third).state.index).toBe(1);
  });

  it('bring a confirmation that is checked like any other', async () => {
    const set = await fleet.submit(attemptOf('right'));
    await offer([], confirmationOf(set, stranger));
    expect(fleet.account(third).confirmation).toBeNull();
    await offer([], confirmationOf(set));
    expect(fleet.account(third).confirmation?.index).toBe(2);
  });
});
