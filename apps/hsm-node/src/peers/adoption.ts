import type { peerStatePage } from '@strongroom/contracts';
import {
  firstRound,
  isLeap,
  memberKey,
  openAccepted,
  VaultError,
  type Ballot,
  type FleetRoster,
  type PeerReport,
  type SignatureVerifier,
} from '@strongroom/protocol';
import type { z } from 'zod';

export type AccountSummary = z.output<typeof peerStatePage>['accounts'][number];

/**
 * Checks what a peer says of an account's open index before any of it is taken over: a value only with its proposer's
 * own signed vote for it, and no ballot so high that nobody could ever go above it. The peer may lie; q others do not.
 * @param own the highest ballot that this node remembers there
 * @returns what it says it accepted, to be weighed with the reports of the others; null for nothing
 * @throws NODE_MISBEHAVED, or REQUEST_INVALID when the value cannot be read
 */
export function openSummary(
  { uid, index, promised, accepted }: AccountSummary,
  answerer: number,
  own: Ballot | null,
  roster: FleetRoster,
  verifier: SignatureVerifier,
): PeerReport | null {
  if (promised !== null) {
    memberKey(roster, promised.node);
    if (isLeap(Math.max(own?.round ?? 0, firstRound(roster.epoch)), promised.round))
      throw new VaultError('NODE_MISBEHAVED', 'the peer reports a promise far above any other');
  }
  return accepted === null ? null : openAccepted(accepted, { node: answerer, uid, index: index + 1 }, roster, verifier);
}
