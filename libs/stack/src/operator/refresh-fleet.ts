import { until } from '../process/until.js';
import { countedShares, epochIn, healthOf, POLL_MS, serving, type FleetHealth } from './fleet-progress.js';
import type { BundleView, FleetView, OperatorClient } from './operator-client.js';

export type Refresher = Pick<OperatorClient, 'fleets' | 'refreshFleet' | 'proposeBundle' | 'bundle' | 'health'>;

export interface FleetRefresh {
  readonly fleetId: string;
  /** How long each step may take, and how long the nodes may go without reaching one more version. */
  readonly timeoutMs: number;
  /** Says what would be done and changes nothing. */
  readonly dryRun?: boolean;
  readonly progress?: (line: string) => void;
}

export interface RefreshedFleet {
  readonly fleet: FleetView;
  /** Undefined after a dry run. */
  readonly bundle: BundleView | undefined;
  /** Versions that are still to be shared anew: 0 unless it was a dry run. */
  readonly staleShares: number | null;
}

/**
 * Has a fleet make all its shares anew (PROTOCOL 7.8): the registry records the next epoch with the same machines,
 * publisher and auditor sign it, the nodes go over to it and share one version after the other. Done again it goes on
 * where it stopped; the nodes go on in any case.
 * @throws Error when a node is down or lacks shares (all members are needed), or naming the step that was not reached in
 * time; OperatorRequestError as the gateway refuses
 */
export async function refreshFleet(operator: Refresher, plan: FleetRefresh): Promise<RefreshedFleet> {
  const { fleetId, timeoutMs, dryRun = false, progress = () => undefined } = plan;
  const before = (await operator.fleets()).find((fleet) => fleet.fleetId === fleetId);
  if (before === undefined) throw new Error(`there is no fleet ${fleetId}`);
  const health = healthOf(await operator.health(), fleetId);
  const goesOn = before.state === 'forming' || (health?.staleShares ?? 0) > 0;
  if (!goesOn) await requireWhole(operator, plan, health);
  if (dryRun) {
    progress(
      goesOn ? `fleet ${fleetId} is in the middle of a change: it would go on` : `fleet ${fleetId} would go to epoch ${before.epoch + 1}`,
    );
    return { fleet: before, bundle: undefined, staleShares: health?.staleShares ?? null };
  }
  if (goesOn) progress(`fleet ${fleetId} is in the middle of a change: going on`);
  const next = goesOn ? before : await operator.refreshFleet(fleetId);
  const current = await operator.bundle();
  const announced = current !== undefined && epochIn(current, fleetId) >= next.epoch;
  if (!announced) progress('publisher and auditor sign the bundle');
  const bundle = announced ? current : await operator.proposeBundle();
  progress(`waiting for the nodes to open epoch ${next.epoch}`);
  const isOpen = async (): Promise<FleetHealth | undefined> => serving(await operator.health(), fleetId, bundle.epoch);
  await until(isOpen, { what: `fleet ${fleetId} to serve in epoch ${next.epoch}`, timeoutMs, everyMs: POLL_MS });
  await allShared(operator, plan, progress);
  const fleet = (await operator.fleets()).find((each) => each.fleetId === fleetId) ?? next;
  return { fleet, bundle, staleShares: 0 };
}

/** A sharing needs every member, and each needs the share that it has. */
async function requireWhole(operator: Refresher, { fleetId, timeoutMs }: FleetRefresh, health: FleetHealth | undefined): Promise<void> {
  const { live = 0, nodes = 0 } = health ?? {};
  if (live === 0 || live < nodes) throw new Error(`${live} of ${nodes} nodes of fleet ${fleetId} are live: a refresh needs all of them`);
  const missing = await countedShares(operator, fleetId, timeoutMs);
  if (missing > 0) throw new Error(`fleet ${fleetId} still rebuilds ${missing} shares: refresh it when they are there`);
}

/** Ends when no version is left; the clock begins anew with each one that was reached. */
async function allShared(operator: Refresher, { fleetId, timeoutMs }: FleetRefresh, progress: (line: string) => void): Promise<void> {
  for (let left = Infinity; left > 0;) {
    const fewer = async (): Promise<{ readonly stale: number } | undefined> => {
      const stale = healthOf(await operator.health(), fleetId)?.staleShares ?? null;
      return stale !== null && stale < left ? { stale } : undefined;
    };
    const what =
      left === Infinity
        ? 'the nodes to count what is to be shared anew'
        : `fleet ${fleetId} to share ${left} versions anew (the nodes go on)`;
    left = (await until(fewer, { what, timeoutMs, everyMs: POLL_MS })).stale;
    if (left > 0) progress(`${left} versions are to be shared anew`);
  }
}
