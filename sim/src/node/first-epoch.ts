import { RosterHistory } from '../../../apps/hsm-node/dist/roster/roster-history.js';
import { VaultError, type FleetRoster } from '@strongroom/protocol';

/** Simulated fleets stay in their first epoch: there is no earlier one to know. */
export class FirstEpoch extends RosterHistory {
  roster(): FleetRoster | null {
    return null;
  }

  note(): string | null {
    return null;
  }

  take(): Promise<void> {
    return Promise.reject(new VaultError('BUNDLE_INVALID', 'a simulated fleet has one epoch'));
  }
}
