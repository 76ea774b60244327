import { VaultError, type AccountLog, type Bytes, type LogEffect, type LogInput } from '@strongroom/protocol';
import { AccountHistory } from '../history/account-history.js';
import type { StoreWrite } from '../storage/node-store.js';
import { AccountCache } from './account-cache.js';
import type { Chain, ChainMark } from './chain.js';
import { EngineChain } from './engine-chain.js';
import type { LogEngineOptions, LogListener } from './engine-ports.js';
import { flushBatches } from './flush-batches.js';
import { InputDecider, type AccountsBefore, type EngineItem } from './input-decider.js';
import { ownInput } from './own-input.js';
import type { AccountEffect, OutgoingBatch } from './outgoing-batch.js';

/** Inputs decided between two flushes: a batch stays far below the largest message. */
const MAX_PER_FLUSH = 200;
const NOBODY: Bytes = new Uint8Array(32);

/**
 * Drives the accounts' logs: takes inputs one by one, puts what they changed on disk in one flush, then makes it known
 * in one message under one signature (PROTOCOL 7.1). Crash-only: when the disk refuses, what was decided since the last
 * flush is forgotten, because nobody has seen it.
 */
export class LogEngine {
  private readonly cache: AccountCache;
  private readonly listeners: LogListener[] = [];
  private readonly ownChain: EngineChain;
  private readonly decider: InputDecider;
  private readonly history: AccountHistory;
  private queue: EngineItem[] = [];
  private pumping: Promise<void> | null = null;
  private closed = false;

  constructor(
    private readonly options: LogEngineOptions,
    chain: Chain,
  ) {
    this.cache = new AccountCache(options.rows);
    this.ownChain = new EngineChain(options.store, options.self, chain);
    this.history = new AccountHistory(options.store, options.nowMs);
    this.decider = new InputDecider(options, this.cache, this.ownChain);
  }

  get chain(): Chain {
    return this.ownChain.current;
  }

  listen(listener: LogListener): void {
    this.listeners.push(listener);
  }

  /** The account as decided last, whether flushed already or not. */
  account(uid: Bytes): AccountLog {
    return this.cache.get(uid);
  }

  /** An input that nobody waits for. */
  feed(uid: Bytes, input: LogInput): void {
    if (this.closed) return;
    this.queue.push({ uid, input });
    this.pump();
  }

  /** @returns its effects, once they are durable. @throws FLEET_UNAVAILABLE when the disk refused */
  post(uid: Bytes, input: LogInput): Promise<readonly LogEffect[]> {
    if (this.closed) return Promise.reject(new VaultError('FLEET_UNAVAILABLE', 'this node takes part in the epoch no more'));
    return new Promise((resolve, reject) => {
      this.queue.push({ uid, input, settle: { resolve, reject } });
      this.pump();
    });
  }

  /** Takes no further input, whoever still holds this engine. Resolves when all before it is flushed and made known. */
  async close(): Promise<void> {
    this.closed = true;
    while (this.pumping !== null) await this.pumping;
  }

  /** What was seen of a peer's chain. Durable before the next statement of this node, which names the incarnations. */
  see(node: number, mark: ChainMark): void {
    this.ownChain.see(node, mark);
  }

  /**
   * Stores a peer's higher incarnation. When it resolves, whatever this node made known before is on disk, and
   * whatever it says from now on names the incarnation (PROTOCOL 7.3).
   */
  async fence(node: number, incarnation: number): Promise<void> {
    this.see(node, { incarnation, sequence: 0, hash: new Uint8Array(32) });
    await this.settled();
    await this.ownChain.keep();
  }

  /** Begins a new incarnation of this node, durable before it is named to anybody. */
  beginIncarnation(incarnation: number): Promise<void> {
    return this.ownChain.begin(incarnation);
  }

  /** Feeds a tick to every account with a proposal of this node under way. */
  tick(): void {
    for (const uid of [...this.cache.proposers]) this.feed(uid, { kind: 'tick' });
  }

