/** For specs only: a bug that the suite must find, as a change of one line of the compiled code. */
export interface PlantedBug {
  readonly name: string;
  /** Below dist/. */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

const bug = (name: string, file: string, find: string, replace: string): PlantedBug => ({ name, file, find, replace });

export const PLANTED_BUGS: readonly PlantedBug[] = [
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
  bug('lets a proposer ignore what promises demand', 'account-log/acceptor.js', 'if (demanded !== null && !equal(', 'if (false && !equal('),
  bug('counts promises made for another ballot', 'account-log/acceptor.js', '&& compareBallots(head.ballot, ballot) === 0)', ')'),
  bug('takes ballot 0 from anybody', 'account-log/acceptor.js', 'ballot.node !== home || ballot.incarnation !== 1', 'false'),
  bug('uses ballot 0 again after a restart', 'account-log/proposer.js', 'step.ownIncarnation !== 1 || ', ''),
  bug('ignores what promises demand', 'account-log/proposer.js', 'if (demanded !== null)', 'if (false)'),
  bug(
    'decides a value under the votes of another',
    'account-log/learner.js',
    'const seen = withSignedValue(received);',
    'const seen = received;',
  ),
  bug(
    'takes over no promise when it rejoins',
    'account-log/decide.js',
    'promised: maxBallot(own.promised, promised)',
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
  bug('reads votes of another epoch', 'account-log/evidence.js', 'if (epochOfRound(head.ballot.round) !== head.epoch)', 'if (false)'),
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
