import { bundleCurrent, bundlePublished } from '@strongroom/contracts';
import type { Bus, Stop } from '@strongroom/platform';
import { VaultError } from '@strongroom/protocol';

/** Where notes come from. Nothing in them is believed before it is verified. */
export abstract class BundleFeed {
  /** The newest note, or `null` before the first. @throws FLEET_UNAVAILABLE when the publisher does not answer */
  abstract current(): Promise<string | null>;
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

  onPublished(handler: (note: string) => Promise<void>): Promise<Stop> {
    return this.bus.onEvent(bundlePublished, ({ note }) => handler(note));
  }
}
