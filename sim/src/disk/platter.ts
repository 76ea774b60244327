import type { Bytes } from '@strongroom/protocol';
import type { SeededRandom } from '../random/seeded-random.js';

/** A row as it lies on the disk: sealed, under its name at rest. */
export interface SealedRow {
  readonly table: string;
  readonly name: Bytes;
  readonly sealed: Bytes;
}

/** Everything that a machine keeps when its process ends: sealed rows, and the slots of keys. */
export class Platter {
  /** Some row does not authenticate any more. */
  rotten = false;

  private constructor(
    readonly rows: Map<string, SealedRow>,
    /** By number; a slot that is missing or empty holds no key. */
    readonly slots: Map<number, Bytes>,
    public slotCount: number,
  ) {}

  static empty(): Platter {
    return new Platter(new Map(), new Map(), 0);
  }

  /** As a snapshot of the whole disk takes it: rows and key slots. */
  copy(): Platter {
    return new Platter(new Map(this.rows), new Map([...this.slots].map(([slot, bytes]) => [slot, bytes.slice()])), this.slotCount);
  }

  /** Turns over one bit of one row. @returns the table of the row, or null on an empty disk */
  rot(random: SeededRandom): string | null {
    if (this.rows.size === 0) return null;
    this.rotten = true;
    const [key, row] = random.pick([...this.rows]);
    const at = random.below(row.sealed.length);
    const bit = 1 << random.below(8);
    this.rows.set(key, { ...row, sealed: row.sealed.map((byte, i) => (i === at ? byte ^ bit : byte)) });
    return row.table;
  }
}
