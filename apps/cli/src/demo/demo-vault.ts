import { randomFillSync, randomInt } from 'node:crypto';
import { MemoryDeviceStore, VaultClient, systemClock } from '@strongroom/client';
import { developmentTokens } from '@strongroom/client/development';
import { workerThreadStretcher } from '@strongroom/client/node';
import { nodeSigner, nodeVerifier } from '@strongroom/platform';
import type { BusDoor } from '../bus/bus-door.js';

/** The running vault as the demo uses it: the gateway's address, the trust root, and node processes that can be killed. */
export interface DemoVault {
  readonly gatewayUrl: string;
  readonly bus: BusDoor;
  readonly trustRoot: string;
  /** N of PROTOCOL 1. */
  readonly attempts: number;
  readonly nodes: readonly DemoNode[];
}

export interface DemoNode {
  readonly name: string;
  readonly isRunning: boolean;
  kill9(): Promise<void>;
  start(): Promise<void>;
}

/** A device that has never seen the vault: nothing stored, a new binding key. */
export function newDevice({ gatewayUrl, trustRoot }: DemoVault, account: string): VaultClient {
  const seed = randomFillSync(new Uint8Array(32));
  const bindingKey = nodeSigner(seed);
  seed.fill(0);
  return new VaultClient({
    gatewayUrl,
    trustRoot,
    bindingKey,
    accountToken: developmentTokens({ gatewayUrl, account, bindingKey: bindingKey.publicKey, nowMs: systemClock.nowMs }),
    deviceStore: new MemoryDeviceStore(),
    stretcher: workerThreadStretcher(),
    verifier: nodeVerifier,
  });
}

/** Eight digits for one run, never shown. Nobody chose them, so they may happen to look like a pattern. */
export function randomCode(): string {
  return String(randomInt(100_000_000)).padStart(8, '0');
}
