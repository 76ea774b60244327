import { invalid } from '@strongroom/protocol';
import { isSubjectToken } from './names.js';

export interface ContractName {
  /** The service that serves or emits it, as in `hsm-node`. */
  readonly owner: string;
  readonly capability: string;
  readonly verb: string;
  readonly version: number;
}

interface Addressable {
  readonly subject: string;
  readonly addressed: boolean;
}

/** `strongroom.<family>.<owner>.<capability>.<verb>.v<version>`. @throws TypeError when a part is not a subject token */
export function baseSubject(family: 'rpc' | 'evt', name: ContractName): string {
  for (const part of [name.owner, name.capability, name.verb]) {
    if (!isSubjectToken(part)) throw new TypeError(`${part} is not a subject token`);
  }
  if (!Number.isInteger(name.version) || name.version < 1) throw new TypeError('version must be 1 or more');
  return `strongroom.${family}.${name.owner}.${name.capability}.${name.verb}.v${name.version}`;
}

/**
 * The subject that a message of `contract` travels on. `token` names the node (`<fleetId>-<i>`) of an addressed call
 * or the fleet of a broadcast, and is given for those alone.
 * @throws REQUEST_INVALID naming `token` when it is missing, superfluous or not one plain token
 */
export function subjectOf(contract: Addressable, token?: string): string {
  if (!contract.addressed) {
    if (token !== undefined) throw invalid('token', `${contract.subject} takes none`);
    return contract.subject;
  }
  if (token === undefined || !isSubjectToken(token)) throw invalid('token', `${contract.subject} needs one plain token`);
  return `${contract.subject}.${token}`;
}
