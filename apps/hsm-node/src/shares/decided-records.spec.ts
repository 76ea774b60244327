import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { alice, versionOf } from '../node/account.fixture.js';
import { holdTime, MemoryFleet } from '../node/memory-fleet.fixture.js';
import { needsRecord } from './decided-records.js';
import { STAGED_LIFETIME_MS } from './share-vault.js';

let fleet: MemoryFleet;
beforeEach(async () => {
  holdTime();
  fleet = await MemoryFleet.started();
});
afterEach(() => fleet.end());

async function sweep(): Promise<number> {
  const swept = fleet.machines.map(({ now }) =>
    now.vault.sweep(fleet.clockMs, (uid, hash, index) => needsRecord(now.node.engine.account(uid), hash, index)),
  );
  return (await Promise.all(swept)).reduce((sum, count) => sum + count, 0);
}

it('keeps a registration that one node accepted and nobody decided, so that the account is not stuck with it', async () => {
  const version = await versionOf(fleet.roster, 1);
  const home = fleet.ranked[0] ?? 1;
  fleet.wire.fate = ({ name }) => (name === 'batch' ? 'lose' : 'deliver');
  await expect(fleet.register(version)).rejects.toMatchObject({ code: 'FLEET_UNAVAILABLE' });
  fleet.wire.fate = () => 'deliver';
  await fleet.jump(STAGED_LIFETIME_MS + 60_000);
  expect(fleet.account(home).accepted).not.toBeNull();
  expect(await sweep()).toBe(2);

  await fleet.submit(version.entry, home);
  expect([1, 2, 3].map((node) => fleet.account(node).state.active?.ver)).toContain(1);
  await fleet.advance(600);
  expect(fleet.machines.filter(({ now }) => now.vault.holds(alice, version.hash))).toHaveLength(3);
});
