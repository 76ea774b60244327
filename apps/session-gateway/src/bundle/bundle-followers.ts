import { BundleFollower } from './bundle.service.js';
import type { CurrentBundle } from './fleet-directory.js';

/** Several that depend on the fleets in force, told one after the other. */
export class BundleFollowers extends BundleFollower {
  constructor(private readonly followers: readonly BundleFollower[]) {
    super();
  }

  override async follow(bundle: CurrentBundle): Promise<void> {
    for (const follower of this.followers) await follower.follow(bundle);
  }
}
