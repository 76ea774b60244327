/** A bug that the simulator must find: one place of the compiled code, changed while it is loaded and nowhere else. */
export interface PlantedBug {
  readonly name: string;
  /** From the root, as in `apps/hsm-node/dist/log/log-engine.js`. */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
  /** Searched for by the attack on the bound instead of seeds. */
  readonly byBounds?: true;
}

const inNode = (file: string, name: string, find: string, replace: string): PlantedBug => ({
  name,
  file: `apps/hsm-node/dist/${file}`,
  find,
  replace,
});
const inProtocol = (file: string, name: string, find: string, replace: string): PlantedBug => ({
  name,
  file: `libs/protocol/dist/${file}`,
  find,
  replace,
});

export const PLANTED_BUGS: readonly PlantedBug[] = [
  inNode(
    'log/log-engine.js',
    'votes before its flush',
    'await this.options.store.commit(writes);',
    '{ batches.forEach((batch) => this.options.publish(batch.message)); await this.options.store.commit(writes); }',
  ),
  inNode('log/log-engine.js', 'loses what it accepted', ' || old.accepted !== now.accepted', ''),
  inNode('log/log-engine.js', 'loses confirmations', ' || old.confirmation !== now.confirmation', ''),
  inProtocol('account-log/judge.js', 'skips the check of the budget', "if (status === 'locked')", 'if (false)'),
  inProtocol('vote/quorum.js', 'decides with one vote too few', 'if (taken.length === q)', 'if (taken.length === q - 1)'),
  inProtocol('vote/quorum.js', 'counts one voter twice', 'newest.set(member.head.node, member)', 'newest.set(newest.size, member)'),
  inProtocol('account-log/acceptor.js', 'forgets its promise', 'step.set({ promised: ballot });', ''),
  inProtocol(
    'account-log/acceptor.js',
    'votes below its promise',
    'if (promised !== null && compareBallots(ballot, promised) < 0)',
    'if (false)',
  ),
  inProtocol('account-log/confirm.js', 'confirms without a signature', 'if (verifyConfirmation(', 'if (true || verifyConfirmation('),
  inProtocol(
    'account-log/confirm.js',
    'confirms without the complete set',
    'if (confirmation.index > account.state.index) {',
    'if (confirmation.index > account.state.index) return null; if (false) {',
  ),
  inProtocol(
    'account-log/account-state.js',
    'lets a pending version come into force at once',
    'if (atMs < pending.stampMs + policy.coolDownMs)',
    'if (false)',
  ),
  inNode(
    'evaluation/share-evaluator.js',
    'evaluates another B',
    'this.group.multiply(blinded, share)',
    'this.group.multiply((this.first ??= blinded), share)',
  ),
  inNode(
    'attempt/attempt.service.js',
    'evaluates below the last confirmed number',
    'if (set.index < lastOkOf(this.options.engine.account(uid)))',
    'if (false)',
  ),
  inNode(
    'attempt/attempt.service.js',
    'releases the secret before its disk',
    "await engine.post(uid, { kind: 'confirm', confirmation })",
    "(engine.feed(uid, { kind: 'confirm', confirmation }), [])",
  ),
  inNode('account/share-keeper.js', 'never erases', 'if (reason === due.reason)', 'if (false)'),
  inNode('account/share-keeper.js', 'erases a right last attempt', '!(await attestation.confirmNewest(uid))', 'false'),
  inNode('shares/stage-version.js', 'activates before it is decided', 'activated: false', 'activated: true'),
  inNode('peers/rejoin-desk.js', 'sets no fence at a rejoin', 'await this.engine.fence(node, incarnation);', ''),
  inNode('log/chain.js', 'listens to fenced incarnations', 'if (head.incarnation < mark.incarnation)', 'if (false)'),
  inNode(
    'log/decided-sets.js',
    'believes sets that nobody has checked',
    'const checked = checkDecided(set, uid, this.roster, this.verifier);',
    'const value = (await import("@strongroom/protocol")).parseLogValue(set.value); const checked = { index: set.index, value, votes: set.votes.map((signed) => ({ signed, head: parseVote(signed.statement) })) };',
  ),
  inProtocol(
    'vote/quorum.js',
    'counts the votes of a fenced incarnation',
    'return members.every((member)',
    'return true || members.every((member)',
  ),
  inProtocol('account-log/proposer.js', 'ignores what promises demand', "if (demand.kind === 'value')", 'if (false)'),
  inProtocol('account-log/proposer.js', 'uses ballot 0 again after a restart', 'step.ownIncarnation !== 1 || ', ''),
  inNode('peers/rejoin.js', 'joins with one answer too few', 'answeredBy.size < roster.q', 'answeredBy.size < roster.q - 1'),
  inNode('epoch/epoch-opening.js', 'opens an epoch with one closer too few', 'closed.length < before.q)', 'closed.length < before.q - 1)'),
  inProtocol('dleq/dleq.js', 'proves every evaluation with one nonce', '.raw(random.bytes(32)).raw(statement)', ''),
  inNode(
    'evaluation/share-evaluator.js',
    'puts its share into a proof',
    'return concat(evaluated, proof);',
    'return concat(evaluated, proof.subarray(0, 32), share);',
  ),
  {
    ...inProtocol('account-log/demand.js', 'counts reports that liars alone vouch for', 'vouchers >= vouchersNeeded(roster)', 'true'),
    byBounds: true,
  },
  {
    ...inProtocol(
      'account-log/acceptor.js',
      'lets a proposer ignore what promises demand',
      "if (demand.kind === 'value' && !equal(",
      'if (false && !equal(',
    ),
    byBounds: true,
  },
];
