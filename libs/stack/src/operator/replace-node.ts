import { fromBase64url, toHex } from '@strongroom/protocol';
import { until } from '../process/until.js';
import { countedShares, epochIn, POLL_MS, serving } from './fleet-progress.js';
import type { BundleView, FleetView, OperatorClient } from './operator-client.js';

export type Replacer = Pick<OperatorClient, 'enrolments' | 'fleets' | 'replaceNode' | 'proposeBundle' | 'bundle' | 'health'>;

export interface NodeReplacement {
  readonly fleetId: string;
  /** Whose place it is, 1 to n. */
  readonly node: number;
  /** Enrolment digest or identity key, in hexadecimal; unless given, the newest enrolled node that no living fleet has. */
  readonly by?: string | undefined;
  /** How long each step may take. */
  readonly timeoutMs: number;
  readonly progress?: (line: string) => void;
}

export interface ReplacedNode {
  readonly fleet: FleetView;
  readonly bundle: BundleView;
  /** Shares that the fleet still rebuilds; null while the new node has not counted them. */
  readonly missingShares: number | null;
}

/**
 * Leads a fleet to its next epoch with a new machine in the place of `node`: the registry records it, publisher and
 * auditor sign it, the nodes close the old epoch and open the new one, shares are rebuilt in the background. Doing it
 * again goes on where it stopped.
 * @throws Error when no node is free, when shares are still missing from the last time (a second replacement before
 * that could lose records), or naming the step that was not reached in time; OperatorRequestError as the gateway refuses
 */
export async function replaceNode(operator: Replacer, plan: NodeReplacement): Promise<ReplacedNode> {
  const { fleetId, node, timeoutMs, progress = () => undefined } = plan;
  const fleets = await operator.fleets();
  const before = fleets.find((fleet) => fleet.fleetId === fleetId);
  if (before === undefined) throw new Error(`there is no fleet ${fleetId}`);
  const member = await newcomer(operator, plan, fleets, before.members[node - 1]);
  if (before.members[node - 1] !== member) {
    const missing = await countedShares(operator, fleetId, timeoutMs);
    if (missing > 0) throw new Error(`fleet ${fleetId} still rebuilds ${missing} shares: replace one node after the other`);
  }
  progress(`node ${node} of fleet ${fleetId} is replaced`);
  const next = await operator.replaceNode(fleetId, node, member);
  const current = await operator.bundle();
  const announced = current !== undefined && epochIn(current, fleetId) >= next.epoch;
  if (!announced) progress('publisher and auditor sign the bundle');
  const bundle = announced ? current : await operator.proposeBundle();
  progress(`waiting for the nodes to open epoch ${next.epoch}`);
  const health = await until(async () => serving(await operator.health(), fleetId, bundle.epoch), {
    what: `fleet ${fleetId} to serve in epoch ${next.epoch}`,
    timeoutMs,
    everyMs: POLL_MS,
  });
  const fleet = (await operator.fleets()).find((each) => each.fleetId === fleetId) ?? next;
  return { fleet, bundle, missingShares: health.missingShares };
}

async function newcomer(
  operator: Replacer,
  { by }: NodeReplacement,
  fleets: readonly FleetView[],
  inPlace: string | undefined,
): Promise<string> {
  const enrolments = await operator.enrolments();
  const named = enrolments.find(({ digest, identityKey }) => digest === by || toHex(fromBase64url(identityKey, 'identityKey')) === by);
  if (by !== undefined) {
    if (named === undefined) throw new Error(`no node enrolled with the statement or identity ${by}`);
    return named.digest;
  }
  const taken = new Set(fleets.filter(({ state }) => state !== 'retired').flatMap(({ members }) => members));
  // By its identity: a member that enrolled anew, with another HPKE key or software, is no free node.
  const members = new Set(enrolments.filter(({ digest }) => taken.has(digest)).map(({ identityKey }) => identityKey));
  const newest = enrolments.map(({ digest }) => digest).at(-1);
  const free = enrolments.filter(({ identityKey }) => !members.has(identityKey)).map(({ digest }) => digest);
  // Sent again after the registry took it: the newest is in that place already.
  const member = newest !== undefined && newest === inPlace ? newest : free.at(-1);
  if (member === undefined) throw new Error('no enrolled node is free: start the new one first');
  return member;
}
