import { describe, expect, it } from '@jest/globals';
import type { Bounds } from './bounds.fixture.js';
import { Search } from './search.fixture.js';
import { walk } from './walk.fixture.js';

const CALM: Bounds = {
  ...{ attempts: 3, budget: 2, rounds: 1, crashes: 0, rollbacks: 0, confirmations: 0 },
  ...{ crashAt: 0, rollbackAt: 0, home: 1 },
};

/** The number of states is the size of the claim: a step that is no longer explored changes it. */
function explore(bounds: Bounds): unknown {
  const { states, complete, violation, story } = new Search(bounds).run({ maxStates: 1_000_000 });
  return { states, complete, violation, story };
}

const all = (states: number): unknown => ({ states, complete: true, violation: null, story: [] });

describe('every interleaving of three nodes', () => {
  it('keeps one value per index, the budget and no dead state: three attempts, N = 2', () => {
    expect(explore(CALM)).toEqual(all(24_584));
  });

  it('does so when one node crashes: two rivals for one attempt', () => {
    expect(explore({ ...CALM, attempts: 2, budget: 1, crashes: 1, crashAt: 1 })).toEqual(all(20_837));
  });

  it('does so when one node comes back with an old disk: two rivals for one attempt', () => {
    expect(explore({ ...CALM, attempts: 2, budget: 1, rollbacks: 1, rollbackAt: 2 })).toEqual(all(32_368));
  });

  it('does so when the client confirms an attempt, and forgets no acknowledged confirmation', () => {
    expect(explore({ ...CALM, attempts: 2, budget: 1, confirmations: 1 })).toEqual(all(31_014));
  });

  it('is cut off, and says so, where it would not end', () => {
    expect(new Search(CALM).run({ maxStates: 1_000 })).toMatchObject({ complete: false, violation: null });
  });
});

describe('the vote that only the gateway saw before a rollback', () => {
  const search = new Search({ ...CALM, rollbacks: 1 });
  const steps = [
    'node 1 is asked for attempt 0',
    'node 2 hears the proposal of 1 for attempt 0, ballot 0.1.1 at index 2; its disk of before is kept',
    'node 2 starts again with an old disk',
    'node 3 answers incarnation 2 of node 2',
    'node 1 answers incarnation 2 of node 2',
    'node 2 takes over what node 3 holds now',
    'node 2 takes over what node 1 holds now',
    'node 2 is asked for attempt 0',
    'node 3 hears the prepare of 2 for ballot 1.2.2 at index 2',
  ];

  it('has decided, and whoever comes later must propose the same', () => {
    const { state, votes } = walk(search, [...steps, 'node 2 has promises of 2 and 3, wants 1']);
    expect(votes).toEqual(['1: 0 at 0.1']);
    expect(state.decided).toEqual([0]);
    const proposed = state.pool.map((id) => search.shell.statements.at(id)).filter(({ kind }) => kind === 'proposal');
    expect(proposed.map(({ signer, value }) => ({ signer, value }))).toEqual([{ signer: 2, value: 0 }]);
  });
});

describe('votes split three ways', () => {
  const search = new Search({ ...CALM, rounds: 2 });
  const split = [
    'node 1 is asked for attempt 0',
    'node 2 is asked for attempt 0',
    'node 3 hears the prepare of 2 for ballot 1.2.1 at index 2',
    'node 2 has promises of 2 and 3, wants 1',
    'node 3 is asked for attempt 0',
    'node 1 hears the prepare of 3 for ballot 2.3.1 at index 2',
    'node 3 has promises of 3 and 1, wants 2',
  ];

  it('decide nothing, and any two nodes that stay up decide still', () => {
    const { state, votes } = walk(search, split);
    expect(votes).toEqual(['1: 0 at 0.1', '2: 1 at 1.2', '3: 0 at 2.3']);
    expect(state.decided).toEqual([]);
  });

  it('end with the value of the highest ballot, once it has its second vote', () => {
    const { state } = walk(search, [...split, 'node 1 hears the proposal of 3 for attempt 0, ballot 2.3.1 at index 2']);
    expect(state.decided).toEqual([0]);
  });
});
