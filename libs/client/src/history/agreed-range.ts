import { findQuorum, type HistoryStatement } from '@strongroom/protocol';
import type { CheckedPage } from './checked-page.js';

/** From which number to which q nodes that count together tell. @param newest pages of the first question */
export function agreedRange(newest: readonly CheckedPage[], q: number): { readonly oldest: number; readonly newest: number } | undefined {
  const agree = (holds: (head: HistoryStatement) => boolean): boolean =>
    findQuorum(
      newest.filter(({ head }) => holds(head)),
      q,
    ) !== null;
  const top = highest(
    newest.map(({ head }) => head.index),
    (at) => agree(({ index }) => index >= at),
  );
  const low = highest(
    newest.map(({ head }) => -head.from),
    (at) => agree(({ from }) => from <= -at),
  );
  return top === undefined || low === undefined ? undefined : { newest: top, oldest: -low };
}

function highest(candidates: readonly number[], holds: (candidate: number) => boolean): number | undefined {
  return [...candidates].sort((a, b) => b - a).find(holds);
}

/** q nodes hold nothing at this number, any more or yet: then what others say of it is too old, too new, or made up. */
export function isAgreedAbsent(number: number, pages: readonly CheckedPage[], q: number): boolean {
  return (
    findQuorum(
      pages.filter(({ head }) => head.from > number || head.index < number),
      q,
    ) !== null
  );
}
