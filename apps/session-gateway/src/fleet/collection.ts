import { VaultError } from '@strongroom/protocol';
import { Refusals, fleetUnavailable } from './refusals.js';

/**
 * Answers of nodes that are asked all at once: enough, still possible, or no longer. Free of clocks and I/O.
 * `wanted` answers end the wait; when the deadline comes first, `least` of them do.
 */
export class Collection<T> {
  private readonly values: T[] = [];
  private readonly refusals = new Refusals();
  private failures = 0;

  constructor(
    private readonly asked: number,
    private readonly wanted: number,
    private readonly least = wanted,
  ) {}

  answered(value: T): void {
    this.values.push(value);
  }

  failed(node: number, error: VaultError): void {
    this.failures++;
    this.refusals.add(node, error);
  }

  /** `wanted` answers, or every answer there can be when those are at least `least`. */
  get enough(): readonly T[] | undefined {
    if (this.values.length >= this.wanted) return this.values;
    return this.everyoneSpoke && this.values.length >= this.least ? this.values : undefined;
  }

  /** Nobody is left to wait for. */
  get everyoneSpoke(): boolean {
    return this.values.length + this.failures >= this.asked;
  }

  /** Why there will not be `least` answers, once that is sure. */
  get hopeless(): VaultError | undefined {
    return this.asked - this.failures < this.least ? this.refusals.final() : undefined;
  }

  /** The deadline has come. @returns at least `least` answers @throws a refusal that two nodes agree on, else FLEET_UNAVAILABLE */
  expire(): readonly T[] {
    if (this.values.length >= this.least) return this.values;
    throw this.refusals.agreed() ?? fleetUnavailable();
  }
}
