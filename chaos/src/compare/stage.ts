import { Bus, SILENT_LOG } from '@strongroom/platform';
import { rankNodes } from '@strongroom/protocol';
import { openUrlOf, until } from '@strongroom/stack';
import { freshAccount } from '@strongroom/testing';
import { bringBack } from '../adversary/bring-back.js';
import type { ChaosVault } from '../vault/chaos-vault.js';
import { Subject } from './subject.js';

const WHOLE_WITHIN_MS = 60_000;

/** What scenarios play on: a vault, subjects that nobody else uses, and the way back to a vault that is whole. */
export class Stage {
  constructor(
    readonly vault: ChaosVault,
    readonly now: () => number,
    readonly signal: AbortSignal,
  ) {}

  get nodes(): readonly number[] {
    return this.vault.stack.services.nodes.map((_, i) => i + 1);
  }

  /** A protected account. @throws Error when nothing can be protected: there is nothing to compare then */
  async subject(): Promise<Subject> {
    return this.protected(this.unprotected());
  }

  /** Accounts of which `node` is the home node, the next in line, and so on: each meets it in another part. */
  async subjectsAround(node: number): Promise<readonly Subject[]> {
    const { fleetId, epoch, parameters } = this.vault.stack.fleet;
    const { n } = parameters;
    const found = new Map<number, Subject>();
    while (found.size < n) {
      const subject = this.unprotected();
      const rank = rankNodes(subject.uid, { fleetId, epoch, n }).indexOf(node);
      if (!found.has(rank)) found.set(rank, subject);
    }
    const inOrder = [...found].sort(([a], [b]) => a - b).map(([, subject]) => subject);
    return Promise.all(inOrder.map((subject) => this.protected(subject)));
  }

  /** Until every node takes part and the gateway hears all of them; those that have ended are started. */
  async whole(): Promise<void> {
    const { vault, now, signal } = this;
    const { gateway, nodes } = vault.stack.services;
    if (!gateway.isRunning) await gateway.start();
    await Promise.all(this.nodes.map((node) => bringBack(vault, node, now, signal)));
    const heard = async (): Promise<true | undefined> =>
      (await vault.stack.operator.health()).fleets[0]?.live === nodes.length ? true : undefined;
    await until(heard, { what: 'the gateway to hear every node', timeoutMs: WHOLE_WITHIN_MS, signal });
  }

  /** Until the node has said since then that it takes part, whoever runs as it. */
  heard(node: number, since: number): Promise<true> {
    const isBack = (): true | undefined => (this.vault.observer.heardSince(node, since) ? true : undefined);
    return until(isBack, { what: `node ${node} to take part`, timeoutMs: WHOLE_WITHIN_MS, signal: this.signal });
  }

  /** A listener of its own on the bus that no fault touches. */
  listen(): Promise<Bus> {
    return Bus.connect({ url: openUrlOf(this.vault.stack), name: 'compare', log: SILENT_LOG });
  }

  private unprotected(): Subject {
    const { trustRoot, stack } = this.vault;
    return new Subject(freshAccount('compared'), { gatewayUrl: stack.gatewayUrl, trustRoot });
  }

  private async protected(subject: Subject): Promise<Subject> {
    if (!(await subject.protect())) throw new Error('no account could be protected');
    return subject;
  }
}
