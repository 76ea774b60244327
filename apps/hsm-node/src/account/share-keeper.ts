import type { Log } from '@strongroom/platform';
import {
  accountStatus,
  equal,
  lastOkOf,
  settledState,
  toHex,
  type AccountLog,
  type AccountPolicy,
  type AccountState,
  type Bytes,
  type LivingVersion,
} from '@strongroom/protocol';
import type { LogEngine } from '../log/log-engine.js';
import type { ShareVault } from '../shares/share-vault.js';
import type { Attestation } from './attestation.js';
import type { DeadlineReason, Deadlines } from './deadlines.js';
import type { RecordFetch } from './record-fetch.js';

/** What became of an account's versions at this node. */
export interface KeeperEvents {
  readonly activated: (uid: Bytes, recordHash: Bytes) => void;
  readonly locked: (uid: Bytes, recordHash: Bytes, eraseAtMs: number) => void;
  readonly erased: (uid: Bytes, recordHash: Bytes, reason: 'locked' | 'deleted' | 'replaced' | 'refreshed') => void;
  /** This node holds its share of a decided version: peers may destroy what they keep for it. */
  readonly held: (uid: Bytes, recordHash: Bytes) => void;
}

export interface ShareKeeperOptions {
  readonly engine: Pick<LogEngine, 'account' | 'listen'>;
  readonly vault: ShareVault;
  readonly deadlines: Deadlines;
  readonly fetch: Pick<RecordFetch, 'obtain'>;
  readonly attestation: Pick<Attestation, 'confirmNewest'>;
  readonly policy: AccountPolicy;
  readonly eraseDeadlineMs: number;
  readonly nowMs: () => number;
  readonly log: Log;
  readonly events: KeeperEvents;
}

/** An erase that could not be made sure of is tried again after this. */
const ASK_AGAIN_MS = 1_000;

/** Keeps the vault in step with the log: what is decided is kept, what is over is destroyed, without anybody asking. */
export class ShareKeeper {
  private readonly turns = new Map<string, Promise<void>>();
  private readonly erasing = new Set<string>();

  constructor(private readonly options: ShareKeeperOptions) {
    options.engine.listen({
      afterFlush: ({ uid, effect, before }, account) => {
        if (effect.kind === 'confirmed') void this.inTurn(uid, () => this.schedule(uid));
        if (effect.kind !== 'decided') return;
        // An attempt changes no version by itself, but with its stamp a pending change may have come into force.
        const same = before.active === account.state.active && before.pending === account.state.pending;
        void this.inTurn(uid, () => (same ? this.schedule(uid) : this.follow(before, account)));
      },
    });
  }

  /** Looks again at an account after a restart: a crash may have come between the log and the vault. */
  review(account: AccountLog): Promise<void> {
    return this.inTurn(account.uid, () => this.follow(account.state, account));
  }

  /** Acts on deadlines that are over. */
  async tick(): Promise<void> {
    const { deadlines, nowMs } = this.options;
    for (const { uid } of deadlines.due(nowMs())) await this.inTurn(uid, () => this.act(uid));
  }

  /** A confirmation that comes now comes too late: it must not be acknowledged by a node that loses its share. */
  isErasing(uid: Bytes): boolean {
    return this.erasing.has(toHex(uid));
  }

  /**
   * Whether a version has had its time: its share may have been erased here and must not come back, from whoever recorded
   * it (I6). A locked one is over in this sense, an earlier one too; one above the highest decided version is not.
   */
  isOver({ uid, ver, recordHash }: { readonly uid: Bytes; readonly ver: number; readonly recordHash: Bytes }): boolean {
    return ver <= this.look(uid).state.ver && !this.isUsable(uid, recordHash);
  }

  /**
   * Gets what this node lacks of a version from its peers, in the account's turn: behind an erase nothing comes back (I6),
   * and what comes before one is destroyed by it.
   */
  async obtain(uid: Bytes, recordHash: Bytes): Promise<void> {
    if (!this.options.vault.holds(uid, recordHash)) await this.inTurn(uid, () => this.keep(uid, recordHash));
  }

  /**
   * Whether a share of the version may be fetched or rebuilt, here or with this node's help: what is locked may be erased
   * somewhere, and what was erased here stays so when a confirmation that comes too late ends the lock (I6).
   */
  isUsable(uid: Bytes, recordHash: Bytes): boolean {
    const { settled, locked } = this.look(uid);
    const usable = [locked ? null : settled.active, settled.pending?.version ?? null];
    if (this.isErasing(uid) || this.options.vault.isBarred(uid, recordHash)) return false;
    return usable.some((version) => version !== null && equal(version.recordHash, recordHash));
  }

  /** Keeps a share that was rebuilt, unless its version is over by now. @returns whether this node holds it */
  async restore(uid: Bytes, recordHash: Bytes, stage: () => Promise<void>): Promise<boolean> {
    const { engine, vault } = this.options;
    await this.inTurn(uid, async () => {
      if (!this.isUsable(uid, recordHash)) return;
      await stage();
      const account = engine.account(uid);
      await this.follow(account.state, account);
    });
    return vault.holds(uid, recordHash);
  }

  /**
   * Keeps this node's share of a new sharing beside the one that is in force, while the version is living and the place of
   * the log for which it was made is open; in turn with the account's erases, behind which nothing comes back (I6).
   * @returns whether this node holds it, durably
   */
  async prepare(uid: Bytes, before: Bytes, index: number, stage: () => Promise<void>): Promise<boolean> {
    const { engine } = this.options;
    let held = false;
    await this.inTurn(uid, async () => {
      if (!this.isUsable(uid, before) || engine.account(uid).state.index + 1 !== index) return;
      await stage();
      held = true;
    });
    return held;
  }

