import { toHex, type FleetRoster } from '@strongroom/protocol';
import { until, type BundleView, type FleetPlan, type OperatorClient } from '@strongroom/stack';
import { bundleFleetOf, bundleNoteOf, parseBundle, parseNote, type AttestedFleet } from '@strongroom/transparency';

const POLL_MS = 100;

/** `sha256:…` of the statement that the bundle names, or `none`. */
export function namedBy(bundle: BundleView | undefined): string {
  const deployment = bundle && parseBundle(parseNote(bundleNoteOf(bundle.note)).text).deployment;
  return deployment ? `sha256:${toHex(deployment)}` : 'none';
}

/** What the nodes' replies are checked against. */
export function rosterOf(fleet: AttestedFleet): FleetRoster {
  const { fleetId, epoch, n, t, q, attempts, members } = bundleFleetOf(fleet);
  return { fleetId, epoch, n, t, q, attempts, members: members.map(({ index, identityKey }) => ({ index, identityKey })) };
}

/** Waits until the gateway hears all nodes of the fleet but so many. People stop and start them, nothing else can. @throws Error naming `what` */
export async function awaitLive(
  { operator, plan }: { readonly operator: Pick<OperatorClient, 'health'>; readonly plan: FleetPlan },
  what: string,
  stopped: number,
): Promise<void> {
  const probe = async (): Promise<true | undefined> => {
    const fleet = (await operator.health()).fleets.find(({ fleetId }) => fleetId === plan.fleetId);
    return fleet && fleet.live === fleet.nodes - stopped ? true : undefined;
  };
  await until(probe, { what, timeoutMs: plan.timeoutMs, everyMs: POLL_MS, signal: plan.signal });
}
