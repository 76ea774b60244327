import {
  checkDecided,
  equal,
  parseVote,
  toHex,
  VaultError,
  type Bytes,
  type CheckedSet,
  type DecidedSet,
  type FleetRoster,
  type SignatureVerifier,
} from '@strongroom/protocol';
import type { AccountRows } from './account-rows.js';
import type { LogEngine } from './log-engine.js';
import { Waiters } from './waiters.js';

/** Enough for what is asked for again within seconds; older sets come from the store. */
const MAX_RECENT = 4_096;

/** Decided sets: those on disk, those decided a moment ago, and those somebody waits for. */
export class DecidedSets {
  private readonly recent = new Map<string, DecidedSet>();
  private readonly waiting = new Waiters<DecidedSet>();

  constructor(
    private readonly engine: LogEngine,
    private readonly rows: AccountRows,
    private readonly roster: FleetRoster,
    private readonly verifier: SignatureVerifier,
  ) {
    engine.listen({
      beforeFlush: ({ uid, effect }) => {
        if (effect.kind === 'decided') this.remember(uid, effect);
        if (effect.kind === 'known') this.answerKnown(uid, effect.id, effect.index);
        if (effect.kind === 'refused') this.waiting.reject(entryName(uid, effect.id), effect.error);
      },
    });
  }

  /** The set of an entry that this node holds decided, by its id; null when it is not. */
  find(uid: Bytes, id: Bytes): DecidedSet | null {
    const mark = this.engine.account(uid).state.marks.find((known) => equal(known.id, id));
    return mark === undefined ? null : this.at(uid, mark.index);
  }

  at(uid: Bytes, index: number): DecidedSet | null {
    return this.recent.get(nameOf(uid, index)) ?? this.rows.decided(uid, index);
  }

  /**
   * Waits for an entry of this very account: an id alone would hand one account the decision of another.
   * @throws FLEET_UNAVAILABLE after `timeoutMs`, or as the log refused the entry
   */
  wait(uid: Bytes, id: Bytes, timeoutMs: number): Promise<DecidedSet> {
    return this.waiting.wait(entryName(uid, id), timeoutMs, 'the entry was not decided in time');
  }

  /** Takes sets that somebody else carried, in order of index: checked, then learned. @throws NODE_MISBEHAVED */
  async learn(uid: Bytes, sets: readonly DecidedSet[]): Promise<void> {
    for (const set of [...sets].sort((a, b) => a.index - b.index)) {
      if (set.index <= this.engine.account(uid).state.index) continue;
      const checked = checkDecided(set, uid, this.roster, this.verifier);
      this.requireLaterEpoch(uid, checked);
      const votes = checked.votes.map(({ signed }) => signed);
      await this.engine.post(uid, { kind: 'set', index: set.index, value: set.value, logValue: checked.value, votes });
    }
  }

  /**
   * Epochs never go back within a log: nodes that left the fleet long ago, or whoever has their keys by now, append
   * nothing behind a decision of those that came after them (PROTOCOL 7.5).
   */
  private requireLaterEpoch(uid: Bytes, { index, votes }: CheckedSet): void {
    const [before] = this.at(uid, index - 1)?.votes ?? [];
    const epoch = votes[0]?.head.epoch ?? 0;
    if (before !== undefined && epoch < parseVote(before.statement).epoch)
      throw new VaultError('NODE_MISBEHAVED', 'the set is of an earlier epoch than the one before it', { epoch });
  }

  close(): void {
    this.waiting.rejectAll(new VaultError('FLEET_UNAVAILABLE', 'the node is stopping'));
  }

  private remember(uid: Bytes, { index, value, votes }: DecidedSet): void {
    const set = { index, value, votes };
    this.recent.set(nameOf(uid, index), set);
    const oldest = this.recent.keys().next();
    if (this.recent.size > MAX_RECENT && oldest.done !== true) this.recent.delete(oldest.value);
    const mark = this.engine.account(uid).state.marks.find((known) => known.index === index);
    if (mark !== undefined) this.waiting.resolve(entryName(uid, mark.id), set);
  }

  private answerKnown(uid: Bytes, id: Bytes, index: number): void {
    const set = this.at(uid, index);
    if (set === null) this.waiting.reject(entryName(uid, id), new VaultError('FLEET_UNAVAILABLE', 'the decided set is not at this node'));
    else this.waiting.resolve(entryName(uid, id), set);
  }
}

function entryName(uid: Bytes, id: Bytes): string {
  return `${toHex(uid)}.${toHex(id)}`;
}

function nameOf(uid: Bytes, index: number): string {
  return `${toHex(uid)}.${index}`;
}
