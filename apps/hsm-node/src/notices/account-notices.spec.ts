import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { accountNotice, type MessageOf } from '@strongroom/contracts';
import { decodeMessage, nodeVerifier } from '@strongroom/platform';
import { accountNoticeMessage, memberKey } from '@strongroom/protocol';
import { alice, attemptOf, confirmationOf, deletionOf, owner, versionOf } from '../node/account.fixture.js';
import { holdTime, MemoryFleet } from '../node/memory-fleet.fixture.js';

let fleet: MemoryFleet;
beforeEach(async () => {
  holdTime();
  fleet = await MemoryFleet.started({ attempts: 2 });
  await fleet.register(await versionOf(fleet.roster, 1));
});
afterEach(() => fleet.end());

/** Each checked as the gateway does. */
function notices(): readonly MessageOf<typeof accountNotice>[] {
  return fleet.wire.said
    .filter(({ name }) => name === 'account')
    .map(({ payload }) => decodeMessage(payload, accountNotice.maxBytes, accountNotice.message))
    .map((notice) => {
      const { signature, ...said } = notice;
      const message = accountNoticeMessage({ ...said, fleetId: 'main' });
      expect(nodeVerifier.verify(memberKey(fleet.roster, notice.node), message, signature)).toBe(true);
      expect(notice.uid).toEqual(alice);
      return notice;
    });
}
const told = (kind: string): readonly (readonly [number, number])[] =>
  notices()
    .filter((notice) => notice.kind === kind)
    .map(({ node, number }) => [node, number] as const)
    .sort(([a], [b]) => a - b);
const byAll = (number: number): readonly (readonly [number, number])[] => [1, 2, 3].map((node) => [node, number]);

describe('the notices of a node', () => {
  it('say of an attempt, by every node alike, that it was used and when it was voted for', async () => {
    await fleet.submit(attemptOf('wrong'));
    expect(told('attempt-used')).toEqual(byAll(2));
    const times = notices().filter(({ kind }) => kind === 'attempt-used');
    expect(new Set(times.map(({ atMs }) => atMs)).size).toBe(1);
  });

  it('say once that it was confirmed, however often the confirmation comes', async () => {
    const set = await fleet.submit(attemptOf('right'));
    await fleet.confirm(confirmationOf(set), 1);
    await fleet.confirm(confirmationOf(set), 2);
    await fleet.settle();
    expect(told('attempt-confirmed')).toEqual(byAll(2));
  });

  it('say of a change, a lock and an erase', async () => {
    expect(told('record-changed')).toEqual(byAll(1));
    for (const name of ['a', 'b']) await fleet.submit(attemptOf(name));
    await fleet.advance(500);
    expect(told('record-locked')).toEqual(byAll(3));
    expect(told('record-erased')).toEqual([]);
    await fleet.jump(600_001);
    await fleet.advance(2_000);
    expect(told('record-erased')).toEqual(byAll(3));
  });

  it('say of a deletion that its shares are gone, and of a new version nothing but the change', async () => {
    await fleet.register(await versionOf(fleet.roster, 2), (await versionOf(fleet.roster, 2)).byOwner);
    await fleet.advance(500);
    expect([told('record-changed').length, told('record-erased')]).toEqual([6, []]);
    await fleet.submit(deletionOf(3, owner));
    await fleet.advance(500);
    expect(told('record-erased')).toEqual(byAll(3));
  });

  it('keep nothing waiting when the bus is gone', async () => {
    fleet.wire.fate = ({ name }) => (name === 'account' ? 'lose' : 'deliver');
    expect((await fleet.submit(attemptOf('a'))).index).toBe(2);
  });
});
