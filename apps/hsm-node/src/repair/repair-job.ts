import type { Log } from '@strongroom/platform';
import { toHex, type AccountLog, type Bytes } from '@strongroom/protocol';
import type { ShareKeeper } from '../account/share-keeper.js';
import type { AccountRows } from '../log/account-rows.js';
import type { LogEngine } from '../log/log-engine.js';
import { growing, type Pause } from '../roster/pause.js';
import type { ShareVault } from '../shares/share-vault.js';
import type { ShareRepair } from './share-repair.js';

/** How far this node has got with the shares that it lacks. */
export interface RepairProgress {
  readonly missing: number;
  readonly repaired: number;
  readonly failed: number;
}

export interface RepairJobOptions {
  readonly rows: Pick<AccountRows, 'page'>;
  readonly engine: Pick<LogEngine, 'account' | 'listen'>;
  readonly vault: ShareVault;
  readonly keeper: Pick<ShareKeeper, 'isUsable' | 'restore'>;
  readonly repair: Pick<ShareRepair, 'rebuild'>;
  readonly perSecond: number;
  readonly pause: Pause;
  readonly log: Log;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: RepairProgress) => void;
}

interface Missing {
  readonly uid: Bytes;
  readonly recordHash: Bytes;
}

/** Entries behind which this node has to hold a share that it did not hold before. */
const BRINGS_A_SHARE: ReadonlySet<string> = new Set(['register', 'reshare']);
const PAGE = 200;
const AT_A_TIME = 4;
const TELL_EVERY = 100;
/** After a pass that left something missing, ever later while nothing comes of it. */
const AGAIN_MS = 500;
const LAST_AGAIN_MS = 30_000;
/** Nothing is known to be missing; what an account's log makes living by time alone is noticed at the next look. */
const IDLE_MS = 600_000;
/** What a node can get when a version is decided it has by then; what it lacks after that is counted as missing. */
const GRACE_MS = 3_000;

/**
 * Rebuilds every share that this node should hold and does not (PROTOCOL 7.7). It keeps no list: what is missing is what
 * the log says is living and the vault does not hold, so a restart goes on where the last process ended.
 */
export class RepairJob {
  progress: RepairProgress = { missing: 0, repaired: 0, failed: 0 };
  /** Whether all accounts were looked at once: before that nobody knows what is missing. */
  counted = false;

  /** Accounts with a version that was decided a moment ago and is not held yet, by name. */
  private readonly suspects = new Map<string, Bytes>();
  private waking = new AbortController();

  constructor(private readonly options: RepairJobOptions) {
    options.engine.listen({
      afterFlush: ({ uid, effect }) => {
        if (effect.kind === 'decided' && BRINGS_A_SHARE.has(effect.logValue.entry.core.kind)) this.suspect(uid);
      },
    });
  }

  /** Goes over all accounts until the signal ends it. */
  async run(): Promise<void> {
    const { signal, pause } = this.options;
    let delays = growing(AGAIN_MS, LAST_AGAIN_MS);
    while (!signal.aborted) {
      const before = this.progress.repaired;
      await this.pass();
      if (this.progress.repaired > before) delays = growing(AGAIN_MS, LAST_AGAIN_MS);
      await pause(this.progress.missing > 0 ? delays.next().value : IDLE_MS, this.waking.signal);
      if (!this.waking.signal.aborted) continue;
      this.waking = new AbortController();
      delays = growing(AGAIN_MS, LAST_AGAIN_MS);
    }
  }

  /** A version that was dealt before this node came into its place, and decided afterwards, was dealt to another. */
  private suspect(uid: Bytes): void {
    if (this.missingOf(this.options.engine.account(uid)).length === 0) return;
    const isFirst = this.suspects.size === 0;
    this.suspects.set(toHex(uid), uid);
    if (isFirst) void this.lookAtSuspects();
  }

  /** One wait for all that come meanwhile: as many decisions as users may come within it. */
  private async lookAtSuspects(): Promise<void> {
    const { pause, engine, signal } = this.options;
    await pause(GRACE_MS);
    if (signal.aborted) return;
    const suspects = [...this.suspects.values()];
    this.suspects.clear();
    if (suspects.some((uid) => this.missingOf(engine.account(uid)).length > 0)) this.waking.abort();
  }

  private async pass(): Promise<void> {
    const { signal, onProgress } = this.options;
    let missing = 0;
    for await (const page of this.pages()) missing += page.length;
    const before = this.progress.missing;
    this.progress = { missing, repaired: this.progress.repaired, failed: 0 };
    this.counted = true;
    if (missing === 0 && before === 0) return;
    onProgress(this.progress);
    for await (const page of this.pages()) {
      for (let i = 0; i < page.length && !signal.aborted; i += AT_A_TIME) await this.some(page.slice(i, i + AT_A_TIME));
    }
    onProgress(this.progress);
  }

  /** A few at once, and then a rest: users come first. */
  private async some(few: readonly Missing[]): Promise<void> {
    const { perSecond, pause, onProgress } = this.options;
    await Promise.all(few.map((one) => this.one(one)));
    if (Math.floor(this.progress.repaired / TELL_EVERY) > Math.floor((this.progress.repaired - few.length) / TELL_EVERY))
      onProgress(this.progress);
    await pause((few.length * 1_000) / perSecond);
  }

  private async one({ uid, recordHash }: Missing): Promise<void> {
    const held = await this.restored(uid, recordHash).catch((error: unknown) => {
      this.options.log.error({ event: 'repair.failed', reason: error instanceof Error ? error.message : 'unknown' });
      return false;
    });
    const { missing, repaired, failed } = this.progress;
    this.progress = held
      ? { missing: Math.max(0, missing - 1), repaired: repaired + 1, failed }
      : { missing, repaired, failed: failed + 1 };
  }

  private async restored(uid: Bytes, recordHash: Bytes): Promise<boolean> {
    const { vault, keeper, repair } = this.options;
    // What a peer still keeps for this node costs less: the keeper asks for it.
    if (await keeper.restore(uid, recordHash, () => Promise.resolve())) return true;
    if (!keeper.isUsable(uid, recordHash)) return false;
    const rebuilt = await repair.rebuild(uid, recordHash);
    if (rebuilt === null) return false;
    const { record, encoded, share } = rebuilt;
    try {
      const version = { uid, recordHash, ver: record.ver, record: encoded, sealed: [], share };
      return await keeper.restore(uid, recordHash, () => vault.stage(version));
    } finally {
      share.fill(0);
    }
  }

  private async *pages(): AsyncGenerator<readonly Missing[]> {
    const { rows, signal, pause } = this.options;
    for (let after: Bytes | null = null; !signal.aborted;) {
      const page: ReturnType<AccountRows['page']> = rows.page(after, PAGE);
      yield page.accounts.flatMap((account) => this.missingOf(account));
      if (page.next === null) return;
      after = page.next;
      await pause(0);
    }
  }

  private missingOf({ uid, state }: AccountLog): readonly Missing[] {
    const { vault, keeper } = this.options;
    const living = [state.active, state.pending?.version ?? null].filter((version) => version !== null);
    const lacking = living.filter(({ recordHash }) => !vault.holds(uid, recordHash) && keeper.isUsable(uid, recordHash));
    return lacking.map(({ recordHash }) => ({ uid, recordHash }));
  }
}
