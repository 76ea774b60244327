import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { versionOf, type Version } from './account.fixture.js';
import { CrashRun, type Crash } from './crash-run.fixture.js';
import { holdTime, MemoryFleet } from './memory-fleet.fixture.js';

let version: Version;
let ranked: readonly number[];
beforeAll(async () => {
  const fleet = await MemoryFleet.create();
  ranked = fleet.ranked;
  version = await versionOf(fleet.roster, 1);
});
beforeEach(holdTime);

let run: CrashRun | null = null;
afterEach(() => run?.fleet.end());

async function violationsOf(crash: Crash | null): Promise<readonly string[]> {
  run?.fleet.end();
  run = await CrashRun.of(version, crash);
  return run.violations();
}

/** Ends the process at its first commit, its second, and so on, until the script makes no more. */
async function crashEverywhere(
  node: number,
  when: Crash['when'],
): Promise<{ readonly crashes: number; readonly broken: readonly string[] }> {
  const broken: string[] = [];
  for (let commit = 1; ; commit++) {
    const violations = await violationsOf({ node, commit, when });
    broken.push(...violations.map((violation) => `${when} commit ${commit}: ${violation}`));
    if (run?.crashed !== true) return { crashes: commit - 1, broken };
  }
}

describe('a script of registration, attempts and confirmation', () => {
  it('goes through on a fleet that nothing happens to', async () => {
    expect(await violationsOf(null)).toEqual([]);
  });

  it.each([
    ['home node', 0, 'before'],
    ['home node', 0, 'after'],
    ['next node', 1, 'before'],
    ['next node', 1, 'after'],
  ] as const)('loses and contradicts nothing when the %s (%i) ends %s any commit', async (_role, rank, when) => {
    const { crashes, broken } = await crashEverywhere(ranked[rank] ?? 1, when);
    expect(broken).toEqual([]);
    expect(crashes).toBeGreaterThan(10);
  });
});
