import { describe, expect, it } from '@jest/globals';
import { SILENT_LOG } from '@strongroom/platform';
import { VaultError } from '@strongroom/protocol';
import { MemoryNodeStore } from '../storage/memory-node-store.js';
import { BundleFeed } from './bundle-feed.js';
import { BundleFollower } from './bundle-follower.js';
import { BundleRosterSource } from './bundle-roster-source.js';
import { fleetOf, newKeystore, NOW_MS, publish, trustRoot } from './bundle.fixture.js';

const self = newKeystore();
const { note } = publish([fleetOf([self, newKeystore(), newKeystore()])]);

/** Answers what the test lines up, then the last of it again. */
class FakeFeed extends BundleFeed {
  handler: (note: string) => Promise<void> = () => Promise.resolve();
  constructor(private readonly answers: (string | null | Error)[]) {
    super();
  }
  current(): Promise<string | null> {
    const answer = this.answers.length > 1 ? this.answers.shift() : this.answers[0];
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer ?? null);
  }
  consistency(): Promise<readonly Uint8Array[]> {
    return Promise.reject(new Error('no log here'));
  }
  onPublished(handler: (note: string) => Promise<void>): Promise<() => Promise<void>> {
    this.handler = handler;
    return Promise.resolve(() => Promise.resolve());
  }
}

function follow(feed: FakeFeed): { readonly source: BundleRosterSource; readonly pauses: number[]; readonly done: Promise<void> } {
  const parts = {
    store: new MemoryNodeStore(),
    keystore: self,
    trustRoot,
    allowBenchSuite: false,
    clock: { nowMs: () => NOW_MS },
    log: SILENT_LOG,
  };
  const source = BundleRosterSource.open(parts);
  const pauses: number[] = [];
  const done = new Promise<void>((resolve) => {
    const follower: BundleFollower = new BundleFollower(source, feed, SILENT_LOG, async (ms) => {
      pauses.push(ms);
      if (pauses.length === 8) {
        await follower.onApplicationShutdown();
        resolve();
      }
    });
    void follower.onApplicationBootstrap();
  });
  return { source, pauses, done };
}

describe('following the publisher', () => {
  it('asks ever more slowly while it is away or has no bundle, and seldom once there is a fleet', async () => {
    const away = new VaultError('FLEET_UNAVAILABLE', 'away');
    const { source, pauses, done } = follow(new FakeFeed([away, null, away, 'not a bundle', null, null, note]));
    await done;
    expect(source.current()?.self).toBe(1);
    expect(pauses).toEqual([500, 1_000, 2_000, 4_000, 8_000, 15_000, 60_000, 60_000]);
  });

  it('takes a bundle that is announced, and outlives one that is refused', async () => {
    const feed = new FakeFeed([null]);
    const { source, done } = follow(feed);
    await done;
    await feed.handler('not a bundle');
    expect(source.current()).toBeNull();
    await feed.handler(note);
    expect(source.current()?.self).toBe(1);
  });
});
