import { isSecretShare, recordHash, toHex, type Bytes, type IndexedScalar, type VaultRecord } from '@strongroom/protocol';
import type { ExcludedNode } from './excluded-node.js';

/** Secret shares as nodes released them, held against one sharing of the record. */
export class CheckedSecrets {
  private readonly good = new Map<number, Bytes>();
  /** Those of another sharing, or of none; null for what did not open. */
  private readonly odd = new Map<number, Bytes | null>();

  constructor(private record: VaultRecord) {}

  get count(): number {
    return this.good.size;
  }

  /** Nodes whose share does not belong to the sharing: liars, or nodes that are a refresh behind or ahead. */
  get strangers(): number[] {
    return [...this.odd.keys()];
  }

  has(node: number): boolean {
    return this.good.has(node);
  }

  add(node: number, scalar: Bytes | undefined): void {
    this.odd.get(node)?.fill(0);
    this.odd.delete(node);
    if (scalar === undefined) this.odd.set(node, null);
    else (isSecretShare(this.record, node, scalar) ? this.good : this.odd).set(node, scalar);
  }

  /** Goes over to the record's present sharing. What belongs to neither is as good as not released: it is asked for again. */
  use(record: VaultRecord): void {
    if (toHex(recordHash(record)) === toHex(recordHash(this.record))) return;
    const all = [...this.good, ...this.odd];
    this.good.clear();
    this.odd.clear();
    this.record = record;
    for (const [node, scalar] of all) {
      if (scalar === null) continue;
      if (isSecretShare(record, node, scalar)) this.good.set(node, scalar);
      else scalar.fill(0);
    }
  }

  /** The shares are the caller's to wipe; the others are wiped here. */
  result(): { readonly shares: readonly IndexedScalar[]; readonly excluded: readonly ExcludedNode[] } {
    const excluded = [...this.odd.keys()].map((node): ExcludedNode => ({ node, reason: 'secret', proof: null }));
    for (const scalar of this.odd.values()) scalar?.fill(0);
    return { shares: [...this.good].map(([index, scalar]) => ({ index, scalar })), excluded };
  }

  wipe(): void {
    for (const scalar of [...this.good.values(), ...this.odd.values()]) scalar?.fill(0);
  }
}
