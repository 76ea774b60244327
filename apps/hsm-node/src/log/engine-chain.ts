import type { NodeStore, StoreWrite } from '../storage/node-store.js';
import { chainWrite, withIncarnation, withSeen, type Chain, type ChainMark } from './chain.js';
import type { OutgoingBatch } from './outgoing-batch.js';

/** This node's chain as it runs: what is on disk of it, and what goes there with the next flush (PROTOCOL 7.2). */
export class EngineChain {
  private dirty = false;

  constructor(
    private readonly store: NodeStore,
    private readonly self: number,
    private chain: Chain,
  ) {}

  get current(): Chain {
    return this.chain;
  }

  /** What was seen of a peer's chain. Durable before the next statement of this node, which names the incarnations. */
  see(node: number, mark: ChainMark): void {
    if (node === this.self) return;
    this.chain = withSeen(this.chain, node, mark);
    this.dirty = true;
  }

  /** Begins a new incarnation of this node. Durable when it resolves. */
  async begin(incarnation: number): Promise<void> {
    this.chain = withIncarnation(this.chain, this.self, incarnation);
    await this.keep();
  }

  async keep(): Promise<void> {
    await this.store.commit([chainWrite(this.chain)]);
  }

  /** Moves on to the end of `batches`. @param others what the flush writes anyway */
  advance(batches: readonly OutgoingBatch[], others: readonly StoreWrite[]): readonly StoreWrite[] {
    const chain = batches.at(-1)?.chain ?? this.chain;
    const written = batches.length > 0 || (this.dirty && others.length > 0);
    const writes = written ? [...others, chainWrite(chain)] : others;
    this.chain = chain;
    this.dirty = this.dirty && writes.length === 0;
    return writes;
  }
}
