import { parseLogValue, type AccountLog, type Bytes } from '@strongroom/protocol';
import type { DecidedSets } from '../log/decided-sets.js';

/**
 * The hash of the sharing that the votes of the attempt at `index` were for, when the record was shared anew behind it:
 * with it a client sees that the record it gets is the one that was voted for (PROTOCOL 7.8). Null when it is the same sharing.
 */
export function votedSharingOf(sets: Pick<DecidedSets, 'at'>, { uid, state }: AccountLog, index: number): Bytes | null {
  const next = state.marks.find((mark) => mark.kind === 'reshare' && mark.index > index && mark.ver === state.active?.ver);
  const set = next === undefined ? null : sets.at(uid, next.index);
  if (set === null) return null;
  const { core } = parseLogValue(set.value, () => true).entry;
  return core.kind === 'reshare' ? core.beforeSharing : null;
}