  /** Resolves when everything queued so far is flushed. */
  async settled(): Promise<void> {
    await new Promise<unknown>((resolve, reject) => {
      this.queue.push({ uid: NOBODY, input: null, settle: { resolve, reject } });
      this.pump();
    });
  }

  private pump(): void {
    this.pumping ??= this.run().finally(() => {
      this.pumping = null;
      if (this.queue.length > 0) this.pump();
    });
  }

  /** Inputs that arrive during a flush share the next one. */
  private async run(): Promise<void> {
    await Promise.resolve();
    while (this.queue.length > 0) {
      const items = this.queue.slice(0, MAX_PER_FLUSH);
      this.queue = this.queue.slice(items.length);
      await this.flush(items);
    }
    this.cache.evict();
  }

  private async flush(items: readonly EngineItem[]): Promise<void> {
    const before: AccountsBefore = new Map();
    const results = items.map((item) => ({ item, effects: this.decider.decideOne(item, before) }));
    const effects = results.flatMap((result) => result.effects ?? []);
    let batches: readonly OutgoingBatch[];
    try {
      batches = flushBatches(effects, this.chain, this.cache, this.options);
      const writes = this.writesOf(before, effects, batches);
      for (const effect of effects) this.tell('beforeFlush', effect);
      if (writes.length > 0) await this.options.store.commit(writes);
    } catch (error) {
      this.forget(
        before,
        results.map(({ item }) => item),
        error,
      );
      return;
    }
    for (const batch of batches) this.makeKnown(batch);
    for (const old of before.values()) this.tellKept(old);
    for (const effect of effects) this.tell('afterFlush', effect);
    for (const { item, effects: own } of results) if (own !== null) item.settle?.resolve(own.map(({ effect }) => effect));
  }

  private writesOf(before: AccountsBefore, effects: readonly AccountEffect[], batches: readonly OutgoingBatch[]): readonly StoreWrite[] {
    const writes: StoreWrite[] = [];
    for (const old of before.values()) {
      const account = this.cache.get(old.uid);
      if (isChanged(old, account)) writes.push(this.options.rows.accountWrite(account));
    }
    for (const { uid, effect } of effects) if (effect.kind === 'decided') writes.push(this.options.rows.decidedWrite(uid, effect));
    // Whichever engine learns of it, also between two epochs: what an owner may see has no gaps (PROTOCOL 4.7).
    for (const effect of effects) writes.push(...this.history.writes(effect, this.account(effect.uid).state));
    return this.ownChain.advance(batches, writes);
  }

  private makeKnown(batch: OutgoingBatch): void {
    this.options.publish(batch.message);
    for (const { uid, effect, signed } of batch.own) {
      const input = ownInput(effect, signed);
      if (input !== null) this.queue.push({ uid, input });
    }
  }

  private tellKept(old: AccountLog): void {
    const account = this.account(old.uid);
    const told = isChanged(old, account) ? this.listeners : [];
    for (const listener of told) listener.kept?.(account);
  }

  private tell(moment: 'beforeFlush' | 'afterFlush', effect: AccountEffect): void {
    const account = this.account(effect.uid);
    for (const listener of this.listeners) listener[moment]?.(effect, account);
  }

  private forget(before: AccountsBefore, items: readonly EngineItem[], error: unknown): void {
    this.options.log.error({ event: 'log.flush-failed', reason: error instanceof Error ? error.message : 'unknown' });
    for (const account of before.values()) this.cache.set({ ...account, round: null, wanted: [] });
    const refusal = new VaultError('FLEET_UNAVAILABLE', 'the node cannot write to its disk', {}, { cause: error });
    for (const { settle } of items) settle?.reject(refusal);
  }
}

/** Only these are on disk; the rest is rebuilt or asked for again. */
function isChanged(old: AccountLog, now: AccountLog): boolean {
  return old.state !== now.state || old.confirmation !== now.confirmation || old.promised !== now.promised || old.accepted !== now.accepted;
}
