import { allContracts } from '../generate/all-contracts.js';
import { BUS_USERS, inboxPrefix, type BusUser } from './bus-user.js';
import { USES, type UsedContract } from './uses.js';

/** What the server lets a user do: subjects with wildcards. */
export interface BusPermissions {
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
  /** Whether it may answer, once and in time, whoever asked it. */
  readonly answers: boolean;
}

const EVENTS = 'strongroom.evt.>';

/** What follows for `user` from the contracts that it owns and uses. */
export function permissionsOf(user: BusUser): BusPermissions {
  const own = allContracts().filter(({ owner }) => owner === user);
  const served = own.filter(({ kind }) => kind === 'rpc');
  const told = own.filter(({ kind }) => kind !== 'rpc');
  const { calls, hears, server = [] } = USES[user];
  return {
    publish: [...server, ...subjects([...told, ...calls])],
    subscribe: [
      ...(user === 'observer' ? [EVENTS] : []),
      ...(calls.length + server.length > 0 ? [`${inboxPrefix(user)}.>`] : []),
      ...subjects([...served, ...hears]),
    ],
    answers: served.length > 0,
  };
}

/** Who may call a contract. */
export function callersOf(contract: UsedContract): readonly BusUser[] {
  return BUS_USERS.filter((user) => USES[user].calls.some(({ subject }) => subject === contract.subject));
}

function subjects(contracts: readonly UsedContract[]): readonly string[] {
  return [...new Set(contracts.map(({ subject, addressed }) => (addressed ? `${subject}.*` : subject)))].sort();
}
