import { toHex, type Bytes } from '@strongroom/protocol';
import type { Keystore } from '../../../apps/hsm-node/dist/keystore/keystore.js';
import { NodeStore, type ScanOptions, type StoreRow, type StoreWrite } from '../../../apps/hsm-node/dist/storage/node-store.js';
import { RowCodec } from '../../../apps/hsm-node/dist/storage/row-codec.js';
import type { SimDisk } from './sim-disk.js';

/** NodeStore over a simulated disk: rows are sealed by the node's own codec, so a turned bit is found as it is on LMDB. */
export class SimStore extends NodeStore {
  /** Told what is durable now. */
  onDurable: (writes: readonly StoreWrite[]) => void = () => undefined;
  private readonly codec: RowCodec;

  constructor(
    private readonly disk: SimDisk,
    keystore: Keystore,
  ) {
    super();
    this.codec = new RowCodec(keystore);
  }

  get(table: string, key: Bytes): Bytes | null {
    const name = this.codec.name(table, key);
    const row = this.disk.platter.rows.get(toHex(name));
    return row === undefined ? null : this.codec.open(table, name, row.sealed).value;
  }

  scan(table: string, { after, limit }: ScanOptions): readonly StoreRow[] {
    const prefix = toHex(this.codec.prefix(table));
    const from = after === undefined ? prefix : toHex(this.codec.name(table, after));
    const names = [...this.disk.platter.rows.keys()].filter((name) => name.startsWith(prefix) && name > from).sort();
    return names.slice(0, limit).flatMap((name) => {
      const row = this.disk.platter.rows.get(name);
      return row === undefined ? [] : [this.codec.open(table, row.name, row.sealed)];
    });
  }

  async commit(writes: readonly StoreWrite[]): Promise<void> {
    const rows = writes.map(({ table, key, value }) => {
      const name = this.codec.name(table, key);
      return { table, name, sealed: value === null ? null : this.codec.seal(table, name, { key, value }) };
    });
    await this.disk.write(() => {
      for (const { table, name, sealed } of rows) {
        if (sealed === null) this.disk.platter.rows.delete(toHex(name));
        else this.disk.platter.rows.set(toHex(name), { table, name, sealed });
      }
      this.onDurable(writes);
    });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
