import { toHex, VaultError, type Bytes } from '@strongroom/protocol';
import { NodeStore, type ScanOptions, type StoreRow, type StoreWrite } from './node-store.js';
import { KEY_MAX, VALUE_MAX } from './row-codec.js';

/**
 * NodeStore in memory, for tests and simulated nodes. `restart` models kill -9: commits under way are lost, what was
 * acknowledged stays. Order of `scan` is that of the keys.
 */
export class MemoryNodeStore extends NodeStore {
  private readonly rows = new Map<string, StoreRow>();
  private failing = 0;
  private life = 0;

  /** @param flush called once for each commit; the commit is durable when it resolves */
  constructor(private readonly flush: () => Promise<void> = () => Promise.resolve()) {
    super();
  }

  /** The next `times` commits reject with INTERNAL and change nothing. */
  failCommits(times: number): void {
    this.failing = times;
  }

  /** Forgets commits that were not acknowledged yet: their promises reject. */
  restart(): void {
    this.life += 1;
  }

  /** What is durable now, for tests that restore it into another node. */
  snapshot(): ReadonlyMap<string, StoreRow> {
    return new Map(this.rows);
  }

  restore(snapshot: ReadonlyMap<string, StoreRow>): void {
    this.restart();
    this.rows.clear();
    for (const [name, row] of snapshot) this.rows.set(name, row);
  }

  get(table: string, key: Bytes): Bytes | null {
    return this.rows.get(nameOf(table, key))?.value.slice() ?? null;
  }

  scan(table: string, { after, limit }: ScanOptions): readonly StoreRow[] {
    const from = after === undefined ? `${table}/` : nameOf(table, after);
    const names = [...this.rows.keys()].filter((name) => name.startsWith(`${table}/`) && name > from).sort();
    return names.slice(0, limit).flatMap((name) => {
      const row = this.rows.get(name);
      return row === undefined ? [] : [{ key: row.key.slice(), value: row.value.slice() }];
    });
  }

  async commit(writes: readonly StoreWrite[]): Promise<void> {
    const life = this.life;
    const rows = writes.map(({ table, key, value }) => {
      if (value !== null && value.length > VALUE_MAX) throw new RangeError(`a value of ${table} has ${value.length} bytes`);
      return { name: nameOf(table, key), key: key.slice(), value: value?.slice() ?? null };
    });
    await this.flush();
    if (life !== this.life) throw new VaultError('INTERNAL', 'the process ended before the flush');
    if (this.failing > 0) {
      this.failing -= 1;
      throw new VaultError('INTERNAL', 'the disk failed');
    }
    for (const { name, key, value } of rows) {
      if (value === null) this.rows.delete(name);
      else this.rows.set(name, { key, value });
    }
  }

  async close(): Promise<void> {
    await Promise.resolve();
  }
}

function nameOf(table: string, key: Bytes): string {
  if (!/^[a-z0-9-]{1,32}$/.test(table)) throw new RangeError(`${table} is not the name of a table`);
  if (key.length === 0 || key.length > KEY_MAX) throw new RangeError(`a key of ${table} has ${key.length} bytes`);
  return `${table}/${toHex(key)}`;
}
