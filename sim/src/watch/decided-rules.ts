import {
  compareBallots,
  equal,
  logValueHash,
  ownIncarnation,
  parseLogValue,
  parseVote,
  rosterOfEpoch,
  toHex,
  VaultError,
  verifySignedStatement,
  type Bytes,
  type DecidedSet,
  type FleetRoster,
  type SignatureVerifier,
} from '@strongroom/protocol';

/**
 * Why a set does not decide its index, in words; null when it does. Counted here anew and not by the nodes' own function,
 * which may be the one that is broken (PROTOCOL 4.1, 4.6).
 */
export function faultOfSet(set: DecidedSet, uid: Bytes, roster: FleetRoster, verifier: SignatureVerifier): string | null {
  const hash = logValueHash(set.value);
  const votes = set.votes.map(({ statement }) => parseVote(statement));
  const [first] = votes;
  if (first === undefined || new Set(votes.map(({ node }) => node)).size < roster.q) return `it has fewer than ${roster.q} voters`;
  if (!votes.every((vote) => vote.epoch === first.epoch)) return 'its votes are of several epochs';
  if (!votes.every((vote) => vote.index === set.index && equal(vote.uid, uid) && equal(vote.valueHash, hash)))
    return 'a vote is for something else';
  if (!votes.every((vote) => compareBallots(vote.ballot, first.ballot) === 0)) return 'its votes are of several ballots';
  if (!set.votes.every((signed) => isSigned(() => verifySignedStatement(signed, rosterOfEpoch(roster, first.epoch), verifier))))
    return 'a vote is not signed by its node';
  const fenced = votes.find((vote) => votes.some((other) => (other.incarnations[vote.node - 1] ?? 0) > ownIncarnation(vote)));
  if (fenced !== undefined) return `the vote of node ${fenced.node} is of a fenced incarnation`;
  return equal(parseLogValue(set.value, () => true).entry.core.uid, uid) ? null : 'its entry is of another account';
}

export function valueName(value: Bytes): string {
  return toHex(logValueHash(value)).slice(0, 12);
}

function isSigned(check: () => void): boolean {
  try {
    check();
    return true;
  } catch (error) {
    if (error instanceof VaultError) return false;
    throw error;
  }
}
