/** For specs only: a bug that the suite must find, as a change of one line of the compiled code. */
export interface PlantedBug {
  readonly name: string;
  /** Below dist/. */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
  /** The spec that finds it, below dist/. */
  readonly spec: string;
}

/** @param spec in this folder, without `.spec.js` */
const bugsOf =
  (spec: string) =>
  (name: string, file: string, find: string, replace: string): PlantedBug => ({
    name,
    file,
    find,
    replace,
    spec: `account-log/${spec}.spec.js`,
  });

const acceptor = bugsOf('acceptor');
const demand = bugsOf('demand');
const epochs = bugsOf('epochs');
const judge = bugsOf('judge');
const learner = bugsOf('learner');
const machine = bugsOf('machine');
const note = bugsOf('note');
const reshare = bugsOf('reshare');
const takeover = bugsOf('takeover');

export const PLANTED_BUGS: readonly PlantedBug[] = [
  reshare('shares anew without asking the members', 'account-log/judge-reshare.js', ' || !isHeldByAll(core, made, verifier)', ''),
  reshare('shares anew at another place than was promised', 'account-log/judge-reshare.js', 'if (core.index !== index)', 'if (false)'),
  reshare('shares anew twice in an epoch', 'account-log/judge-reshare.js', 'if (core.epoch <= version.generation)', 'if (false)'),
  reshare('shares anew what is locked', 'account-log/judge-reshare.js', 'if (isLocked && version === state.active)', 'if (false)'),
  reshare(
    'begins with a sharing of an earlier epoch',
    'account-log/judge-reshare.js',
    'if (freeChoice && core.epoch !== roster.epoch)',
    'if (false)',
  ),
  reshare('shares another version anew', 'account-log/judge-reshare.js', 'if (version.ver !== core.ver)', 'if (false)'),
  reshare(
    'goes on with the shares of before',
    'account-log/apply-value.js',
    'recordHash: core.recordHash, generation: core.epoch',
    'generation: core.epoch',
  ),
  reshare('shares anew on the word of one member', 'entry/reshare-statement.js', 'roster.members.every(', 'roster.members.some('),
  judge('votes for an eleventh attempt', 'account-log/judge.js', "if (status === 'locked')", 'if (false)'),
  judge('forgets marks that still count', 'account-log/apply-value.js', "(old.kind === 'attempt' && old.index >= counted) ||", ''),
  judge(
    'forgets which entries are decided',
    'account-log/apply-value.js',
    'return state.marks.find((mark) => equal(mark.id, id)) ?? null;',
    'return null;',
  ),
  judge('replaces a living version without its owner', 'account-log/apply-value.js', 'if (living && !byOwner)', 'if (false)'),
  judge(
    'takes an owner signature that does not hold',
    'account-log/judge.js',
    'if (state.active !== null && verifyOwnerSignature(',
    'if (true || verifyOwnerSignature(',
  ),
  judge('takes an expired token on a free choice', 'account-log/judge.js', 'if (context.tokenExpired)', 'if (false)'),
  judge(
    'judges a demanded value by what it knows itself',
    'account-log/judge.js',
    'settledState(state, value.lastOk,',
    'settledState(state, lastOk,',
  ),
  judge(
    'builds on confirmations nobody has shown',
    'account-log/judge.js',
    'if (value.lastOk > Math.max(lastOk, state.budgetFrom))',
    'if (false)',
  ),
  learner(
    'takes a confirmation that nobody signed',
    'account-log/confirm.js',
    'if (verifyConfirmation(',
    'if (true || verifyConfirmation(',
  ),
  acceptor(
    'votes below its promise',
    'account-log/acceptor.js',
    'if (promised !== null && compareBallots(ballot, promised) < 0)',
    'if (false)',
  ),
  acceptor('does not keep its promise', 'account-log/acceptor.js', 'step.set({ promised: ballot });', ''),
  acceptor(
    'lets a proposer ignore what promises demand',
    'account-log/acceptor.js',
    "if (demand.kind === 'value' && !equal(",
    'if (false && !equal(',
  ),
  acceptor('counts promises made for another ballot', 'account-log/demand.js', '|| compareBallots(head.ballot, ballot) !== 0', ''),
  acceptor('takes ballot 0 from anybody', 'account-log/acceptor.js', '!isBallotZero(ballot, account.uid, context.roster)', 'false'),
  machine('uses ballot 0 again after a restart', 'account-log/proposer.js', 'step.ownIncarnation !== 1 || ', ''),
  machine('ignores what promises demand', 'account-log/proposer.js', "if (demand.kind === 'value')", 'if (false)'),
  learner(
    'decides a value under the votes of another',
    'account-log/learner.js',
    'const seen = withSignedValue(received);',
    'const seen = received;',
  ),
  acceptor(
    'takes over no promise when it rejoins',
    'account-log/decide.js',
    'promised: maxBallot(own.promised, bound)',
    'promised: own.promised',
  ),
  acceptor('takes over no accepted value when it rejoins', 'account-log/decide.js', 'higher ? accepted : own.accepted', 'own.accepted'),
  acceptor('counts one voter twice', 'vote/quorum.js', 'newest.set(member.head.node, member)', 'newest.set(newest.size, member)'),
  acceptor('decides with one vote too few', 'vote/quorum.js', 'if (taken.length === q)', 'if (taken.length === q - 1)'),
  acceptor(
    'counts the votes of a fenced incarnation',
    'vote/quorum.js',
    'return members.every((member)',
    'return true || members.every((member)',
  ),
  learner('believes a path that leads elsewhere', 'batch/signed-statement.js', 'if (!verifier.verify(', 'if (false && !verifier.verify('),
  demand('counts reports that liars alone vouch for', 'account-log/demand.js', 'vouchers >= vouchersNeeded(roster)', 'true'),
  demand(
    'counts whoever signed two values',
    'account-log/demand.js',
    'if (others.length > 0 && members.includes(highest.node))',
    'if (false)',
  ),
  demand('takes the value that fewer report', 'account-log/demand.js', 'right.length - left.length', 'left.length - right.length'),
  demand('breaks ties by who comes first', 'account-log/demand.js', '|| (a < b ? -1 : 1)', ''),
  demand(
    'takes ballot 0 of anybody as the home node’s',
    'account-log/demand.js',
    'const backed = isBallotZero(highest, uid, roster) ||',
    'const backed = isFirstRound(highest.round) ||',
  ),
  demand(
    'counts what was accepted after the promise',
    'account-log/demand.js',
    'return compareBallots(head.accepted?.ballot ?? null, ballot) < 0;',
    'return true;',
  ),
  note(
    'takes over reports that no promises allow',
    'account-log/note.js',
    'if (basis.length === 0 || !isJustified(proof.head, basis, context.roster))',
    'if (false)',
  ),
  note(
    'takes over a report in place of a higher one',
    'account-log/note.js',
    'if (compareBallots(accepted.ballot, account.accepted?.ballot ?? null) <= 0)',
    'if (false)',
  ),
  note('takes over what it could not vote for', 'account-log/note.js', '|| !isProposable(step, report)', ''),
  takeover('never asks again with what it took over', 'account-log/round.js', 'if (prepareWithReport(step, round))', 'if (false)'),
  note('takes over nothing that a prepare shows', 'account-log/acceptor.js', 'if (report !== null)', 'if (false)'),
  takeover(
    'shows no promises with a lone report',
    'account-log/acceptor.js',
    'needsBasis(context.self, ballot, context.roster) ?',
    'false ?',
  ),
  demand(
    'comes back with what nobody vouches for',
    'account-log/choose-reported.js',
    "demand.kind === 'value' ? same[0] :",
    'true ? same[0] :',
  ),
  demand(
    'comes back on the word of one who signed two values',
    'account-log/choose-reported.js',
    'if (members.length < roster.q)',
    'if (false)',
  ),
  demand(
    'forgets its own vote for what peers say',
    'account-log/choose-reported.js',
    '|| compareBallots(own?.ballot ?? null, demand.ballot) >= 0',
    '',
  ),
  takeover('tells nobody of two values in promises', 'account-log/acceptor.js', 'reportEquivocation(step, before, proof);', 'void before;'),
  note('tells nobody of two values that it is promised', 'account-log/proposer.js', 'reportEquivocation(step, known, received.proof);', ''),
  epochs('reads statements of another epoch', 'account-log/evidence.js', 'if (epochOfRound(ballot.round) !== epoch)', 'if (false)'),
  epochs(
    'gives up at ballot 0 what it carries',
    'account-log/acceptor.js',
    'if (account.accepted !== null && !equal(',
    'if (false && !equal(',
  ),
  epochs(
    'uses ballot 0 where it carries a value',
    'account-log/proposer.js',
    'account.accepted !== null)\n        return false;',
    'false)\n        return false;',
  ),
  epochs('promises in another epoch', 'account-log/acceptor.js', '|| !isOfThisEpoch(step, ballot))', ')'),
];
