import { until } from '@strongroom/stack';
import type { ChaosVault } from '../vault/chaos-vault.js';

const BACK_WITHIN_MS = 90_000;

/**
 * Starts a node that has ended and waits until it says that it takes part. One that refuses to start is started again:
 * a bus that is away or a disk without room ends it, as it should.
 * @throws Error naming the node when it does not come back in time
 */
export async function bringBack(vault: ChaosVault, index: number, now: () => number, signal: AbortSignal): Promise<void> {
  const node = vault.node(index);
  const since = now();
  const isBack = async (): Promise<true | undefined> => {
    if (!node.isRunning) await node.start();
    return vault.observer.heardSince(index, since) ? true : undefined;
  };
  await until(isBack, { what: `${node.name} to take part again`, timeoutMs: BACK_WITHIN_MS, signal });
}
