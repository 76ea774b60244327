import { BACKGROUND_BUGS } from './planted-background-bugs.fixture.js';
import { bugsOf, type PlantedBug } from './planted-bug.fixture.js';

const engine = bugsOf('log/log-engine.js', 'log/log-engine');
const ownChain = bugsOf('log/engine-chain.js', 'log/log-engine');
const chain = bugsOf('log/chain.js', 'log/batch-inbox');
const vetting = bugsOf('log/entry-vetting.js', 'log/batch-inbox');
const rows = bugsOf('log/account-rows.js', 'peers/catch-up');
const sets = bugsOf('log/decided-sets.js', 'peers/catch-up');
const rejoin = bugsOf('peers/rejoin.js', 'peers/rejoin');
const takeover = bugsOf('peers/state-takeover.js', 'peers/rejoin');
const desk = bugsOf('peers/rejoin-desk.js', 'peers/rejoin-desk');
const attempt = bugsOf('attempt/attempt.service.js', 'attempt/evaluate');
const forGood = (file: string): ReturnType<typeof bugsOf> => bugsOf(file, 'account/erased-for-good');
const history = bugsOf('history/account-history.js', 'history/history');
const notices = bugsOf('notices/account-notices.js', 'notices/account-notices');
const erased = (file: string): ReturnType<typeof bugsOf> => bugsOf(file, 'shares/erased-bytes.medium');