  /** Resolves when nothing is under way. */
  async settled(): Promise<void> {
    while (this.turns.size > 0) await Promise.all(this.turns.values());
  }

  /** Keeps what the log says is living, destroys the rest: whatever a crash left undone is done the next time. */
  private async follow(before: AccountState, { uid }: AccountLog): Promise<void> {
    const { engine, vault, events } = this.options;
    const { state } = engine.account(uid);
    const living = [state.active, state.pending?.version ?? null].filter((version) => version !== null);
    for (const { recordHash } of living) await this.keep(uid, recordHash);
    if (state.active !== null && state.active.ver !== before.active?.ver) events.activated(uid, state.active.recordHash);
    const erased = await vault.eraseUpTo(
      uid,
      state.ver,
      living.map(({ recordHash }) => recordHash),
      state.index + 1,
    );
    const same = living.some(({ ver }) => ver === before.active?.ver);
    const reason = state.active === null ? 'deleted' : same ? 'refreshed' : 'replaced';
    for (const recordHash of erased) events.erased(uid, recordHash, reason);
    await this.schedule(uid);
  }

  /** Nothing is fetched for a version that is locked or over: it may have been erased here. */
  private async keep(uid: Bytes, recordHash: Bytes): Promise<void> {
    const { vault, fetch, events } = this.options;
    if (this.isUsable(uid, recordHash) ? !(await fetch.obtain(uid, recordHash, null)) : !vault.holds(uid, recordHash)) return;
    await vault.activate(uid, recordHash);
    events.held(uid, recordHash);
  }

  /**
   * A locked account is erased, and so is one whose deletion is not called off, when its time has come. A registration
   * that comes into force by time erases nothing: a confirmation that is still on its way calls it off, so the old
   * version goes with the first entry that is decided after it (`follow`).
   */
  private async schedule(uid: Bytes): Promise<void> {
    const { vault, deadlines, policy, eraseDeadlineMs, nowMs, events } = this.options;
    const { state, settled, locked, lastOk } = this.look(uid);
    const known = deadlines.get(uid);
    const pending = state.pending !== null && lastOk <= state.pending.index ? state.pending : null;
    if (locked && settled.active !== null && vault.holds(uid, settled.active.recordHash)) {
      if (known?.reason === 'lock') return;
      const atMs = nowMs() + eraseDeadlineMs;
      await deadlines.set({ uid, atMs, reason: 'lock' });
      events.locked(uid, settled.active.recordHash, atMs);
    } else if (pending?.version === null && state.active !== null && vault.holds(uid, state.active.recordHash)) {
      if (known?.reason === 'deletion') return;
      await deadlines.set({ uid, atMs: pending.stampMs + policy.coolDownMs + eraseDeadlineMs, reason: 'deletion' });
    } else {
      await deadlines.clear(uid);
    }
  }

  /** The time has come: with q nodes agreeing that nothing newer is known, what is over is destroyed. */
  private async act(uid: Bytes): Promise<void> {
    const { deadlines, attestation, nowMs, events } = this.options;
    const due = deadlines.get(uid);
    // An earlier turn may have acted on it: ticks come faster than silent peers answer.
    if (due === null || due.atMs > nowMs()) return;
    if (!(await attestation.confirmNewest(uid))) {
      await deadlines.set({ ...due, atMs: nowMs() + ASK_AGAIN_MS });
      return;
    }
    const { state, settled, locked } = this.look(uid);
    const reason: DeadlineReason | null = locked ? 'lock' : settled.active === null ? 'deletion' : null;
    if (reason === due.reason) {
      const living = settled.active ?? state.active;
      const kept = settled.pending?.version ?? null;
      const erased = await this.eraseForGood(uid, living, state.ver, kept === null ? [] : [kept.recordHash]);
      for (const recordHash of erased) events.erased(uid, recordHash, reason === 'lock' ? 'locked' : 'deleted');
    }
    await deadlines.clear(uid);
    await this.schedule(uid);
  }

  /** A confirmation may be under way: it would end the lock, and must not bring back what this node lets go of (I6). */
  private async eraseForGood(uid: Bytes, living: LivingVersion | null, ver: number, kept: readonly Bytes[]): Promise<readonly Bytes[]> {
    const { vault } = this.options;
    this.erasing.add(toHex(uid));
    try {
      if (living !== null) await vault.bar(uid, living.recordHash);
      return await vault.eraseUpTo(uid, ver, kept, Infinity);
    } finally {
      this.erasing.delete(toHex(uid));
    }
  }

  private look(uid: Bytes): {
    readonly state: AccountState;
    readonly settled: AccountState;
    readonly lastOk: number;
    readonly locked: boolean;
  } {
    const { engine, policy, nowMs } = this.options;
    const account = engine.account(uid);
    const lastOk = lastOkOf(account);
    const settled = settledState(account.state, lastOk, nowMs(), policy);
    return { state: account.state, settled, lastOk, locked: accountStatus(settled, lastOk, policy) === 'locked' };
  }

  private inTurn(uid: Bytes, work: () => Promise<void>): Promise<void> {
    const key = toHex(uid);
    const turn = (this.turns.get(key) ?? Promise.resolve())
      .then(work)
      .catch((error: unknown) =>
        this.options.log.error({ event: 'shares.keep-failed', reason: error instanceof Error ? error.message : 'unknown' }),
      )
      .finally(() => {
        if (this.turns.get(key) === turn) this.turns.delete(key);
      });
    this.turns.set(key, turn);
    return turn;
  }
}
