import type { Log } from '@strongroom/platform';
import type { LogEngine } from '../log/log-engine.js';
import type { Liveness } from '../peers/liveness.js';
import type { PeerCalls } from '../peers/peer-calls.js';
import type { Pause } from '../roster/pause.js';
import type { AccountIndex } from './account-index.js';
import { RANGES } from './account-leaf.js';
import { PeerComparison, type ComparisonResult, type PeerComparisonOptions } from './peer-comparison.js';

export interface AntiEntropyOptions extends PeerComparisonOptions {
  readonly engine: Pick<LogEngine, 'account' | 'listen'>;
  readonly index: AccountIndex;
  readonly peers: Pick<PeerCalls, 'others'>;
  readonly liveness: Pick<Liveness, 'livePeers'>;
  /** Between two rounds with one peer; 0 turns all of it off. */
  readonly intervalMs: number;
  readonly pause: Pause;
  readonly log: Log;
  readonly signal: AbortSignal;
  readonly onHealed: (from: number, accounts: number) => void;
  readonly onDiverged: (from: number, accounts: number) => void;
}

/** As long as something comes of it a round that was cut goes on soon. */
const GO_ON_MS = 1_000;

/**
 * Finds, in the background, what this node missed and nobody asks for (PROTOCOL 7.4). Each peer has rounds of its own:
 * one that lies or is slow holds up nothing but these.
 */
export class AntiEntropy {
  constructor(private readonly options: AntiEntropyOptions) {
    const { engine, index, intervalMs } = options;
    if (intervalMs > 0) engine.listen({ kept: (account) => index.set(account) });
  }

  /** Goes on until the signal ends it. */
  async run(): Promise<void> {
    const { peers, intervalMs } = this.options;
    if (intervalMs === 0) return;
    if (!(await this.isBuilt())) return;
    await Promise.all(peers.others.map((node, i, { length }) => this.lane(node, i / length)));
  }

  /** A row that cannot be read ends the comparing, and nothing else that this node does. */
  private async isBuilt(): Promise<boolean> {
    const { index, log, signal } = this.options;
    try {
      await index.build(signal);
    } catch (error) {
      log.error({ event: 'anti-entropy.failed', reason: error instanceof Error ? error.message : 'unknown' });
    }
    return index.isComplete;
  }

  /** @param offset spreads the lanes over the interval and the ranges, so that not all ask for the same at once */
  private async lane(node: number, offset: number): Promise<void> {
    const { liveness, intervalMs, pause, signal } = this.options;
    const comparison = new PeerComparison(node, Math.floor(offset * RANGES), this.options);
    await pause(offset * intervalMs);
    while (!signal.aborted) {
      const result = liveness.livePeers.includes(node) ? await this.round(comparison, node) : null;
      const goOn = result !== null && result.cut && result.healed > 0;
      await pause(goOn ? Math.min(GO_ON_MS, intervalMs) : intervalMs);
    }
  }

  private async round(comparison: PeerComparison, node: number): Promise<ComparisonResult | null> {
    const { log, onHealed, onDiverged } = this.options;
    try {
      const result = await comparison.run();
      const { healed, failed, diverged, refusal } = result;
      if (healed > 0) onHealed(node, healed);
      if (diverged > 0) onDiverged(node, diverged);
      if (healed + failed + diverged > 0) log.warn({ event: 'anti-entropy.differences', node, healed, failed, diverged });
      if (refusal !== null) log.debug({ event: 'anti-entropy.peer-failed', node, code: refusal.code });
      return result;
    } catch (error) {
      log.error({ event: 'anti-entropy.failed', node, reason: error instanceof Error ? error.message : 'unknown' });
      return null;
    }
  }
}
