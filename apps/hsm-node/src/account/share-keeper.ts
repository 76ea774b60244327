import type { Log } from '@strongroom/platform';
import {
  accountStatus,
  lastOkOf,
  settledState,
  toHex,
  type AccountLog,
  type AccountPolicy,
  type AccountState,
  type Bytes,
} from '@strongroom/protocol';
import type { LogEngine } from '../log/log-engine.js';
import type { ShareVault } from '../shares/share-vault.js';
import type { Attestation } from './attestation.js';
import type { Deadlines } from './deadlines.js';
import type { RecordFetch } from './record-fetch.js';

/** What became of an account's versions at this node. */
export interface KeeperEvents {
  readonly activated: (uid: Bytes, recordHash: Bytes) => void;
  readonly locked: (uid: Bytes, recordHash: Bytes, eraseAtMs: number) => void;
  readonly erased: (uid: Bytes, recordHash: Bytes, reason: 'locked' | 'deleted' | 'replaced') => void;
  /** This node holds its share of a decided version: peers may destroy what they keep for it. */
  readonly held: (uid: Bytes, recordHash: Bytes) => void;
}

export interface ShareKeeperOptions {
  readonly engine: LogEngine;
  readonly vault: ShareVault;
  readonly deadlines: Deadlines;
  readonly fetch: RecordFetch;
  readonly attestation: Attestation;
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

  constructor(private readonly options: ShareKeeperOptions) {
    options.engine.listen({
      afterFlush: ({ uid, effect, before }, account) => {
        if (effect.kind === 'confirmed') void this.inTurn(uid, () => this.schedule(uid));
        if (effect.kind !== 'decided') return;
        const isAttempt = effect.logValue.entry.core.kind === 'attempt';
        void this.inTurn(uid, () => (isAttempt ? this.schedule(uid) : this.follow(before, account)));
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

  /** Resolves when nothing is under way. */
  async settled(): Promise<void> {
    while (this.turns.size > 0) await Promise.all(this.turns.values());
  }

  private async follow(before: AccountState, { uid }: AccountLog): Promise<void> {
    const { engine, vault, fetch, events } = this.options;
    const { state } = engine.account(uid);
    for (const version of [state.active, state.pending?.version ?? null]) {
      if (version === null || this.isErased(uid)) continue;
      if (!(await fetch.obtain(uid, version.recordHash, null))) continue;
      await vault.activate(uid, version.recordHash);
      events.held(uid, version.recordHash);
    }
    await this.dropReplaced(uid, before, state);
    await this.schedule(uid);
  }

  private async dropReplaced(uid: Bytes, before: AccountState, now: AccountState): Promise<void> {
    const { vault, events } = this.options;
    if (now.active !== null && now.active.ver !== before.active?.ver) {
      events.activated(uid, now.active.recordHash);
      await vault.eraseAllExcept(uid, now.active.recordHash);
      if (before.active !== null) events.erased(uid, before.active.recordHash, 'replaced');
    }
    if (now.active === null && before.active !== null) {
      await vault.eraseAllExcept(uid, null);
      events.erased(uid, before.active.recordHash, 'deleted');
    }
    const dropped = before.pending?.version;
    if (dropped !== null && dropped !== undefined && now.pending?.ver !== dropped.ver && now.active?.ver !== dropped.ver)
      await vault.erase(uid, dropped.recordHash);
  }

  /** A locked account is erased, and a pending change takes effect, when its time has come. */
  private async schedule(uid: Bytes): Promise<void> {
    const { engine, vault, deadlines, policy, eraseDeadlineMs, nowMs, events } = this.options;
    const account = engine.account(uid);
    const now = nowMs();
    const settled = settledState(account.state, lastOkOf(account), now, policy);
    const locked = accountStatus(settled, lastOkOf(account), policy) === 'locked' && settled.active !== null;
    if (locked && settled.active !== null && vault.holds(uid, settled.active.recordHash)) {
      if (deadlines.has(uid)) return;
      await deadlines.set(uid, now + eraseDeadlineMs);
      events.locked(uid, settled.active.recordHash, now + eraseDeadlineMs);
    } else if (settled.pending !== null) {
      await deadlines.set(uid, settled.pending.stampMs + policy.coolDownMs);
    } else {
      await deadlines.clear(uid);
    }
  }

  /** The time has come: with q nodes agreeing that nothing newer is known, what is over is destroyed. */
  private async act(uid: Bytes): Promise<void> {
    const { engine, vault, deadlines, attestation, policy, nowMs, events } = this.options;
    // An earlier turn may have acted on it: ticks come faster than silent peers answer.
    if (!deadlines.isDue(uid, nowMs())) return;
    if (!(await attestation.confirmNewest(uid))) {
      await deadlines.set(uid, nowMs() + ASK_AGAIN_MS);
      return;
    }
    const account = engine.account(uid);
    const settled = settledState(account.state, lastOkOf(account), nowMs(), policy);
    await deadlines.clear(uid);
    if (accountStatus(settled, lastOkOf(account), policy) === 'locked' && settled.active !== null) {
      await vault.eraseAllExcept(uid, settled.pending?.version?.recordHash ?? null);
      events.erased(uid, settled.active.recordHash, 'locked');
    } else if (account.state.pending !== null && settled.pending === null) {
      await this.dropReplaced(uid, account.state, settled);
    }
    await this.schedule(uid);
  }

  /** Nothing is fetched again for an account that was locked and erased. */
  private isErased(uid: Bytes): boolean {
    const { engine, policy, nowMs, deadlines } = this.options;
    const account = engine.account(uid);
    const settled = settledState(account.state, lastOkOf(account), nowMs(), policy);
    return accountStatus(settled, lastOkOf(account), policy) === 'locked' && !deadlines.has(uid);
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
