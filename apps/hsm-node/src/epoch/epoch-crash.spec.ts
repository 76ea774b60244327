import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { entryId, equal, type DecidedSet } from '@strongroom/protocol';
import { alice, attemptOf, confirmationOf, versionOf, type Version } from '../node/account.fixture.js';
import { holdTime, MemoryFleet } from '../node/memory-fleet.fixture.js';
import type { CrashPoint } from '../node/mortal-disk.fixture.js';
import { contradictions, forks } from '../node/spoken-watch.fixture.js';
import { epochMachine, nextEpoch, startedEpochFleet } from './epoch-fleet.fixture.js';

let version: Version;
let fleet: MemoryFleet | null = null;
let ranked: readonly number[];
beforeAll(async () => {
  const example = await MemoryFleet.create({ n: 5, t: 3, q: 3 });
  ranked = example.ranked;
  version = await versionOf(example.roster, 1);
});
beforeEach(holdTime);
afterEach(() => fleet?.end());

type Crash = CrashPoint & { readonly node: number };

interface Outcome {
  readonly crashed: boolean;
  readonly broken: readonly string[];
}

async function restartTheDead(running: MemoryFleet): Promise<boolean> {
  const dead = running.machines.filter(({ life }) => life === null);
  for (const { roster } of dead) await running.start(roster.self);
  return dead.length > 0;
}

/** Counts two attempts, confirms one, replaces the last node while another process ends at a commit, and goes on. */
async function change(crash: Crash | null): Promise<Outcome> {
  fleet?.end();
  const running = await startedEpochFleet({ n: 5, t: 3, q: 3 });
  fleet = running;
  await running.register(version);
  const right = await running.submit(attemptOf('right'));
  for (const node of running.ranked) await running.confirm(confirmationOf(right), node);
  const wrong = await running.submit(attemptOf('wrong'));
  const gone = ranked[4] ?? 5;
  const next = nextEpoch(running, gone);
  await running.start(gone);
  if (crash !== null) {
    const { store } = running.machine(crash.node).now;
    store.crashAt = { when: crash.when, commit: store.commits + crash.commit };
  }
  for (const node of ranked.slice(0, 4)) epochMachine(running, node).learn(next);
  let crashed = false;
  for (let i = 0; i < 20; i++) {
    await running.advance(500);
    crashed = (await restartTheDead(running)) || crashed;
  }
  // Only the change is to be cut short.
  for (const { life } of running.machines) if (life !== null) life.store.crashAt = null;
  return { crashed, broken: await violations(running, [right, wrong]) };
}

async function violations(running: MemoryFleet, acknowledged: readonly DecidedSet[]): Promise<readonly string[]> {
  const found = [...contradictions(running.wire), ...forks(running.wire).map((place) => `fork at ${place}`)];
  found.push(...running.wire.failures.map((failure) => `a handler broke: ${String(failure)}`));
  for (const { roster } of running.machines) {
    const { self } = roster;
    if (!epochMachine(running, self).ready) {
      found.push(`node ${self} is in no epoch`);
      continue;
    }
    const { state, confirmation } = running.account(self);
    if (state.index !== 3) found.push(`node ${self} is at index ${state.index}`);
    if (confirmation?.index !== acknowledged[0]?.index) found.push(`node ${self} forgot the confirmation`);
    if (!running.machine(self).now.vault.holds(alice, version.hash)) found.push(`node ${self} has no share`);
  }
  const later = await running.submit(attemptOf('later'));
  const mark = running.account(ranked[0] ?? 1).state.marks.find(({ id }) => equal(id, entryId(attemptOf('later').core)));
  if (later.index !== 4 || mark?.index !== 4) found.push(`the next attempt is number ${later.index}`);
  return found;
}

describe('an epoch change', () => {
  it('keeps everything when nobody ends', async () => expect(await change(null)).toEqual({ crashed: false, broken: [] }));

  it.each([
    ['a staying node', 0, 'before'],
    ['a staying node', 1, 'after'],
    ['the new node', 4, 'before'],
  ] as const)('loses and contradicts nothing when %s (%i) ends %s any commit', async (_who, rank, when) => {
    const broken: string[] = [];
    let crashes = 0;
    for (let commit = 1; ; commit++) {
      const outcome = await change({ node: ranked[rank] ?? 1, commit, when });
      broken.push(...outcome.broken.map((violation) => `${when} commit ${commit}: ${violation}`));
      if (!outcome.crashed) break;
      crashes += 1;
    }
    expect(broken).toEqual([]);
    expect(crashes).toBeGreaterThan(2);
  });
});
