import { within } from '@strongroom/platform';
import { equal, VaultError, type Bytes } from '@strongroom/protocol';
import type { LogEngine } from '../log/log-engine.js';
import type { CatchUp } from '../peers/catch-up.js';
import type { Pause } from '../roster/pause.js';
import { gapOf } from './account-gap.js';
import type { AccountIndex } from './account-index.js';
import { DIGEST_LENGTH, groupOf, GROUPS, RANGES, RANGES_IN_GROUP, type AccountLeaf } from './account-leaf.js';
import type { PeerQuestions } from './peer-questions.js';
import { untilStopped } from './until-stopped.js';

export interface PeerComparisonOptions {
  readonly index: AccountIndex;
  readonly engine: Pick<LogEngine, 'account'>;
  readonly catchUp: Pick<CatchUp, 'fetch'>;
  readonly questions: Pick<PeerQuestions, 'digests' | 'page'>;
  readonly pause: Pause;
  readonly signal: AbortSignal;
}

/** What came of one round with one peer. */
export interface ComparisonResult {
  /** Accounts that moved on with what the peer handed over. */
  readonly healed: number;
  /** Accounts of which the peer said more than it handed over. */
  readonly failed: number;
  /** Accounts with the same index and number and another state. */
  readonly diverged: number;
  /** Whether the round ended with ranges left to look at. */
  readonly cut: boolean;
  /** What the peer answered instead of what it was asked. */
  readonly refusal: VaultError | null;
}

/** Pages in a round, accounts in vain in a round: whoever has nothing to give is not asked for ever. */
const MAX_PAGES = 32;
const MAX_FAILED = 16;
/** What is being decided at this moment comes by itself. */
const GRACE_MS = 500;
/** Some hundred decided entries even from a slow peer; what is left of them comes in a later round. */
const FETCH_MS = 10_000;

/** The account behind which to go on; none for the beginning of the range. */
interface Place {
  readonly range: number;
  readonly after: Bytes | null;
}

interface Round {
  healed: number;
  failed: number;
  diverged: number;
  pages: number;
}

/**
 * Compares this node's accounts with those of one peer, and takes over what the peer has and this node lacks, by the way
 * of everybody who lags: decided sets and confirmations, checked like any other (PROTOCOL 4.3, 7.4). Where a round ends
 * the next one goes on, account for account: what cannot be had stands in nobody's way.
 */
export class PeerComparison {
  private place: Place;

  /** @param firstRange where the first round begins: with another peer elsewhere, so that not all ask for the same */
  constructor(
    private readonly node: number,
    firstRange: number,
    private readonly options: PeerComparisonOptions,
  ) {
    this.place = { range: firstRange % RANGES, after: null };
  }

  async run(): Promise<ComparisonResult> {
    const round: Round = { healed: 0, failed: 0, diverged: 0, pages: 0 };
    try {
      const cut = !(await this.compare(round));
      return { ...round, cut, refusal: null };
    } catch (refusal) {
      if (!(refusal instanceof VaultError)) throw refusal;
      return { ...round, cut: true, refusal };
    }
  }

  /** @returns whether everything was looked at. @throws what the peer answers instead; the next round goes on behind it */
  private async compare(round: Round): Promise<boolean> {
    const { index, questions } = this.options;
    const first = groupOf(this.place.range);
    const theirs = await questions.digests(this.node, null);
    const ours = await index.digests(null);
    for (let i = 0; i < GROUPS; i++) {
      const group = (first + i) % GROUPS;
      if (agreeAt(theirs, group, ours)) continue;
      if (!(await this.compareGroup(group, round))) return false;
    }
    // What lies before the place where this round began, in its group, comes first the next time.
    this.place = { range: first * RANGES_IN_GROUP, after: null };
    return true;
  }

  /** @returns whether the round may go on */
  private async compareGroup(group: number, round: Round): Promise<boolean> {
    const { index, questions, signal } = this.options;
    const first = group * RANGES_IN_GROUP;
    const place = groupOf(this.place.range) === group ? this.place : { range: first, after: null };
    // Until the peer has answered: what it cannot tell must not be asked for again and again.
    this.place = { range: (first + RANGES_IN_GROUP) % RANGES, after: null };
    const theirs = await questions.digests(this.node, group);
    this.place = place;
    const ours = await index.digests(group);
    for (let { range } = place; range < first + RANGES_IN_GROUP; range++) {
      if (agreeAt(theirs, range - first, ours)) continue;
      if (this.place.range !== range) this.place = { range, after: null };
      if (!(await this.compareRange(range, round)) || signal.aborted) return false;
    }
    return true;
  }

  private async compareRange(range: number, round: Round): Promise<boolean> {
    const nextRange = { range: (range + 1) % RANGES, after: null };
    for (let { after } = this.place; round.pages < MAX_PAGES && round.failed < MAX_FAILED;) {
      round.pages += 1;
      // Until the page is here: what the peer cannot tell must not be asked for again and again.
      this.place = nextRange;
      const page = await this.options.questions.page(this.node, range, after);
      const behind = page.next === null ? nextRange : { range, after: page.next };
      this.place = behind;
      const lacking = this.lackingOf(page.accounts, round);
      if (lacking.length > 0 && !(await this.takeAll(range, lacking, round))) return false;
      this.place = behind;
      if (page.next === null) return true;
      after = page.next;
    }
    return false;
  }

  /** What cannot be compared is left alone, and the others of its page are not. */
  private lackingOf(accounts: readonly AccountLeaf[], round: Round): readonly AccountLeaf[] {
    return accounts.filter((theirs) => {
      const gap = gapOf(this.options.engine, theirs);
      if (gap === 'differs') round.diverged += 1;
      if (gap === 'unreadable') round.failed += 1;
      return gap === 'lacks';
    });
  }

  private async takeAll(range: number, accounts: readonly AccountLeaf[], round: Round): Promise<boolean> {
    const { engine, pause, signal } = this.options;
    await pause(GRACE_MS);
    for (const theirs of accounts) {
      if (signal.aborted || round.failed >= MAX_FAILED) return false;
      this.place = { range, after: theirs.uid };
      if (gapOf(engine, theirs) !== 'lacks') continue;
      if (await this.heal(theirs)) round.healed += 1;
      else round.failed += 1;
    }
    return true;
  }

  /** @returns whether this node has all that the peer spoke of now */
  private async heal(theirs: AccountLeaf): Promise<boolean> {
    const { catchUp, engine, signal } = this.options;
    try {
      const late = (): Error => new VaultError('FLEET_UNAVAILABLE', 'the peer is slow');
      await untilStopped(within(catchUp.fetch(theirs.uid, this.node), FETCH_MS, late), signal);
    } catch (error) {
      if (!(error instanceof VaultError)) throw error;
    }
    return gapOf(engine, theirs) !== 'lacks';
  }
}

/** Whether both say the same at a place. */
function agreeAt(theirs: Bytes, place: number, ours: Bytes): boolean {
  const [start, end] = [place * DIGEST_LENGTH, (place + 1) * DIGEST_LENGTH];
  return equal(theirs.subarray(start, end), ours.subarray(start, end));
}
