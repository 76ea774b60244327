import { VaultError } from '@strongroom/protocol';
import { bundleNoteOf, parseBundle, parseNote } from '@strongroom/transparency';
import { describeParameters, PROFILES, requireParameters, sameParameters } from '../fleet/profile.js';
import { until } from '../process/until.js';
import { POLL_MS } from './fleet-progress.js';
import type { BundleView, FleetRequest, FleetView, GatewayHealth, Operator } from './operator-client.js';

export interface FleetPlan {
  readonly fleetId: string;
  /** Unless given those that the fleet has, and the standard profile for a new one. */
  readonly parameters?: FleetRequest['parameters'] | undefined;
  /**
   * Enrolment digests in the order of the node index. Unless given, the newest n enrolled nodes that no living fleet has,
   * oldest of them first.
   */
  readonly members?: readonly string[];
  /** How long each step may take. */
  readonly timeoutMs: number;
  /** Unix milliseconds, to tell a bundle that is about to expire. */
  readonly nowMs: number;
  readonly progress?: (line: string) => void;
  /** Breaks the waits off. */
  readonly signal?: AbortSignal | undefined;
}

export interface DeployedFleet {
  readonly fleet: FleetView;
  readonly bundle: BundleView;
}

/** A bundle with less than this left is renewed. */
const RENEW_BEFORE_MS = 3 * 86_400_000;

/**
 * Leads a fleet to a published bundle and to nodes that serve: waits for its members to enrol, forms it, has publisher
 * and auditor sign, waits until every node is heard. Doing it again for a deployed fleet changes nothing, except that a
 * bundle about to expire is renewed.
 * @throws REQUEST_INVALID for parameters that break a rule, CONFLICT when the fleet has others, Error naming the step that
 * was not reached in time, or OperatorRequestError as the gateway refuses
 */
export async function deployFleet(operator: Operator, plan: FleetPlan): Promise<DeployedFleet> {
  const { fleetId, parameters, timeoutMs, signal, progress = () => undefined } = plan;
  if (parameters !== undefined) requireParameters(parameters);
  await until(() => answering(operator), { what: 'the gateway', timeoutMs, everyMs: POLL_MS, signal });
  const fleets = await operator.fleets();
  await formed(operator, plan, fleets);
  const bundle = await announced(operator, plan, progress);
  progress('waiting for every node to serve');
  await until(async () => servesWhole(await operator.health(), fleetId, bundle.epoch), {
    what: `every node of fleet ${fleetId} to serve`,
    timeoutMs,
    everyMs: POLL_MS,
    signal,
  });
  const fleet = (await operator.fleets()).find((each) => each.fleetId === fleetId);
  if (fleet === undefined) throw new Error(`the registry lost fleet ${fleetId}`);
  return { fleet, bundle };
}

/** The fleet as the registry has it, formed now if it is new. @throws as `deployFleet` says */
export async function formed(
  operator: Pick<Operator, 'enrolments' | 'createFleet'>,
  plan: FleetPlan,
  fleets: readonly FleetView[],
): Promise<FleetView> {
  const earlier = fleets.find((each) => each.fleetId === plan.fleetId);
  if (earlier === undefined) return form(operator, plan, fleets);
  refuseOther(earlier, plan);
  return earlier;
}

/** Deploying again moves no parameter: a guess limit that was announced is what people rely on. */
function refuseOther({ parameters: kept }: FleetView, { fleetId, parameters: asked = kept }: FleetPlan): void {
  if (sameParameters(kept, asked)) return;
  const [has, wants] = [kept, asked].map((each) => `${describeParameters(each)} (${each.ksf})`);
  throw new VaultError('CONFLICT', `fleet ${fleetId} exists with ${has}, not with ${wants}: deploy another beside it`, {
    field: 'fleetId',
  });
}

async function form(
  operator: Pick<Operator, 'enrolments' | 'createFleet'>,
  { fleetId, parameters = PROFILES.standard, members, timeoutMs, signal, progress = () => undefined }: FleetPlan,
  fleets: readonly FleetView[],
): Promise<FleetView> {
  const { n } = parameters;
  const taken = new Set(fleets.filter(({ state }) => state !== 'retired').flatMap((fleet) => fleet.members));
  const digests = await until(
    async () => {
      const enrolled = (await operator.enrolments()).map(({ digest }) => digest);
      if (members !== undefined) return members.every((digest) => enrolled.includes(digest)) ? members : undefined;
      const free = enrolled.filter((digest) => !taken.has(digest));
      return free.length < n ? undefined : free.slice(-n);
    },
    { what: `${n} nodes to enrol`, timeoutMs, everyMs: POLL_MS, signal },
  );
  progress(`forming fleet ${fleetId} of ${n} nodes`);
  return operator.createFleet({ fleetId, parameters, members: [...digests] });
}

async function announced(operator: Operator, plan: FleetPlan, progress: (line: string) => void): Promise<BundleView> {
  const current = await operator.bundle();
  if (current && lists(current, plan)) return current;
  progress('publisher and auditor sign the bundle');
  return operator.proposeBundle();
}

function lists({ note }: BundleView, { fleetId, nowMs }: FleetPlan): boolean {
  const { fleets, expiresAt } = parseBundle(parseNote(bundleNoteOf(note)).text);
  const isListed = fleets.some((fleet) => fleet.fleetId === fleetId && fleet.state === 'active');
  return isListed && expiresAt * 1000 - nowMs > RENEW_BEFORE_MS;
}

async function answering(operator: Operator): Promise<true | undefined> {
  return (await operator.health()).status === 'ok' ? true : undefined;
}

function servesWhole({ status, bundleEpoch, fleets }: GatewayHealth, fleetId: string, epoch: number): true | undefined {
  const fleet = fleets.find((each) => each.fleetId === fleetId);
  return status === 'ok' && bundleEpoch >= epoch && fleet !== undefined && fleet.live === fleet.nodes ? true : undefined;
}
