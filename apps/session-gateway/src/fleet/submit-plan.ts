import { VaultError } from '@strongroom/protocol';
import { Refusals } from './refusals.js';

/**
 * Whom to hand an entry to, and when a no is a no (PROTOCOL 4.5, 6.8). Starts with the best-ranked live node; a late or
 * failed one brings in the next. Ends when one node reports the decision, when two nodes agree on a refusal, or when
 * every live node has failed. Free of clocks and I/O: the caller reports what happened and asks the nodes it is given.
 */
export class SubmitPlan {
  private next = 0;
  private pending = 0;
  private done = false;
  private refused: VaultError | undefined;
  private readonly refusals = new Refusals();

  /** @param ranked live nodes, the home node first when it lives */
  constructor(private readonly ranked: readonly number[]) {}

  /** Why the entry will not be decided, once that is sure. */
  get refusal(): VaultError | undefined {
    return this.refused;
  }

  /** Whom to ask first. */
  start(): number | undefined {
    return this.ask();
  }

  /** The answer is late. @returns whom to ask besides, if anybody */
  hedge(): number | undefined {
    return this.done ? undefined : this.ask();
  }

  /** The decision is known, from this or any other source. */
  decided(): void {
    this.done = true;
  }

  /** `node` refused or could not be reached. @returns whom to ask instead, if anybody */
  failed(node: number, error: VaultError): number | undefined {
    this.pending--;
    if (this.done) return undefined;
    this.refusals.add(node, error);
    const agreed = this.refusals.agreed();
    if (agreed !== undefined) return this.end(agreed);
    const next = this.ask();
    if (next === undefined && this.pending === 0) return this.end(this.refusals.final());
    return next;
  }

  private ask(): number | undefined {
    const node = this.ranked[this.next];
    if (node === undefined) return undefined;
    this.next++;
    this.pending++;
    return node;
  }

  private end(error: VaultError): undefined {
    this.done = true;
    this.refused = error;
    return undefined;
  }
}
