import { equal } from '../encoding/bytes.js';
import type { ReshareCore } from '../entry/entry-core.js';
import { isHeldByAll } from '../entry/reshare-statement.js';
import { VaultError } from '../errors/protocol-error.js';
import type { SignatureVerifier } from '../keys/signature.js';
import type { FleetRoster } from '../roster/fleet-roster.js';
import type { AccountState } from './account-state.js';

export interface ReshareContext {
  readonly roster: FleetRoster;
  readonly verifier: SignatureVerifier;
  readonly freeChoice: boolean;
}

/**
 * Whether a living version may go over to another sharing (PROTOCOL 7.8). Every member has checked its own share and the
 * commitments before it signed for it: a voter needs no share of its own to judge that, so a value that promises demand
 * can be voted for by whoever is up (I8).
 * @param state settled @param index at which the entry is proposed @param isLocked by the value's own lastOk
 */
export function judgeReshare(
  state: AccountState,
  core: ReshareCore,
  index: number,
  isLocked: boolean,
  { roster, verifier, freeChoice }: ReshareContext,
): VaultError | null {
  const living = [state.active, state.pending?.version ?? null];
  const version = living.find((one) => one !== null && equal(one.recordHash, core.before));
  if (version === undefined || version === null) return new VaultError('RECORD_UNKNOWN', 'no living version has that sharing');
  if (version.ver !== core.ver) return new VaultError('RECORD_UNKNOWN', 'the sharing is of another version', { ver: version.ver });
  // What is locked may be erased somewhere already: nothing of it is made anew (I6).
  if (isLocked && version === state.active) return new VaultError('RECORD_LOCKED', 'no attempt is left', { attemptsLeft: 0 });
  // Whoever holds a new share keeps it for this place alone.
  if (core.index !== index) return new VaultError('CONFLICT', 'the sharing was made for another place of the log', { index: core.index });
  if (core.epoch <= version.generation) return new VaultError('CONFLICT', 'the version was shared anew in that epoch already');
  if (freeChoice && core.epoch !== roster.epoch) return new VaultError('CONFLICT', 'the sharing was made in another epoch');
  const made = [roster, ...(roster.earlier ?? [])].find(({ epoch }) => epoch === core.epoch);
  if (made === undefined || !isHeldByAll(core, made, verifier))
    return new VaultError('REQUEST_INVALID', 'not every member signed for its share', { field: 'held' });
  return null;
}
