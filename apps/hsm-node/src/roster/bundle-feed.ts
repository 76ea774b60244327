import { bundleConsistency, bundleCurrent, bundlePublished } from '@strongroom/contracts';
import type { Bus, Stop } from '@strongroom/platform';
import { VaultError } from '@strongroom/protocol';
import type { Gap } from '@strongroom/transparency';

/** Where notes come from. Nothing in them is believed before it is verified. */
export abstract class BundleFeed {
  /** The newest note, or `null` before the first. @throws FLEET_UNAVAILABLE when the publisher does not answer */
  abstract current(): Promise<string | null>;
  /** The proof that the log of the bundles only grew between two sizes. @throws NOT_FOUND, FLEET_UNAVAILABLE */
  abstract consistency(gap: Gap): Promise<readonly Uint8Array[]>;
  /** Every note that is published from now on, at most once each. */
  abstract onPublished(handler: (note: string) => Promise<void>): Promise<Stop>;
}

/** The bundle publisher over the bus. */
export class BusBundleFeed extends BundleFeed {
  constructor(private readonly bus: Bus) {
    super();
  }

  async current(): Promise<string | null> {
    try {
      return (await this.bus.call(bundleCurrent, {})).note;
    } catch (error) {
      if (error instanceof VaultError && error.code === 'NOT_FOUND') return null;
      throw error;
    }
  }

  async consistency({ oldSize, newSize }: Gap): Promise<readonly Uint8Array[]> {
    return (await this.bus.call(bundleConsistency, { oldSize, newSize })).proof;
  }

  onPublished(handler: (note: string) => Promise<void>): Promise<Stop> {
    return this.bus.onEvent(bundlePublished, ({ note }) => handler(note));
  }
}
