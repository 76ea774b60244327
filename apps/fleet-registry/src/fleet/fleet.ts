import type { fleetCreate, fleetView, RequestOf } from '@strongroom/contracts';
import { invalid, toHex, VaultError } from '@strongroom/protocol';
import { refuseParameters, type Enrolment, type FleetLifecycle } from '@strongroom/transparency';
import type { z } from 'zod';

export type Fleet = Readonly<z.infer<typeof fleetView>>;

/** What an operator asks for, without the token. */
export type FleetRequest = Omit<RequestOf<typeof fleetCreate>, 'operatorToken'>;

/** What the decision about a new fleet looks at. */
export type Surroundings = {
  /** The statements that the request and the living fleets name, by digest. */
  readonly enrolled: ReadonlyMap<string, Enrolment>;
  readonly fleets: readonly Fleet[];
};

/** The closed table of moves. A fleet that was never announced may be given up; nothing ever comes back. */
export const MOVES: Readonly<Record<FleetLifecycle, readonly FleetLifecycle[]>> = {
  forming: ['active', 'retired'],
  active: ['draining'],
  draining: ['retired'],
  retired: [],
};

/**
 * The fleet that the request forms, or the one that it formed before when it is sent again.
 * @throws REQUEST_INVALID naming the field, NOT_FOUND for a member that never enrolled, CONFLICT for a name or a key
 * that another fleet has
 */
export function formFleet(request: FleetRequest, { enrolled, fleets }: Surroundings): Fleet {
  const { fleetId, parameters, members } = request;
  const refused = refuseParameters(parameters);
  if (refused !== undefined) throw invalid('parameters', refused);
  if (members.length !== parameters.n) throw invalid('members', 'must be n');
  const earlier = fleets.find((fleet) => fleet.fleetId === fleetId);
  if (earlier) return sameFleet(earlier, request);
  const keys = members.flatMap((digest) => keysOf(digest, enrolled));
  if (new Set(keys).size !== keys.length) throw invalid('members', 'share a key');
  const taken = new Set(
    fleets.filter(({ state }) => state !== 'retired').flatMap((fleet) => fleet.members.flatMap((digest) => keysOf(digest, enrolled))),
  );
  if (keys.some((key) => taken.has(key))) throw new VaultError('CONFLICT', 'a member belongs to another fleet', { field: 'members' });
  return { fleetId, epoch: 1, state: 'forming', parameters, members: [...members] };
}

/** The fleet after the move; the same object when it is there already. @throws CONFLICT for a move not in the table */
export function moveFleet(fleet: Fleet, state: FleetLifecycle): Fleet {
  if (fleet.state === state) return fleet;
  if (!MOVES[fleet.state].includes(state)) {
    throw new VaultError('CONFLICT', `a fleet that is ${fleet.state} cannot become ${state}`, { field: 'state' });
  }
  return { ...fleet, state };
}

/** Which machine comes into which place. */
export type Replacement = { readonly node: number; readonly member: string };

/**
 * The fleet in its next epoch, which counts once a bundle announces it: until then it is forming again, so that no second
 * epoch follows before the first was signed. The same object when it is there already.
 * @throws REQUEST_INVALID naming the field, NOT_FOUND for a member that never enrolled, CONFLICT for a fleet that is not
 * active and for a key that a living fleet has
 */
export function replaceNode(fleet: Fleet, { node, member }: Replacement, { enrolled, fleets }: Surroundings): Fleet {
  if (node < 1 || node > fleet.parameters.n) throw invalid('node', 'is no node of the fleet');
  if (fleet.members[node - 1] === member) return fleet;
  if (fleet.state !== 'active') throw new VaultError('CONFLICT', `a fleet that is ${fleet.state} replaces nobody`, { field: 'state' });
  const living = fleets.filter(({ state }) => state !== 'retired').flatMap(({ members }) => members);
  const taken = new Set(living.flatMap((digest) => keysOf(digest, enrolled)));
  if (keysOf(member, enrolled).some((key) => taken.has(key)))
    throw new VaultError('CONFLICT', 'the node belongs to a fleet', { field: 'member' });
  const members = fleet.members.map((digest, i) => (i === node - 1 ? member : digest));
  return { ...fleet, epoch: fleet.epoch + 1, state: 'forming', members };
}

/**
 * The fleet in its next epoch with the same machines (PROTOCOL 7.8), forming until a bundle announces it.
 * @throws CONFLICT for a fleet that is not active
 */
export function refreshFleet(fleet: Fleet): Fleet {
  if (fleet.state !== 'active') throw new VaultError('CONFLICT', `a fleet that is ${fleet.state} is not refreshed`, { field: 'state' });
  return { ...fleet, epoch: fleet.epoch + 1, state: 'forming' };
}

function sameFleet(earlier: Fleet, { parameters, members }: FleetRequest): Fleet {
  const { n, t, q, attempts, suite, ksf } = earlier.parameters;
  const same =
    n === parameters.n &&
    t === parameters.t &&
    q === parameters.q &&
    attempts === parameters.attempts &&
    suite === parameters.suite &&
    ksf === parameters.ksf &&
    earlier.members.every((digest, i) => digest === members[i]);
  if (!same) throw new VaultError('CONFLICT', 'a fleet of this name exists', { field: 'fleetId' });
  return earlier;
}

function keysOf(digest: string, enrolled: ReadonlyMap<string, Enrolment>): readonly string[] {
  const enrolment = enrolled.get(digest);
  if (!enrolment) throw new VaultError('NOT_FOUND', 'a member has not enrolled', { field: 'members' });
  return [toHex(enrolment.identityKey), toHex(enrolment.hpkeKey)];
}
