import { encodeHistoryQuery, findQuorum, toBase64url, VaultError } from '@strongroom/protocol';
import type { CallContext } from '../call/call-context.js';
import type { VerifiedFleet } from '../fleet/verified-fleet.js';
import { carriedBytes } from '../gateway/carried-bytes.js';
import { toSignedStatement } from '../gateway/statement-json.js';
import { sameFleet } from '../status/ask-nodes.js';
import { agreedRange } from './agreed-range.js';
import { checkedPages, type CheckedPage } from './checked-page.js';
import { historyOf, type VaultHistory } from './vault-history.js';

interface AnsweredPages {
  readonly fleet: VerifiedFleet;
  readonly pages: readonly CheckedPage[];
}

/** Nodes hold a decision within milliseconds of each other: what is incomplete is asked for again before it is told. */
const TRIES = 3;
const ASK_AGAIN_MS = 200;

/**
 * Asks the nodes of a fleet for the account's history, page by page, down to the oldest entry that q of them tell of.
 * @throws FLEET_UNAVAILABLE when fewer than q answers to a question hold
 */
export async function askHistory(context: CallContext, asked: VerifiedFleet): Promise<VaultHistory> {
  context.onStep('status');
  for (let tried = 1; ; tried++) {
    const history = await askOnce(context, asked);
    if (history.complete || tried === TRIES) return history;
    await context.clock.wait(ASK_AGAIN_MS, context.deadline.signal);
  }
}

async function askOnce(context: CallContext, asked: VerifiedFleet): Promise<VaultHistory> {
  const { fleet, pages: newest } = await askPages(context, asked, 0);
  const { q } = fleet.roster;
  const oldest = agreedRange(newest, q)?.oldest ?? 1;
  const all = [...newest];
  for (let before = Infinity, lowest = reachedByQuorum(newest, q); lowest > oldest && lowest < before;) {
    before = lowest;
    const { pages } = await askPages(context, fleet, before);
    all.push(...pages);
    lowest = reachedByQuorum(pages, q);
  }
  const reader = { roster: fleet.roster, uid: context.uid, bindingKey: context.bindingKey.publicKey, verifier: context.verifier };
  const history = historyOf(reader, newest, all);
  if (history === undefined) throw unavailable(newest.length, fleet.roster.q);
  return history;
}

/** The question is signed by the binding key and fresh, so neither a copied token nor an old answer is of use. */
async function askPages(context: CallContext, { roster }: VerifiedFleet, before: number): Promise<AnsweredPages> {
  const { uid, bindingKey, clock, random, verifier } = context;
  const nonce = random.bytes(32);
  const askedAtMs = Math.floor(clock.nowMs());
  const query = encodeHistoryQuery({ fleetId: roster.fleetId, uid, bindingKey: bindingKey.publicKey, nonce, askedAtMs, before });
  const proof = `${toBase64url(query)}.${toBase64url(bindingKey.sign(query))}`;
  const answer = await context.gateway.history(proof, context.deadline);
  const fleet = await sameFleet(context, roster.fleetId);
  const carried = answer.pages.map(({ statement, page }) => ({
    statement: toSignedStatement(statement),
    page: carriedBytes(page, 'page'),
  }));
  const pages = checkedPages(carried, { uid, nonce, before }, fleet.roster, verifier);
  if (findQuorum(pages, fleet.roster.q) === null) throw unavailable(pages.length, fleet.roster.q);
  return { fleet, pages };
}

/**
 * The number down to which q pages that count together tell: what is below is asked for with the next question. A node
 * that tells of nothing down there stops the questions at most, and what was not told is then missing visibly.
 */
function reachedByQuorum(pages: readonly CheckedPage[], q: number): number {
  const lowest = ({ head, items }: CheckedPage): number => (items.size === 0 ? head.from : Math.min(...items.keys()));
  const reached = pages.map(lowest).sort((a, b) => a - b);
  return (
    reached.find(
      (number) =>
        findQuorum(
          pages.filter((page) => lowest(page) <= number),
          q,
        ) !== null,
    ) ?? Infinity
  );
}

function unavailable(answered: number, q: number): VaultError {
  return new VaultError('FLEET_UNAVAILABLE', `${answered} nodes answered with a history that holds, ${q} are needed`);
}
