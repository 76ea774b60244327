import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { attemptEvaluate } from '@strongroom/contracts';
import { entryId, parseLogValue, type DecidedSet } from '@strongroom/protocol';
import { alice, attemptOf, bytesOf, confirmationOf, versionOf, type Version } from '../node/account.fixture.js';
import { Forger } from '../node/forged.fixture.js';
import { holdTime, MemoryFleet } from '../node/memory-fleet.fixture.js';

let first: Version;
let second: Version;
beforeAll(async () => {
  const { roster } = await MemoryFleet.create();
  first = await versionOf(roster, 1);
  second = await versionOf(roster, 2);
});
let fleet: MemoryFleet;
let [home, voter, third] = [1, 2, 3];
beforeEach(async () => {
  holdTime();
  fleet = await MemoryFleet.started();
  [home = 1, voter = 2, third = 3] = fleet.ranked;
  await fleet.register(first);
});
afterEach(() => fleet.end());

const travelling = (set: DecidedSet) => ({ ...set, votes: [...set.votes] });

describe('an evaluation', () => {
  it('leaves a node for no attempt that is not decided', async () => {
    const entry = attemptOf('undecided');
    fleet.wire.fate = ({ to, from }) => (to === home && from !== home && from !== 0 ? 'lose' : 'deliver');
    await fleet.submit(entry).catch(() => undefined);
    expect(fleet.account(home).accepted).not.toBeNull();
    await expect(fleet.evaluate(entry, home)).rejects.toMatchObject({ code: 'FLEET_UNAVAILABLE' });
    expect(fleet.wire.events.filter(({ type, from }) => type.includes('released') && from === home)).toEqual([]);
  });

  it('leaves a node that is brought the set, and none that is brought a forged one', async () => {
    const entry = attemptOf('carried');
    fleet.wire.fate = ({ to, from }) => (to === third && from !== 0 && from !== third ? 'lose' : 'deliver');
    const set = await fleet.submit(entry);
    const forged = travelling({ ...set, votes: set.votes.slice(1) });
    await expect(fleet.evaluate(entry, third, forged)).rejects.toMatchObject({ code: 'NODE_MISBEHAVED' });
    expect((await fleet.evaluate(entry, third, travelling(set))).evaluation).toHaveLength(96);
  });

  it('leaves no node under the id of another attempt, or for another account', async () => {
    const set = await fleet.submit(attemptOf('mine'));
    const ask = (uid: Uint8Array, attemptId: Uint8Array): Promise<unknown> => {
      const request = { uid, attemptId, waitMs: 100, decided: travelling(set) };
      return fleet.run(fleet.gateway.call(attemptEvaluate, request, { node: `main-${voter}` }));
    };
    await expect(ask(alice, bytesOf('another'))).rejects.toMatchObject({ code: 'FLEET_UNAVAILABLE' });
    await expect(ask(bytesOf('bob'), entryId(attemptOf('mine').core))).rejects.toMatchObject({ code: 'NODE_MISBEHAVED' });
  });

  it('leaves no node for more than N attempts of its own log, whatever others voted', async () => {
    for (const name of ['one', 'two', 'three']) await fleet.submit(attemptOf(name));
    const entry = attemptOf('four');
    const value = new Forger(fleet).value(entry);
    const set = { kind: 'set', index: 5, value, logValue: parseLogValue(value), votes: [] } as const;
    await fleet.machine(voter).now.node.engine.post(alice, set);
    expect(fleet.account(voter).state.index).toBe(5);
    await expect(fleet.evaluate(entry, voter)).rejects.toMatchObject({ code: 'RECORD_LOCKED' });
    expect((await fleet.evaluate(attemptOf('three'), voter)).evaluation).toHaveLength(96);
  });

  it('leaves no node for a number below the last confirmed one, and again for the confirmed one itself', async () => {
    const [wrong, right] = [attemptOf('wrong'), attemptOf('right')];
    await fleet.submit(wrong);
    await fleet.confirm(confirmationOf(await fleet.submit(right)), voter);
    await expect(fleet.evaluate(wrong, voter)).rejects.toMatchObject({ code: 'CONFLICT' });
    expect((await fleet.evaluate(right, voter)).evaluation).toHaveLength(96);
  });

  it('leaves no node for a version that was replaced', async () => {
    const attempt = attemptOf('old');
    await fleet.submit(attempt);
    await fleet.register(second, second.byOwner);
    await fleet.settle();
    await expect(fleet.evaluate(attempt, voter)).rejects.toMatchObject({ code: 'RECORD_UNKNOWN' });
  });

  it('comes for the last attempt, and no attempt comes after it', async () => {
    for (const name of ['a', 'b', 'last']) await fleet.submit(attemptOf(name));
    expect((await fleet.evaluate(attemptOf('last'), voter)).evaluation).toHaveLength(96);
    await expect(fleet.submit(attemptOf('fourth'))).rejects.toMatchObject({ code: 'RECORD_LOCKED' });
  });

  it('comes again for the same attempt at no cost, also from a node that started again', async () => {
    await fleet.submit(attemptOf('again'));
    await fleet.restart(voter);
    for (let i = 0; i < 3; i++) expect((await fleet.evaluate(attemptOf('again'), voter)).record).toEqual(first.encoded);
    expect((await fleet.submit(attemptOf('again'))).index).toBe(2);
  });
});
