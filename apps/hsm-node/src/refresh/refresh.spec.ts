import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { checkShare, combineScalars, equal, lastOkOf, nobleGroup, recordHash, spentAttempts, type Bytes } from '@strongroom/protocol';
import { epochMachine, startedEpochFleet } from '../epoch/epoch-fleet.fixture.js';
import { alice, attemptOf, bytesOf, confirmationOf, versionOf, type Version } from '../node/account.fixture.js';
import { holdTime, MemoryFleet } from '../node/memory-fleet.fixture.js';
import { announceRefresh, holdersOf, livingAt, recordAt, recoverWithoutRest, refreshedRoster, shareAt } from './refresh-fleet.fixture.js';

describe.each([
  { n: 5, t: 3, q: 3 },
  { n: 7, t: 4, q: 5 },
])('a refresh of $n nodes, $t shares and $q votes', ({ n, t, q }) => {
  const uids = [alice, bytesOf('bob'), bytesOf('carol')];
  let versions: readonly Version[];
  beforeAll(async () => {
    const { roster } = await MemoryFleet.create({ n, t, q });
    versions = await Promise.all(uids.map((uid) => versionOf(roster, 1, uid)));
  });
  let fleet: MemoryFleet;
  let everybody: readonly number[];
  beforeEach(async () => {
    holdTime();
    fleet = await startedEpochFleet({ n, t, q });
    everybody = fleet.machines.map(({ roster }) => roster.self);
    for (const version of versions) await fleet.register(version);
    await fleet.settle();
  });
  afterEach(() => fleet.end());

  const first = (): Version => {
    const [version] = versions;
    if (version === undefined) throw new Error('no version');
    return version;
  };
  const secretOf = (uid: Bytes, hash: Bytes, part: 'key' | 'secret'): Bytes => {
    const cut = (share: Bytes): Bytes => (part === 'key' ? share.slice(0, 32) : share.slice(32));
    return combineScalars(everybody.slice(-t).map((index) => ({ index, scalar: cut(shareAt(fleet, index, hash, uid)) })));
  };

  it('gives every node another share of the same secrets and destroys the old ones', async () => {
    const before = versions.map(({ record, hash }) => secretOf(record.uid, hash, 'key'));
    announceRefresh(fleet);
    await fleet.advance(6_000);
    for (const [i, version] of versions.entries()) {
      const { uid } = version.record;
      const { recordHash: hash, generation, ver } = livingAt(fleet, 1, uid);
      expect([generation, ver]).toEqual([2, 1]);
      expect(equal(hash, version.hash)).toBe(false);
      expect(holdersOf(fleet, hash, uid)).toEqual(everybody);
      expect(holdersOf(fleet, version.hash, uid)).toEqual([]);
      const record = recordAt(fleet, 1, hash, uid);
      expect(record.commitments[0]).toEqual(version.record.commitments[0]);
      expect(record.secretCommitments[0]).toEqual(version.record.secretCommitments[0]);
      for (const node of everybody) {
        const share = shareAt(fleet, node, hash, uid);
        expect(share).not.toEqual(version.shares[node - 1]);
        checkShare(nobleGroup, record, node, { keyShare: share.slice(0, 32), secretShare: share.slice(32) });
      }
      expect(secretOf(uid, hash, 'key')).toEqual(before[i]);
    }
    expect(fleet.wire.failures).toEqual([]);
    for (const node of everybody) {
      expect(fleet.machine(node).now.node.services.refresh.progress).toMatchObject({ stale: 0, refreshed: 3 });
    }
  });

  it('spends no attempt and keeps what was confirmed', async () => {
    await fleet.submit(attemptOf('wrong'));
    const right = await fleet.submit(attemptOf('right'));
    for (const node of everybody) await fleet.confirm(confirmationOf(right), node);
    await fleet.submit(attemptOf('again'));
    announceRefresh(fleet);
    await fleet.advance(6_000);
    for (const node of everybody) {
      const { state, ...account } = fleet.account(node);
      expect(state.marks.at(-1)?.kind).toBe('reshare');
      expect([lastOkOf({ ...account, state }), spentAttempts(state, 3)]).toEqual([3, 1]);
    }
  });

  it('evaluates an attempt of before with the new shares, and says which sharing the votes were for', async () => {
    const set = await fleet.submit(attemptOf('before'));
    announceRefresh(fleet);
    await fleet.advance(6_000);
    const answer = await fleet.evaluate(attemptOf('before'), 1);
    expect(answer.decided.index).toBe(set.index);
    const record = recordAt(fleet, 1, livingAt(fleet, 1).recordHash);
    expect(recordHash(record, answer.votedSharing)).toEqual(first().hash);
    await fleet.submit(attemptOf('after'));
    expect((await fleet.evaluate(attemptOf('after'), 1)).votedSharing).toBeUndefined();
  });

  it('waits for a member that is down, and goes on when it is back', async () => {
    const [, , third = 3] = fleet.ranked;
    fleet.machine(third).kill();
    announceRefresh(fleet);
    await fleet.advance(4_000);
    expect(holdersOf(fleet, first().hash)).toEqual(everybody.filter((node) => node !== third));
    await fleet.start(third);
    await fleet.advance(12_000);
    expect(epochMachine(fleet, third).ready).toBe(true);
    expect(livingAt(fleet, third).generation).toBe(2);
    expect(holdersOf(fleet, livingAt(fleet, third).recordHash)).toEqual(everybody);
  });

  it('is done beside a user who recovers again and again without a rest', async () => {
    announceRefresh(fleet);
    const isDone = (): boolean => epochMachine(fleet, 1).ready && livingAt(fleet, 1).generation === 2;
    let recoveries = 0;
    for (let ticks = 0; ticks < 60 && !isDone(); ticks++) {
      const user = recoverWithoutRest(fleet, `tick ${ticks}`, 20);
      await fleet.advance(50);
      recoveries += await fleet.run(user);
    }
    expect(isDone()).toBe(true);
    expect(recoveries).toBeGreaterThan(0);
  });

  it('is done once in an epoch, and again in the next', async () => {
    for (const generation of [2, 3]) {
      announceRefresh(fleet);
      await fleet.advance(6_000);
      expect(livingAt(fleet, 1).generation).toBe(generation);
      const { index } = fleet.account(1).state;
      await fleet.advance(2_000);
      expect(fleet.account(1).state.index).toBe(index);
    }
  });

  it('leaves alone what was registered since', async () => {
    const next = refreshedRoster(fleet);
    for (const node of everybody) epochMachine(fleet, node).learn(next);
    await fleet.advance(6_000);
    const later = await versionOf(fleet.roster, 2, alice);
    await fleet.register(later, later.byOwner);
    const { services } = fleet.machine(1).now.node;
    await fleet.restart(1);
    await fleet.advance(3_000);
    expect(livingAt(fleet, 1)).toMatchObject({ ver: 2, generation: 0 });
    expect(services.refresh.progress.stale).toBe(0);
  });
});
