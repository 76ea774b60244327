import type { Bytes } from '@strongroom/protocol';
import type { Log } from '@strongroom/platform';
import type { AccountRows } from '../log/account-rows.js';
import type { Pause } from '../roster/pause.js';
import type { AccountHistory } from './account-history.js';

const EVERY_MS = 60 * 60_000;
const PAGE = 200;
/** Between two pages, so that a sweep of many accounts holds nobody up. */
const BREATH_MS = 50;

export interface HistorySweepOptions {
  readonly rows: Pick<AccountRows, 'page'>;
  readonly history: Pick<AccountHistory, 'prune'>;
  readonly pause: Pause;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** Ends, once an hour, what accounts are told of no more because it is too old, also where nothing happens any more. */
export class HistorySweep {
  constructor(private readonly options: HistorySweepOptions) {}

  async run(): Promise<void> {
    const { signal, pause } = this.options;
    while (!signal.aborted) {
      await this.sweep();
      await pause(EVERY_MS);
    }
  }

  private async sweep(): Promise<void> {
    const { rows, history, pause, log, signal } = this.options;
    let removed = 0;
    try {
      for (let after: Bytes | null = null; !signal.aborted;) {
        const page: ReturnType<AccountRows['page']> = rows.page(after, PAGE);
        for (const { uid, state } of page.accounts) removed += await history.prune(uid, state.index);
        if (page.next === null) break;
        after = page.next;
        await pause(BREATH_MS);
      }
    } catch (error) {
      log.warn({ event: 'history.sweep-failed', reason: error instanceof Error ? error.message : 'unknown' });
    }
    if (removed > 0) log.info({ event: 'history.pruned', entries: removed });
  }
}
