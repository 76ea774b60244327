import type { peerStatePage } from '@strongroom/contracts';
import {
  compareBallots,
  equal,
  firstRound,
  isLeap,
  logValueHash,
  memberKey,
  openEarlierVote,
  parseLogValue,
  VaultError,
  type Ballot,
  type FleetRoster,
  type SignatureVerifier,
} from '@strongroom/protocol';
import type { z } from 'zod';

export type AccountSummary = z.output<typeof peerStatePage>['accounts'][number];

/**
 * Checks what a peer says of an account's open index before any of it is taken over: a value only with its proposer's
 * own signed vote for it, and no ballot so high that nobody could ever go above it. The peer may lie; q others do not.
 * @param own the highest ballot that this node remembers there
 * @throws NODE_MISBEHAVED, or REQUEST_INVALID when the value cannot be read
 */
export function requireBelievable(
  { uid, index, promised, accepted }: AccountSummary,
  own: Ballot | null,
  roster: FleetRoster,
  verifier: SignatureVerifier,
): void {
  if (promised !== null) {
    memberKey(roster, promised.node);
    if (isLeap(Math.max(own?.round ?? 0, firstRound(roster.epoch)), promised.round))
      throw new VaultError('NODE_MISBEHAVED', 'the peer reports a promise far above any other');
  }
  if (accepted === null) return;
  const vote = accepted.proposal === null ? null : openEarlierVote(accepted.proposal, roster, verifier).head;
  const { entry } = parseLogValue(accepted.value);
  const holds =
    vote !== null &&
    vote.node === accepted.ballot.node &&
    vote.index === index + 1 &&
    equal(vote.uid, uid) &&
    equal(entry.core.uid, uid) &&
    compareBallots(vote.ballot, accepted.ballot) === 0 &&
    equal(vote.valueHash, accepted.valueHash) &&
    equal(logValueHash(accepted.value), accepted.valueHash);
  if (!holds) throw new VaultError('NODE_MISBEHAVED', 'the peer reports an accepted value without its proposal');
}
