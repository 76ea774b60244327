import type { VaultError } from '@strongroom/protocol';
import { Refusals } from './refusals.js';

/**
 * Whom to hand an entry to, and when a no is a no (PROTOCOL 4.5, 6.8). Starts with the best-ranked live node; a late or
 * failed one brings in the next. Ends when two nodes agree on a refusal, or when every live node has failed. That one
 * node reports a decision ends nothing here: it may lie. Free of clocks and I/O: the caller reports what happened and
 * asks the nodes it is given.
 */
export class SubmitPlan {
  private next = 0;
  private pending = 0;
  private accepted = false;
  private refused: VaultError | undefined;
  private readonly refusals = new Refusals();

  /** @param ranked live nodes, the home node first when it lives */
  constructor(private readonly ranked: readonly number[]) {}

  /** Why the entry will not be decided, once that is sure. */
  get refusal(): VaultError | undefined {
    return this.refused;
  }

  /** Every live node was asked and has answered or failed. */
  get exhausted(): boolean {
    return this.pending === 0 && this.next >= this.ranked.length;
  }

  /** Whom to ask first. */
  start(): number | undefined {
    return this.ask();
  }

  /** What the caller needs is late. @returns whom to ask besides, if anybody */
  hedge(): number | undefined {
    return this.refused === undefined ? this.ask() : undefined;
  }

  /** A node reports the decision. */
  answered(): void {
    this.pending--;
    this.accepted = true;
  }

  /** `node` refused or could not be reached. @returns whom to ask instead, if anybody */
  failed(node: number, error: VaultError): number | undefined {
    this.pending--;
    this.refusals.add(node, error);
    this.refused ??= this.refusals.agreed();
    if (this.refused !== undefined) return undefined;
    const next = this.ask();
    if (this.exhausted && !this.accepted) this.refused = this.refusals.final();
    return next;
  }

  private ask(): number | undefined {
    const node = this.ranked[this.next];
    if (node === undefined) return undefined;
    this.next++;
    this.pending++;
    return node;
  }
}
