import { setTimeout as delay } from 'node:timers/promises';
import { until } from '@strongroom/stack';
import type { Fault, FaultKind, Round } from '../plan/fault.js';
import type { ChaosVault } from '../vault/chaos-vault.js';
import { rollBack, type RollbackResult } from './rollback.js';
import { bringBack } from './bring-back.js';

export interface AdversaryResult {
  readonly faults: Readonly<Record<FaultKind, number>>;
  /** When nodes were killed, by the run's clock. */
  readonly killedAt: readonly number[];
  readonly rollbacks: readonly RollbackResult[];
  /** Nodes that ended by themselves because their disk was full. */
  readonly endedByFullDisk: number;
}

type NodeFault = Exclude<Extract<Fault, { readonly node: number }>, { readonly kind: 'rollback' }>;

/** Carries faults out, one round after the other, and waits after each until every node is back. */
export class Adversary {
  private readonly faults: Record<FaultKind, number> = {
    ...{ kill: 0, pause: 0, cut: 0, stall: 0, delay: 0 },
    ...{ diskFull: 0, rollback: 0, busRestart: 0, gatewayKill: 0 },
  };
  private readonly killedAt: number[] = [];
  private readonly rollbacks: RollbackResult[] = [];
  private endedByFullDisk = 0;

  constructor(
    private readonly vault: ChaosVault,
    private readonly now: () => number,
    private readonly signal: AbortSignal,
    private readonly progress: (line: string) => void,
  ) {}

  get result(): AdversaryResult {
    const { faults, killedAt, rollbacks, endedByFullDisk } = this;
    return { faults, killedAt, rollbacks, endedByFullDisk };
  }

  /** @throws Error when a node does not come back, or the signal's reason; every fault of the round is ended before */
  async run(round: Round): Promise<void> {
    this.progress(round.map(described).join(', '));
    const done = await Promise.allSettled(round.map((fault) => this.strike(fault)));
    for (const each of done) if (each.status === 'rejected') throw each.reason;
  }

  private async strike(fault: Fault): Promise<void> {
    await delay(fault.afterMs, undefined, { signal: this.signal });
    const { vault } = this;
    if (!('node' in fault)) return fault.kind === 'busRestart' ? this.restartBus(fault.holdMs) : this.killGateway(fault.holdMs);
    if (fault.kind === 'diskFull' && vault.disks.fullBy === 'nothing') return;
    this.faults[fault.kind] += 1;
    vault.outages.down(String(fault.node));
    if (fault.kind === 'rollback') {
      this.rollbacks.push(await rollBack(vault, fault, this.now, this.signal));
    } else {
      await this.strikeNode(fault);
      await bringBack(vault, fault.node, this.now, this.signal);
      vault.excused.delete(vault.node(fault.node).name);
    }
    vault.outages.up(String(fault.node));
  }

  /** Strikes, holds, and takes it back whatever happened meanwhile. */
  private async strikeNode(fault: NodeFault): Promise<void> {
    const { vault } = this;
    const node = vault.node(fault.node);
    const proxy = vault.proxy(fault.node);
    const hold = (): Promise<void> => delay(fault.holdMs, undefined, { signal: this.signal });
    switch (fault.kind) {
      case 'kill':
        this.killedAt.push(this.now());
        await node.kill9();
        return hold();
      case 'pause':
        node.pause();
        return hold().finally(() => node.resume());
      case 'cut':
        proxy.cut();
        return hold().finally(() => proxy.mend());
      case 'stall':
        proxy.stall(fault.direction);
        return hold().finally(() => proxy.mend());
      case 'delay':
        proxy.slow(fault);
        return hold().finally(() => proxy.mend());
      case 'diskFull':
        vault.excused.add(node.name);
        vault.disks.fill(fault.node, node.pid);
        return hold().finally(() => {
          if (!node.isRunning) this.endedByFullDisk += 1;
          vault.disks.free(fault.node, node.isRunning ? node.pid : undefined);
        });
    }
  }

  private async restartBus(holdMs: number): Promise<void> {
    const { vault, now, signal } = this;
    const server = vault.stack.services.nats.process;
    if (server === undefined) return; // a server of somebody else's is not ours to kill
    this.faults.busRestart += 1;
    vault.outages.down('bus');
    await server.kill9();
    await delay(holdMs);
    await server.start();
    for (const [i] of vault.stack.services.nodes.entries()) await bringBack(vault, i + 1, now, signal);
    await this.gatewayServes();
    vault.outages.up('bus');
  }

  private async killGateway(holdMs: number): Promise<void> {
    const { vault } = this;
    const { gateway } = vault.stack.services;
    this.faults.gatewayKill += 1;
    vault.outages.down('gateway');
    await gateway.kill9();
    await delay(holdMs);
    await gateway.start();
    await this.gatewayServes();
    vault.outages.up('gateway');
  }

  private async gatewayServes(): Promise<void> {
    const { operator, services } = this.vault.stack;
    const whole = async (): Promise<true | undefined> =>
      (await operator.health()).fleets[0]?.live === services.nodes.length ? true : undefined;
    await until(whole, { what: 'the gateway to hear every node', timeoutMs: 60_000, everyMs: 50, signal: this.signal });
  }
}

function described(fault: Fault): string {
  return 'node' in fault ? `${fault.kind} ${fault.node}` : fault.kind;
}
