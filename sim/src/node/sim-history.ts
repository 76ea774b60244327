import { RosterHistory } from '../../../apps/hsm-node/dist/roster/roster-history.js';
import { VaultError, type FleetRoster } from '@strongroom/protocol';

const NOTE = 'the fleet in epoch ';

/** What a machine knows of the fleet's epochs: bundles that it accepted itself, and those that peers handed it. */
export class SimHistory extends RosterHistory {
  private readonly known = new Set<number>();

  /** @param signed the fleet in each epoch that both signers have signed; nobody can make up another */
  constructor(private readonly signed: (epoch: number) => FleetRoster | null) {
    super();
  }

  know(epoch: number): void {
    this.known.add(epoch);
  }

  roster(_fleetId: string, epoch: number): FleetRoster | null {
    return this.known.has(epoch) ? this.signed(epoch) : null;
  }

  note(_fleetId: string, epoch: number): string | null {
    return this.known.has(epoch) ? `${NOTE}${epoch}` : null;
  }

  take(_fleetId: string, epoch: number, note: string): Promise<void> {
    if (note !== `${NOTE}${epoch}` || this.signed(epoch) === null)
      return Promise.reject(new VaultError('BUNDLE_INVALID', 'not the bundle of that epoch'));
    this.know(epoch);
    return Promise.resolve();
  }
}
