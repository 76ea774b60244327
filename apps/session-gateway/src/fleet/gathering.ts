import type { Collection } from './collection.js';
import { vaultErrorOf } from './vault-error-of.js';
import { Waiting, type Patience } from './waiting.js';

/** Asks several nodes the same at once and waits until the collection has enough. */
export class Gathering<T> extends Waiting<readonly T[]> {
  private lingering = false;

  /**
   * @param ask asks one node
   * @param linger whether to wait one hedge delay longer than needed, so that slow nodes are heard as well
   */
  constructor(
    nodes: readonly number[],
    private readonly collection: Collection<T>,
    ask: (node: number) => Promise<T>,
    patience: Patience,
    private readonly linger = false,
  ) {
    super(patience);
    for (const node of nodes) {
      ask(node).then(
        (value) => this.answered(value),
        (error: unknown) => this.failed(node, error),
      );
    }
  }

  /** Every hedge delay: those who were waited for a little longer have had their time. */
  protected onHedge(): void {
    const enough = this.collection.enough;
    if (enough === undefined) return;
    if (this.lingering) this.resolve(enough);
    this.lingering = true;
  }

  protected onDeadline(): readonly T[] {
    return this.collection.expire();
  }

  private answered(value: T): void {
    if (!this.open) return;
    this.collection.answered(value);
    this.check();
  }

  private failed(node: number, error: unknown): void {
    if (!this.open) return;
    this.collection.failed(node, vaultErrorOf(error));
    this.check();
  }

  private check(): void {
    const { enough, hopeless, everyoneSpoke } = this.collection;
    if (hopeless !== undefined) this.reject(hopeless);
    else if (enough !== undefined && (!this.linger || everyoneSpoke)) this.resolve(enough);
  }
}
