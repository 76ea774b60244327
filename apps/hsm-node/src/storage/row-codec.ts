import { ByteReader, ByteWriter, concat, VaultError, type Bytes } from '@strongroom/protocol';
import type { Keystore } from '../keystore/keystore.js';
import type { StoreRow } from './node-store.js';

const TABLE = /^[a-z0-9-]{1,32}$/;
const PREFIX_LENGTH = 8;
export const ROW_NAME_LENGTH = PREFIX_LENGTH + 32;
export const KEY_MAX = 1024;
export const VALUE_MAX = 1 << 20;

/**
 * How a row looks at rest. Its name is a keyed hash, so no account id is on the disk, and rows of a table lie together
 * because they share their first 8 bytes. Its value carries the key it was written under and is bound to the name, so
 * a value moved to another place does not open.
 */
export class RowCodec {
  private readonly prefixes = new Map<string, Bytes>();

  constructor(private readonly keystore: Keystore) {}

  /** First bytes of all names of `table`, 8 bytes. @throws RangeError for a name that is no table's */
  prefix(table: string): Bytes {
    const known = this.prefixes.get(table);
    if (known !== undefined) return known;
    if (!TABLE.test(table)) throw new RangeError(`${table} is not the name of a table`);
    const prefix = this.keystore.nameAtRest(ByteWriter.labelled('table').text(table).bytes()).subarray(0, PREFIX_LENGTH);
    this.prefixes.set(table, prefix);
    return prefix;
  }

  /** ROW_NAME_LENGTH bytes. @throws RangeError for an empty or too long key */
  name(table: string, key: Bytes): Bytes {
    if (key.length === 0 || key.length > KEY_MAX) throw new RangeError(`a key of ${table} has ${key.length} bytes`);
    return concat(this.prefix(table), this.keystore.nameAtRest(ByteWriter.labelled('row').text(table).raw(key).bytes()));
  }

  /** @throws RangeError for a value that is too long */
  seal(table: string, name: Bytes, row: StoreRow): Bytes {
    if (row.value.length > VALUE_MAX) throw new RangeError(`a value of ${table} has ${row.value.length} bytes`);
    return this.keystore.sealAtRest(name, new ByteWriter().lv(row.key).raw(row.value).bytes());
  }

  /** @throws INTERNAL naming `table` when a byte of it was changed */
  open(table: string, name: Bytes, sealed: Bytes): StoreRow {
    try {
      const plaintext = this.keystore.openAtRest(name, sealed);
      const key = new ByteReader(plaintext).lv('key');
      return { key, value: plaintext.subarray(2 + key.length) };
    } catch (cause) {
      throw new VaultError('INTERNAL', `a row of ${table} does not authenticate`, { table }, { cause });
    }
  }
}
