import { bugsOf, type PlantedBug } from './planted-bug.fixture.js';

const engine = bugsOf('log/log-engine.js', 'log/log-engine');
const vetting = bugsOf('log/entry-vetting.js', 'log/batch-inbox');
const sets = bugsOf('log/decided-sets.js', 'peers/catch-up');
const opening = bugsOf('epoch/epoch-opening.js', 'epoch/epoch-change');
const repairDesk = bugsOf('repair/repair-desk.js', 'repair/repair');
const reshareDesk = bugsOf('refresh/reshare-desk.js', 'refresh/reshare-attacks');
const gap = bugsOf('anti-entropy/account-gap.js', 'anti-entropy/peer-comparison');
const compare = bugsOf('anti-entropy/peer-comparison.js', 'anti-entropy/peer-comparison');
const comparisons = bugsOf('anti-entropy/anti-entropy-desk.js', 'anti-entropy/anti-entropy-desk');
const questions = bugsOf('anti-entropy/peer-questions.js', 'anti-entropy/lying-peer');

/** Of repair, refresh, epochs and anti-entropy. */
export const BACKGROUND_BUGS: readonly PlantedBug[] = [
  repairDesk(
    'helps a stranger',
    'if (!verifier.verify(memberKey(roster, target)',
    'if (false && !verifier.verify(memberKey(roster, target)',
  ),
  repairDesk('helps with too few others', '&& helpers.length === roster.t', '&& helpers.length <= roster.t'),
  repairDesk('helps to rebuild what is locked', 'if (!isUsable(uid, recordHash))', 'if (false)'),
  repairDesk('helps in another epoch', 'epoch !== roster.epoch', 'false'),
  repairDesk('adds up what nobody signed', 'more.length > 0 || !verifier.verify(', 'more.length > 0 || false && !verifier.verify('),
  bugsOf('repair/share-repair.js', 'repair/repair')(
    'keeps a share that its record does not promise',
    'checkShare(group, record, roster.self, { keyShare, secretShare });',
    '',
  ),
  bugsOf('refresh/deal-parts.js', 'refresh/reshare-attacks')(
    'takes what would change the secret',
    'verifyDelta(group, pair.subarray(0, 32), node, deal.keyCommitments) &&',
    '',
  ),
  reshareDesk(
    'takes deals that no dealer signed',
    'if (!verifier.verify(memberKey(roster, dealer)',
    'if (false && !verifier.verify(memberKey(roster, dealer)',
  ),
  reshareDesk('takes deals that are not those of the dealers', 'dealer !== dealers[i] ||', ''),
  reshareDesk(
    'shares anew for a stranger',
    'if (!verifier.verify(memberKey(roster, coordinator)',
    'if (false && !verifier.verify(memberKey(roster, coordinator)',
  ),
  reshareDesk('shares anew with fewer dealers than shares', '|| dealers.length !== roster.t', ''),
  reshareDesk('shares anew in another epoch', 'epoch !== roster.epoch', 'false'),
  reshareDesk('shares anew for a place that is not open', 'if (state.index + 1 !== index)', 'if (false)'),
  reshareDesk(
    'deals to keys that no member signed',
    'if (!verifier.verify(memberKey(roster, i + 1)',
    'if (false && !verifier.verify(memberKey(roster, i + 1)',
  ),
  bugsOf('refresh/session-keys.js', 'refresh/reshare-attacks')(
    'opens a session twice',
    'this.keys.delete(name);\n        return key',
    'return key',
  ),
  bugsOf('account/share-keeper.js', 'refresh/reshare-attacks')(
    'erases the old share before the new one is decided',
    'await stage();\n            held = true;',
    'await stage();\n            held = true;\n            await this.options.vault.erase(uid, before);',
  ),
  bugsOf('account/share-keeper.js', 'refresh/refresh-crash')(
    'keeps the old share',
    'before.active === account.state.active &&',
    'before.active?.ver === account.state.active?.ver &&',
  ),
  bugsOf('shares/sealed-share-vault.js', 'shares/sealed-share-vault')(
    'destroys what waits for the open place',
    'index >= openIndex',
    'index > openIndex',
  ),
  bugsOf('shares/decided-records.js', 'refresh/reshare-entry')(
    'sweeps what it gave its word for',
    'if (index > state.index)',
    'if (false)',
  ),
  bugsOf('attempt/entry.service.js', 'refresh/reshare-entry')('lets a gateway share anew', "if (core.kind === 'reshare')", 'if (false)'),
  bugsOf('refresh/voted-sharing.js', 'refresh/refresh')(
    'names another sharing than the one that was voted for',
    'mark.index > index &&',
    'mark.index < index &&',
  ),
  vetting('takes a new sharing from a stranger', '!known ||', '', 'refresh/reshare-entry'),
  opening('opens an epoch with one closer too few', 'closed.length < before.q)', 'closed.length < before.q - 1)'),
  opening('opens an epoch without what was accepted in the last', 'promised: null, accepted })', 'promised: null, accepted: null })'),
  opening('counts its own state before it has rejoined', '&& marks.isClosed(before.epoch) ?', '?'),
  bugsOf('epoch/closing-desk.js', 'epoch/epoch-change')(
    'vouches for an epoch that it has not closed',
    'if (!this.marks.isClosed(epoch))',
    'if (false)',
  ),
  bugsOf('epoch/closing-desk.js', 'epoch/epoch-change')(
    'vouches to anybody',
    'if (!this.verifier.verify(',
    'if (false && !this.verifier.verify(',
  ),
  bugsOf('epoch/epoch-passage.js', 'epoch/epoch-change')(
    'closes an epoch before it has rejoined',
    'await rejoin.run();',
    'void rejoin.run().catch(() => undefined);',
  ),
  engine('goes on in an epoch that it closed', 'this.closed = true;', '', 'epoch/epoch-change'),
  gap('misses a confirmation at the same index', ' || lastOk > ownLastOk', ''),
  compare('asks for ever for what a peer does not have', 'round.failed >= MAX_FAILED', 'false'),
  compare('begins anew where it found nothing', 'this.place = { range, after: theirs.uid };', ''),
  compare('asks again for a group that a peer cannot tell', 'this.place = { range: (first + RANGES_IN_GROUP) % RANGES, after: null };', ''),
  gap('stops at a row that it cannot read', 'if (!(error instanceof VaultError))', 'if (true)'),
  compare('reads pages without end', 'round.pages < MAX_PAGES', 'true'),
  compare('goes on when the node stops', 'if (signal.aborted || round.failed', 'if (round.failed'),
  comparisons('tells anybody what it holds', 'if (!verifier.verify(', 'if (false && !verifier.verify('),
  comparisons('tells members of another epoch', 'epoch !== roster.epoch', 'false'),
  comparisons('tells what it has not read yet', 'if (!index.isComplete)', 'if (false)'),
  comparisons('answers without measure', 'if (retryAtMs !== null)', 'if (false)'),
  questions('believes digests that nobody signed', 'if (!verifier.verify(', 'if (false && !verifier.verify('),
  questions('takes pages that lead nowhere', '!isInOrder(told, range, after)', 'false'),
  bugsOf('anti-entropy/account-index.js', 'anti-entropy/account-index')(
    'keeps a digest when an account changes',
    'this.known[range] = undefined;',
    '',
  ),
  bugsOf('anti-entropy/anti-entropy.js', 'anti-entropy/anti-entropy')(
    'compares what it read at its start',
    'engine.listen({ kept: (account) => index.set(account) });',
    '{}',
  ),
  bugsOf('anti-entropy/until-stopped.js', 'anti-entropy/anti-entropy')(
    'waits for its peers when it stops',
    "signal.addEventListener('abort', stop);",
    '',
  ),
  sets('lets a log go back to an earlier epoch', 'epoch < parseVote(before.statement).epoch', 'false', 'epoch/epoch-change'),
];
