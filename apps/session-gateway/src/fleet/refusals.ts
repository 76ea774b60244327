import { VaultError, type ErrorCode } from '@strongroom/protocol';

/** What a node says no with. Everything else (unreachable, too few peers, broken inside) says nothing about the request. */
const REFUSING: ReadonlySet<ErrorCode> = new Set([
  'RECORD_LOCKED',
  'RECORD_UNKNOWN',
  'RATE_LIMITED',
  'TOKEN_INVALID',
  'REQUEST_INVALID',
  'CONFLICT',
  'FORBIDDEN',
  'NOT_FOUND',
]);

/** How many nodes must say the same: one lying node cannot refuse for the fleet. */
const AGREEMENT = 2;

/**
 * The refusals of one request. A refusal is passed on once two nodes agree on its code, or when nobody is left who could
 * accept: then the most frequent one, the earlier on a tie.
 */
export class Refusals {
  private readonly byCode = new Map<ErrorCode, { readonly nodes: Set<number>; error: VaultError }>();

  add(node: number, error: VaultError): void {
    if (!REFUSING.has(error.code)) return;
    const known = this.byCode.get(error.code);
    if (known === undefined) this.byCode.set(error.code, { nodes: new Set([node]), error });
    else {
      known.nodes.add(node);
      known.error = earlierReturn(known.error, error);
    }
  }

  /** The refusal that two nodes agree on. */
  agreed(): VaultError | undefined {
    for (const { nodes, error } of this.byCode.values()) if (nodes.size >= AGREEMENT) return error;
    return undefined;
  }

  /** What to say when no node accepted and none is left to ask: a refusal, else FLEET_UNAVAILABLE. */
  final(): VaultError {
    let most: { readonly nodes: ReadonlySet<number>; readonly error: VaultError } | undefined;
    for (const candidate of this.byCode.values()) {
      if (most === undefined || candidate.nodes.size > most.nodes.size) most = candidate;
    }
    return most?.error ?? fleetUnavailable();
  }
}

export function fleetUnavailable(): VaultError {
  return new VaultError('FLEET_UNAVAILABLE', 'too few nodes of the fleet answer');
}

/** Of two times to come back the earlier: a lie can only send the client back too soon, never away for ever. */
function earlierReturn(a: VaultError, b: VaultError): VaultError {
  const timeOf = (error: VaultError): number => {
    const time = error.metadata['retryAtMs'];
    return typeof time === 'number' ? time : Number.POSITIVE_INFINITY;
  };
  return timeOf(b) < timeOf(a) ? b : a;
}
