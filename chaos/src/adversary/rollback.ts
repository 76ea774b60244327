import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { until } from '@strongroom/stack';
import type { Fault } from '../plan/fault.js';
import type { ChaosVault } from '../vault/chaos-vault.js';
import { bringBack } from './bring-back.js';

export interface RollbackResult {
  readonly node: number;
  /** Votes that the node made known after the copy: with one or more its peers have seen more than the copy holds. */
  readonly votesAfterCopy: number;
  readonly detected: boolean;
}

const VOTES_WITHIN_MS = 15_000;
const EVENT_WITHIN_MS = 5_000;

/** Yesterday's copy of a node's directory takes the place of today's, as a careless restore does it. */
export async function rollBack(
  vault: ChaosVault,
  { node: index, holdMs, clean }: Extract<Fault, { kind: 'rollback' }>,
  now: () => number,
  signal: AbortSignal,
): Promise<RollbackResult> {
  const { observer, disks, outages } = vault;
  const node = vault.node(index);
  const folder = disks.folderOf(index);
  const copy = join(vault.dataDir, `yesterday-${index}`);
  await node.stop();
  await cp(folder, copy, { recursive: true });
  const votesBefore = observer.votesOf(index);
  await bringBack(vault, index, now, signal);
  outages.up(String(index));
  await delay(holdMs, undefined, { signal });
  const voted = (): true | undefined => (observer.votesOf(index) > votesBefore ? true : undefined);
  await until(voted, { what: `${node.name} to vote`, timeoutMs: VOTES_WITHIN_MS, signal });
  outages.down(String(index));
  await (clean ? node.stop() : node.kill9());
  const votesAfterCopy = observer.votesOf(index) - votesBefore;
  const detectedBefore = observer.rollbacksOf(index);
  await rm(folder, { recursive: true });
  await cp(copy, folder, { recursive: true });
  await rm(copy, { recursive: true });
  await bringBack(vault, index, now, signal);
  // The event leaves the node before its first ready heartbeat, on a connection of its own order; the observer may lag.
  const told = (): boolean => observer.rollbacksOf(index) > detectedBefore;
  const waited = until(() => told() || undefined, { what: 'the event', timeoutMs: EVENT_WITHIN_MS, signal });
  const detected = await waited.then(
    () => true,
    () => told(),
  );
  return { node: index, votesAfterCopy, detected };
}
