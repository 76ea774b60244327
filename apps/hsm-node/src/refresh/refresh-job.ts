import type { Log } from '@strongroom/platform';
import { parseVote, VaultError, type AccountLog, type Bytes, type LivingVersion } from '@strongroom/protocol';
import type { ShareKeeper } from '../account/share-keeper.js';
import type { AccountRows } from '../log/account-rows.js';
import type { LogEngine } from '../log/log-engine.js';
import { growing, type Pause } from '../roster/pause.js';
import type { ReshareRun } from './reshare-run.js';

/** How far the fleet has got with a refresh, by this node's own log. */
export interface RefreshProgress {
  readonly stale: number;
  readonly refreshed: number;
  readonly failed: number;
}

export interface RefreshJobOptions {
  /** Versions of an earlier generation are shared anew; 0 for none. */
  readonly since: number;
  readonly rows: Pick<AccountRows, 'page' | 'decided'>;
  readonly engine: Pick<LogEngine, 'account' | 'listen'>;
  readonly keeper: Pick<ShareKeeper, 'isUsable'>;
  readonly run: Pick<ReshareRun, 'reshare'>;
  /** Whether this node coordinates for the account now. */
  readonly isCoordinator: (uid: Bytes) => boolean;
  /** Whether every member takes part: without one of them nothing can be shared anew. */
  readonly isComplete: () => boolean;
  readonly perSecond: number;
  readonly pause: Pause;
  readonly log: Log;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: RefreshProgress) => void;
}

const PAGE = 200;
const AT_A_TIME = 4;
const TELL_EVERY = 100;
/** All of it within the time that a session holds users' entries back. */
const TRY_AGAIN_MS = [20, 40, 80, 160];
/** After a pass that left something stale, ever later while nothing comes of it. */
const AGAIN_MS = 250;
const LAST_AGAIN_MS = 5_000;
/** Nothing is stale: a version that was registered while its epoch ended is noticed at the next look. */
const IDLE_MS = 600_000;

/**
 * Shares every living version anew after a refresh was announced (PROTOCOL 7.8). It keeps no list: what is stale is what the log
 * says, so whichever process ends, the others and the next one go on where it was.
 */
export class RefreshJob {
  progress: RefreshProgress = { stale: 0, refreshed: 0, failed: 0 };
  /** Whether all accounts were looked at once. */
  counted = false;

  constructor(private readonly options: RefreshJobOptions) {
    options.engine.listen({
      afterFlush: ({ effect }) => {
        if (effect.kind === 'decided' && effect.logValue.entry.core.kind === 'reshare') this.advance();
      },
    });
  }

  /** Goes over all accounts until the signal ends it. */
  async run(): Promise<void> {
    const { signal, pause, since } = this.options;
    if (since === 0) {
      this.counted = true;
      return;
    }
    let delays = growing(AGAIN_MS, LAST_AGAIN_MS);
    while (!signal.aborted) {
      const before = this.progress.refreshed;
      await this.pass();
      if (this.progress.refreshed > before) delays = growing(AGAIN_MS, LAST_AGAIN_MS);
      await pause(this.progress.stale > 0 ? delays.next().value : IDLE_MS);
    }
  }

  private async pass(): Promise<void> {
    const { signal, onProgress } = this.options;
    let stale = 0;
    for await (const page of this.pages()) stale += page.length;
    const before = this.progress.stale;
    this.progress = { ...this.progress, stale, failed: 0 };
    this.counted = true;
    if (stale === 0 && before === 0) return;
    onProgress(this.progress);
    for await (const page of this.pages()) {
      const own = page.filter(({ uid }) => this.options.isCoordinator(uid));
      for (let i = 0; i < own.length && !signal.aborted; i += AT_A_TIME) await this.some(own.slice(i, i + AT_A_TIME));
    }
    onProgress(this.progress);
  }

  /** A few at once, and then a rest: users come first. */
  private async some(few: readonly Stale[]): Promise<void> {
    const { perSecond, pause, isComplete } = this.options;
    if (isComplete()) await Promise.all(few.map((one) => this.one(one)));
    else this.progress = { ...this.progress, failed: this.progress.failed + few.length };
    await pause((few.length * 1_000) / perSecond);
  }

  /** What was under way at its users' word when the session began takes the place; behind it theirs are held back. */
  private async one(stale: Stale): Promise<void> {
    for (const ms of [...TRY_AGAIN_MS, null]) {
      const taken = await this.once(stale, ms === null);
      if (!taken || ms === null) return;
      await this.options.pause(ms);
    }
  }

  /** @returns whether another entry took the place. The `last` time that counts as failed like anything else */
  private async once({ uid, version }: Stale, last: boolean): Promise<boolean> {
    try {
      await this.options.run.reshare(uid, version);
      return false;
    } catch (error) {
      if (!last && error instanceof VaultError && error.code === 'CONFLICT') return true;
      this.progress = { ...this.progress, failed: this.progress.failed + 1 };
      // What stopped it was told where it was found; the next pass begins anew with whatever the log says then.
      const reason = error instanceof Error ? error.message : 'unknown';
      if (error instanceof VaultError)
        this.options.log.debug({ event: 'refresh.put-off', code: error.code, node: error.metadata['node'], reason });
      else this.options.log.error({ event: 'refresh.failed', reason });
      return false;
    }
  }

  private advance(): void {
    const { stale, refreshed, failed } = this.progress;
    this.progress = { stale: Math.max(0, stale - 1), refreshed: refreshed + 1, failed };
    if (this.progress.stale === 0 || this.progress.refreshed % TELL_EVERY === 0) this.options.onProgress(this.progress);
  }

  private async *pages(): AsyncGenerator<readonly Stale[]> {
    const { rows, signal, pause } = this.options;
    for (let after: Bytes | null = null; !signal.aborted;) {
      const page: ReturnType<AccountRows['page']> = rows.page(after, PAGE);
      yield page.accounts.flatMap((account) => this.staleOf(account));
      if (page.next === null) return;
      after = page.next;
      await pause(0);
    }
  }

  /** What is locked or over is left alone: its shares are about to be erased. */
  private staleOf(account: AccountLog): readonly Stale[] {
    const { keeper, since } = this.options;
    const { uid, state } = account;
    const living = [state.active, state.pending?.version ?? null].filter((version) => version !== null);
    const stale = living.filter((version) => version.generation < since && keeper.isUsable(uid, version.recordHash));
    return stale.filter((version) => this.registeredIn(account, version) < since).map((version) => ({ uid, version }));
  }

  /** A version that was registered since is fresh as it is. 0 when its entry is no longer known. */
  private registeredIn({ uid, state }: AccountLog, { ver }: LivingVersion): number {
    const mark = state.marks.find(({ kind, ver: of }) => kind === 'register' && of === ver);
    const [vote] = mark === undefined ? [] : (this.options.rows.decided(uid, mark.index)?.votes ?? []);
    return vote === undefined ? 0 : parseVote(vote.statement).epoch;
  }
}

interface Stale {
  readonly uid: Bytes;
  readonly version: LivingVersion;
}
