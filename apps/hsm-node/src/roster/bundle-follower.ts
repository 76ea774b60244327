import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import type { Log, Stop } from '@strongroom/platform';
import { VaultError } from '@strongroom/protocol';
import type { BundleFeed } from './bundle-feed.js';
import type { BundleRosterSource } from './bundle-roster-source.js';
import { growing, pauseUntil, type Pause } from './pause.js';

const FIRST_MS = 500;
const LAST_MS = 15_000;
/** An event arrives at most once, so a node in its fleet still asks now and then. */
const SETTLED_MS = 60_000;

/** Brings every note that appears to the roster source: by event when it comes, by asking until there is a fleet. */
export class BundleFollower implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly ending = new AbortController();
  private readonly stops: Stop[] = [];

  constructor(
    private readonly source: BundleRosterSource,
    private readonly feed: BundleFeed,
    private readonly log: Log,
    private readonly pause: Pause = pauseUntil(this.ending.signal),
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.stops.push(await this.feed.onPublished((note) => this.offer(note)));
    void this.follow();
  }

  async onApplicationShutdown(): Promise<void> {
    this.ending.abort();
    await Promise.all(this.stops.map((stop) => stop()));
  }

  /** Asks until shutdown. */
  async follow(): Promise<void> {
    const delays = growing(FIRST_MS, LAST_MS);
    while (!this.ending.signal.aborted) {
      await this.ask();
      await this.pause(this.source.current() === null ? delays.next().value : SETTLED_MS);
    }
  }

  private async ask(): Promise<void> {
    try {
      const note = await this.feed.current();
      if (note !== null) await this.offer(note);
    } catch (error) {
      this.log.warn({ event: 'roster.publisher-away', reason: reasonOf(error) });
    }
  }

  private async offer(note: string): Promise<void> {
    try {
      await this.source.accept(note, (gap) => this.feed.consistency(gap));
    } catch (error) {
      const check = error instanceof VaultError ? error.metadata['check'] : undefined;
      this.log.warn({ event: 'roster.bundle-refused', reason: reasonOf(error), check });
    }
  }
}

function reasonOf(error: unknown): string {
  return error instanceof VaultError ? error.code : String(error);
}
