/** For specs only: a bug that the suite must find, as a change of one line of the compiled code. */
export interface PlantedBug {
  readonly name: string;
  /** Below dist/. */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
  /** The specs that find it, where not those of every bug. */
  readonly suite?: string;
}

export const LYING_SUITE = 'account-log/(demand|note|takeover|takeover-attacks)\\.spec';

const bug = (name: string, file: string, find: string, replace: string): PlantedBug => ({ name, file, find, replace });
const RESHARE_SUITE = 'account-log/reshare\\.spec';
const reshareBug = (...what: [name: string, find: string, replace: string]): PlantedBug => {
  const [name, find, replace] = what;
  return { ...bug(name, 'account-log/judge-reshare.js', find, replace), suite: RESHARE_SUITE };
};
const liarsBug = (...what: Parameters<typeof bug>): PlantedBug => ({ ...bug(...what), suite: LYING_SUITE });

export const PLANTED_BUGS: readonly PlantedBug[] = [
  reshareBug('shares anew without asking the members', ' || !isHeldByAll(core, made, verifier)', ''),
  reshareBug('shares anew at another place than was promised', 'if (core.index !== index)', 'if (false)'),
  reshareBug('shares anew twice in an epoch', 'if (core.epoch <= version.generation)', 'if (false)'),
  reshareBug('shares anew what is locked', 'if (isLocked && version === state.active)', 'if (false)'),
  reshareBug('begins with a sharing of an earlier epoch', 'if (freeChoice && core.epoch !== roster.epoch)', 'if (false)'),
  reshareBug('shares another version anew', 'if (version.ver !== core.ver)', 'if (false)'),
  {
    ...bug('shares anew on the word of one member', 'entry/reshare-statement.js', 'roster.members.every(', 'roster.members.some('),
    suite: RESHARE_SUITE,
  },
  bug('votes for an eleventh attempt', 'account-log/judge.js', "if (status === 'locked')", 'if (false)'),
  bug('forgets marks that still count', 'account-log/apply-value.js', "(old.kind === 'attempt' && old.index >= counted) ||", ''),
  bug('forgets which entries are decided', 'account-log/apply-value.js', 'return state.marks.find(', 'return null && state.marks.find('),
  bug('replaces a living version without its owner', 'account-log/apply-value.js', 'if (living && !byOwner)', 'if (false)'),
  bug(
    'takes an owner signature that does not hold',
    'account-log/judge.js',
    'if (state.active !== null && verifyOwnerSignature(',
    'if (true || verifyOwnerSignature(',
  ),
  bug('takes an expired token on a free choice', 'account-log/judge.js', 'if (context.tokenExpired)', 'if (false)'),
  bug(
    'judges a demanded value by what it knows itself',
    'account-log/judge.js',
    'settledState(state, value.lastOk,',
    'settledState(state, lastOk,',
  ),
  bug(
    'builds on confirmations nobody has shown',
    'account-log/judge.js',
    'if (value.lastOk > Math.max(lastOk, state.budgetFrom))',
    'if (false)',
  ),
  bug('takes a confirmation that nobody signed', 'account-log/confirm.js', 'if (verifyConfirmation(', 'if (true || verifyConfirmation('),
  bug('votes below its promise', 'account-log/acceptor.js', 'if (promised !== null && compareBallots(ballot, promised) < 0)', 'if (false)'),
  bug('does not keep its promise', 'account-log/acceptor.js', 'step.set({ promised: ballot });', ''),
  bug(
    'lets a proposer ignore what promises demand',
    'account-log/acceptor.js',
    "if (demand.kind === 'value' && !equal(",
    'if (false && !equal(',
  ),
  bug('counts promises made for another ballot', 'account-log/demand.js', '|| compareBallots(head.ballot, ballot) !== 0', ''),
  bug('takes ballot 0 from anybody', 'account-log/acceptor.js', '!isBallotZero(ballot, account.uid, context.roster)', 'false'),
  bug('uses ballot 0 again after a restart', 'account-log/proposer.js', 'step.ownIncarnation !== 1 || ', ''),
  bug('ignores what promises demand', 'account-log/proposer.js', "if (demand.kind === 'value')", 'if (false)'),
  bug(
    'decides a value under the votes of another',
    'account-log/learner.js',
    'const seen = withSignedValue(received);',
    'const seen = received;',
  ),
  bug(
    'takes over no promise when it rejoins',
    'account-log/decide.js',
    'promised: maxBallot(own.promised, bound)',
    'promised: own.promised',
  ),
  bug('takes over no accepted value when it rejoins', 'account-log/decide.js', 'higher ? accepted : own.accepted', 'own.accepted'),
  bug('counts one voter twice', 'vote/quorum.js', 'newest.set(member.head.node, member)', 'newest.set(newest.size, member)'),
  bug('decides with one vote too few', 'vote/quorum.js', 'if (taken.length === q)', 'if (taken.length === q - 1)'),
  bug(
    'counts the votes of a fenced incarnation',
    'vote/quorum.js',
    'return members.every((member)',
    'return true || members.every((member)',
  ),
  bug('believes a path that leads elsewhere', 'batch/signed-statement.js', 'if (!verifier.verify(', 'if (false && !verifier.verify('),
  liarsBug('counts reports that liars alone vouch for', 'account-log/demand.js', 'vouchers >= vouchersNeeded(roster)', 'true'),
  liarsBug(
    'counts whoever signed two values',
    'account-log/demand.js',
    'if (others.length > 0 && members.includes(highest.node))',
    'if (false)',
  ),
  liarsBug('takes the value that fewer report', 'account-log/demand.js', 'right.length - left.length', 'left.length - right.length'),
  liarsBug('breaks ties by who comes first', 'account-log/demand.js', '|| (a < b ? -1 : 1)', ''),
  liarsBug(
    'takes ballot 0 of anybody as the home node’s',
    'account-log/demand.js',
    'const backed = isBallotZero(highest, uid, roster) ||',
    'const backed = isFirstRound(highest.round) ||',
  ),
  liarsBug(
    'counts what was accepted after the promise',
    'account-log/demand.js',
    'return compareBallots(head.accepted?.ballot ?? null, ballot) < 0;',
    'return true;',
  ),
  liarsBug(
    'takes over reports that no promises allow',
    'account-log/note.js',
    'if (basis.length === 0 || !isJustified(proof.head, basis, context.roster))',
    'if (false)',
  ),
  liarsBug(
    'takes over a report in place of a higher one',
    'account-log/note.js',
    'if (compareBallots(accepted.ballot, account.accepted?.ballot ?? null) <= 0)',
    'if (false)',
  ),
  liarsBug('takes over what it could not vote for', 'account-log/note.js', '|| !isProposable(step, report)', ''),
  liarsBug('never asks again with what it took over', 'account-log/round.js', 'if (prepareWithReport(step, round))', 'if (false)'),
  liarsBug('takes over nothing that a prepare shows', 'account-log/acceptor.js', 'if (report !== null)', 'if (false)'),
  liarsBug(
    'shows no promises with a lone report',
    'account-log/acceptor.js',
    'needsBasis(context.self, ballot, context.roster) ?',
    'false ?',
  ),
  liarsBug(
    'comes back with what nobody vouches for',
    'account-log/choose-reported.js',
    "demand.kind === 'value' ? same[0] :",
    'true ? same[0] :',
  ),
  liarsBug(
    'comes back on the word of one who signed two values',
    'account-log/choose-reported.js',
    'if (members.length < roster.q)',
    'if (false)',
  ),
  liarsBug(
    'forgets its own vote for what peers say',
    'account-log/choose-reported.js',
    '|| compareBallots(own?.ballot ?? null, demand.ballot) >= 0',
    '',
  ),
  liarsBug('tells nobody of two values in promises', 'account-log/acceptor.js', 'reportEquivocation(step, before, proof);', ''),
  liarsBug(
    'tells nobody of two values that it is promised',
    'account-log/proposer.js',
    'reportEquivocation(step, known, received.proof);',
    '',
  ),
  bug('reads statements of another epoch', 'account-log/evidence.js', 'if (epochOfRound(ballot.round) !== epoch)', 'if (false)'),
  bug(
    'gives up at ballot 0 what it carries',
    'account-log/acceptor.js',
    'if (account.accepted !== null && !equal(',
    'if (false && !equal(',
  ),
  bug(
    'uses ballot 0 where it carries a value',
    'account-log/proposer.js',
    'account.accepted !== null)\n        return false;',
    'false)\n        return false;',
  ),
  bug('promises in another epoch', 'account-log/acceptor.js', '|| !isOfThisEpoch(step, ballot))', ')'),
];
