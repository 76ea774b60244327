import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { checkShare, equal, nobleGroup } from '@strongroom/protocol';
import { epochMachine, startedEpochFleet } from '../epoch/epoch-fleet.fixture.js';
import { alice, attemptOf, versionOf, type Version } from '../node/account.fixture.js';
import { holdTime, MemoryFleet } from '../node/memory-fleet.fixture.js';
import type { CrashPoint } from '../node/mortal-disk.fixture.js';
import { contradictions, forks } from '../node/spoken-watch.fixture.js';
import { announceRefresh, holdersOf, livingAt, recordAt, refreshedRoster, shareAt } from './refresh-fleet.fixture.js';

let version: Version;
let fleet: MemoryFleet | null = null;
let ranked: readonly number[];
beforeAll(async () => {
  const example = await MemoryFleet.create();
  ranked = example.ranked;
  version = await versionOf(example.roster, 1);
});
beforeEach(holdTime);
afterEach(() => fleet?.end());

interface Outcome {
  readonly crashed: boolean;
  readonly broken: readonly string[];
}

/** Refreshes a fleet whose epoch is open already while one process ends at a commit, and goes on. */
async function refresh(crash: (CrashPoint & { readonly node: number }) | null): Promise<Outcome> {
  fleet?.end();
  const running = await startedEpochFleet();
  fleet = running;
  await running.register(version);
  await running.settle();
  running.wire.fate = ({ name }) => (name.startsWith('peer.reshare') ? 'lose' : 'deliver');
  announceRefresh(running);
  await running.advance(2_500);
  if (crash !== null) {
    const { store } = running.machine(crash.node).now;
    store.crashAt = { when: crash.when, commit: store.commits + crash.commit };
  }
  running.wire.fate = () => 'deliver';
  let crashed = false;
  for (let i = 0; i < 16; i++) {
    await running.advance(500);
    for (const { roster, life } of running.machines) {
      if (life !== null) continue;
      crashed = true;
      await running.start(roster.self);
    }
  }
  for (const { life } of running.machines) if (life !== null) life.store.crashAt = null;
  return { crashed, broken: await violations(running) };
}

async function violations(running: MemoryFleet): Promise<readonly string[]> {
  const found = [...contradictions(running.wire), ...forks(running.wire).map((place) => `fork at ${place}`)];
  found.push(...running.wire.failures.map((failure) => `a handler broke: ${String(failure)}`));
  const [first = 1] = ranked;
  const { recordHash: hash, generation } = livingAt(running, first);
  if (generation !== 2) found.push(`generation ${generation}`);
  if (holdersOf(running, hash).length !== 3) found.push(`held by ${holdersOf(running, hash).join()}`);
  if (holdersOf(running, version.hash).length > 0) found.push('an old share is left');
  for (const node of ranked) {
    if (!equal(livingAt(running, node).recordHash, hash)) found.push(`node ${node} lives by another sharing`);
    const share = shareAt(running, node, hash);
    checkShare(nobleGroup, recordAt(running, node, hash), node, { keyShare: share.slice(0, 32), secretShare: share.slice(32) });
  }
  const later = await running.submit(attemptOf('later'));
  if (later.index !== 3) found.push(`the next attempt is number ${later.index}`);
  return found;
}

describe('a refresh', () => {
  it('is whole when nobody ends', async () => expect(await refresh(null)).toEqual({ crashed: false, broken: [] }));

  it.each([
    ['the coordinator', 0, 'before'],
    ['the coordinator', 0, 'after'],
    ['another member', 1, 'before'],
    ['another member', 1, 'after'],
  ] as const)('gives all or nothing when %s (%i) ends %s any commit', async (_who, rank, when) => {
    const broken: string[] = [];
    let crashes = 0;
    for (let commit = 1; ; commit++) {
      const outcome = await refresh({ node: ranked[rank] ?? 1, commit, when });
      broken.push(...outcome.broken.map((violation) => `${when} commit ${commit}: ${violation}`));
      if (!outcome.crashed) break;
      crashes += 1;
    }
    expect(broken).toEqual([]);
    expect(crashes).toBeGreaterThan(2);
  });

  it('reaches a member that lost its new share, by way of a repair', async () => {
    expect((await refresh(null)).broken).toEqual([]);
    if (fleet === null) throw new Error('no fleet');
    const [, second = 2] = ranked;
    const { recordHash: hash } = livingAt(fleet, second);
    const share = shareAt(fleet, second, hash);
    await fleet.machine(second).now.vault.erase(alice, hash);
    await fleet.restart(second);
    await fleet.advance(3_000);
    expect(shareAt(fleet, second, hash)).toEqual(share);
    expect(epochMachine(fleet, second).ready).toBe(true);
  });

  it('is not begun by a node that follows the epoch before', async () => {
    const running = await startedEpochFleet();
    fleet = running;
    await running.register(version);
    const next = refreshedRoster(running);
    const [home = 1, ...others] = running.ranked;
    for (const node of others) epochMachine(running, node).learn(next);
    await running.advance(6_000);
    expect(livingAt(running, home).generation).toBe(0);
    epochMachine(running, home).learn(next);
    await running.advance(12_000);
    expect(livingAt(running, home).generation).toBe(2);
  });
});