/** Of votes, attempts, shares, histories and notices; what a node does by itself is beside. */
export const PLANTED_BUGS: readonly PlantedBug[] = [
  engine(
    'speaks before its disk',
    'await this.options.store.commit(writes);',
    '{ batches.forEach((batch) => this.options.publish(batch.message)); await this.options.store.commit(writes); }',
  ),
  engine(
    'counts its own vote before its disk',
    'await this.options.store.commit(writes);',
    '{ batches.forEach((batch) => this.makeKnown(batch)); await this.options.store.commit(writes); }',
  ),
  engine('remembers what its disk refused', 'this.cache.set({ ...account, round: null, wanted: [] });', 'void account;'),
  engine('keeps no account', 'if (isChanged(old, account))', 'if (false)', 'peers/rejoin'),
  engine('keeps no accepted value', ' || old.accepted !== now.accepted', '', 'node/cold-start'),
  engine('keeps no confirmation', ' || old.confirmation !== now.confirmation', '', 'node/cold-start'),
  ownChain('keeps no place in its chain', '[...others, chainWrite(chain)]', 'others'),
  bugsOf('log/flush-batches.js', 'log/log-engine')(
    'begins its chain anew with every flush',
    '?? chain, self, roster, signer',
    '?? { ...chain, own: { ...chain.own, sequence: 0 } }, self, roster, signer',
  ),
  bugsOf('log/input-decider.js', 'log/log-engine')('passes every confirmation on', 'quiet: heardBefore &&', 'quiet: false &&'),
  engine('answers a fence before its disk', 'await this.settled();\n        await this.ownChain.keep();', ''),
  chain('listens to fenced incarnations', 'if (head.incarnation < mark.incarnation)', 'if (false)'),
  chain('sees no fork', 'head.sequence === mark.sequence && !equal(', 'false && !equal('),
  vetting('asks for no token', 'await authority.check(entry, nowMs())', "'valid'"),
  vetting('votes for records that it lacks', '!(await obtainRecord(', 'false && !(await obtainRecord('),
  vetting('takes entries of other accounts', '!equal(entry.core.uid, uid) ||', ''),
  bugsOf('log/batch-inbox.js', 'log/hints')(
    'leaps after a nack',
    'promised.round <= Math.max(own?.round ?? 0, firstRound(roster.epoch)) + MAX_NACK_STEP',
    'true',
  ),
  rows(
    'writes sets that it cannot read',
    '{ index, value, votes }, MAX_ROW_BYTES',
    "{ index, value, votes, kind: 'decided' }, MAX_ROW_BYTES",
  ),
  sets(
    'believes sets',
    'const checked = checkDecided(set, uid, this.roster, this.verifier);',
    'const checked = { value: (await import("@strongroom/protocol")).parseLogValue(set.value), votes: set.votes.map((signed) => ({ signed })) };',
  ),
  bugsOf('peers/catch-up.js', 'peers/catch-up')('hands over no confirmation', 'if (confirmation !== null &&', 'if (false &&'),
  takeover('joins before its disk has what it was told', "await engine.post(uid, { kind: 'adopt'", "engine.feed(uid, { kind: 'adopt'"),
  takeover('takes over no promises', "{ kind: 'adopt', index: index + 1, promised, accepted: null }", "{ kind: 'tick' }"),
  rejoin('takes over no votes', "{ kind: 'adopt', index, promised: null, accepted }", "{ kind: 'tick' }"),
  rejoin('joins before its disk has the votes it was told', 'await engine.post(uid, input)', 'engine.feed(uid, input)'),
  bugsOf('peers/rejoin.js', 'peers/reported-values')(
    'waits for nobody else',
    'if (adopted === null)',
    'if (adopted === null) return true; else if (false)',
  ),
  rejoin('joins with one answer too few', 'answeredBy.size < roster.q', 'answeredBy.size < roster.q - 1'),
  rejoin('lives under its old incarnation', 'let incarnation = last.incarnation + 1', 'let incarnation = Math.max(1, last.incarnation)'),
  takeover('notices no rollback', 'this.reportRollback();\n        for', 'void last;\n        for'),
  desk('answers anybody', 'if (!this.verifier.verify(', 'if (false && !this.verifier.verify('),
  desk('answers an incarnation twice', 'incarnation <= seen.incarnation ||', 'incarnation < seen.incarnation ||'),
  desk(
    'fences in memory alone',
    'await this.engine.fence(node, incarnation);',
    'this.engine.see(node, { incarnation, sequence: 0, hash: new Uint8Array(32) });',
  ),
  bugsOf('peers/hearsay.js', 'peers/rejoin')('takes rumours for answers', 'rumour?.incarnation === mark.incarnation', 'false'),
  bugsOf('node/fleet-node.js', 'peers/rejoin')(
    'takes part before it has rejoined',
    'await this.services.rejoin.run();',
    'void this.services.rejoin.run();',
  ),
  attempt('evaluates below the last confirmed number', 'if (set.index < lastOkOf(this.options.engine.account(uid)))', 'if (false)'),
  attempt(
    'judges an attempt only before it waits for its record',
    `await keeper.obtain(uid, this.evaluable(uid, attemptId, set).attempt.recordHash);
        // Judged again: while peers were asked, a confirmation or another version may have overtaken it.
        const { core, attempt } = this.evaluable(uid, attemptId, set);`,
    `const { core, attempt } = this.evaluable(uid, attemptId, set);
        await keeper.obtain(uid, attempt.recordHash);`,
    'attempt/overtaken',
  ),
  bugsOf('account/share-keeper.js', 'attempt/overtaken')(
    'lets a record come back behind an erase',
    'await this.inTurn(uid, () => this.keep(uid, recordHash));',
    'await this.options.fetch.obtain(uid, recordHash, null);',
  ),
  attempt('evaluates one more than its own log allows', 'if (opened.isOneTooMany)', 'if (false)'),
  attempt('evaluates versions that are over', 'active.ver !== core.ver', 'false'),
  attempt('releases the secret to any confirmation', "if (effect.kind === 'confirm-refused')", 'if (false)', 'attempt/confirm'),
  attempt(
    'releases the secret before its disk',
    "await engine.post(uid, { kind: 'confirm', confirmation })",
    "(engine.feed(uid, { kind: 'confirm', confirmation }), [])",
    'attempt/confirm',
  ),
  bugsOf('attempt/entry.service.js', 'attempt/entry.service')(
    'waits for peers that are not there',
    'if (!this.liveness.hasQuorum)',
    'if (false)',
  ),
  bugsOf('account/attestation.js', 'account/erase')('erases on its own word', 'agreeing >= this.roster.q', 'agreeing >= 1'),
  bugsOf('account/share-keeper.js', 'account/erase')('erases without asking', '!(await attestation.confirmNewest(uid))', 'false'),
  bugsOf('account/share-keeper.js', 'account/erase')(
    'keeps what is over',
    'await vault.eraseUpTo(uid, state.ver, living',
    'await vault.eraseUpTo(uid, 0, living',
  ),
  forGood('account/share-keeper.js')('bars nothing that it erases', 'await vault.bar(uid, living.recordHash);', 'void living;'),
  forGood('account/share-keeper.js')('calls usable what it barred', ' || this.options.vault.isBarred(uid, recordHash)', ''),
  forGood('account/registration-records.js')('fetches what is over', 'if (this.keeper.isOver(core))', 'if (false)'),
  bugsOf('shares/sealed-share-vault.js', 'shares/sealed-share-vault')(
    'takes back what it barred',
    'if (this.isBarred(uid, recordHash))',
    'if (false)',
  ),
  bugsOf('shares/recover-slots.js', 'shares/sealed-share-vault')(
    'leaves what a crash left behind a bar',
    '&& !barred.has(uid, recordHash)',
    '',
  ),
  bugsOf('account/owner-questions.js', 'account/status.service')(
    'says what was before a vote of its own',
    'await this.settle(query.uid);',
    '',
  ),
  engine(
    'keeps no history between two epochs',
    'writes.push(...this.history.writes(effect',
    'if (this.options.roster.epoch === 1) writes.push(...this.history.writes(effect',
    'history/history-epochs',
  ),
  bugsOf('history/history.service.js', 'history/history')('shows anybody the history', 'await this.questions.admit(request, query);', ''),
  history('tells for ever', 'this.nowMs() - item.stampMs < HISTORY_RETENTION_MS;', 'true;'),
  history('keeps for ever', 'item === null || this.nowMs() - item.stampMs < HISTORY_RETENTION_MS + SLACK_MS', 'true'),
  history('lets a thief cover its tracks', "core.kind === 'delete' && byOwner", "core.kind === 'delete'"),
  history('keeps what the owner deleted', "core.kind === 'delete' && byOwner", 'false'),
  history('grows without end', ': removals(uid, index - MAX_HISTORY)', ': []', 'history/account-history'),
  history(
    'tells of what is not on the disk yet',
    'return { index: decided, from: decided + 1 };',
    'return { index: decided, from: 1 };',
    'history/account-history',
  ),
  history(
    'forgets a confirmation that was overtaken',
    "if (effect.kind === 'confirmed')",
    "if (effect.kind === 'confirmed' && effect.confirmation.index > 3)",
  ),
  notices('tells of a confirmation again and again', "effect.kind !== 'confirmed' || quiet", "effect.kind !== 'confirmed'"),
  notices('tells of guesses as of changes', "=== 'attempt' ? 'attempt-used'", "=== 'attempt' ? 'record-changed'"),
  notices('signs for another account', 'uid, kind, number, atMs }));', 'uid: new Uint8Array(32), kind, number, atMs }));'),
  bugsOf('notices/telling-notices.js', 'notices/account-notices')('tells of no erase', "reason === 'locked'", 'false'),
  bugsOf('node/fleet-node.nats.js', 'account/erase')('stages what is over', '(core) => node.keeper.isOver(core)', '() => false'),
  erased('storage/file-key-slots.js')(
    'lets a slot go without overwriting it',
    `await this.groups.add(slots.filter((slot) => !this.pool.has(slot)).map((slot) => ({ slot, bytes: ERASED })));
    }
    release(slots) {
        const held = slots.find((slot) => !isErased(this.bytesOf(slot)));`,
    `void slots;
    }
    release(slots) {
        const held = undefined;`,
  ),
  erased('shares/held-version.js')(
    'keeps the key of what it held for peers',
    '? [version.slot] : [version.slot, version.peerSlot]',
    '? [version.slot] : [version.slot]',
  ),
  erased('shares/recover-slots.js')(
    'leaves keys that a crash left',
    'await slots.recover(named);',
    'await slots.recover(new Set(Array(512).keys()));',
  ),
  bugsOf('account/owner-questions.js', 'account/status.service')('tells anybody', '|| !mine ||', '||'),
  ...BACKGROUND_BUGS,
];
