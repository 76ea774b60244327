import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SystemRandom } from '@strongroom/platform';
import { utf8 } from '@strongroom/protocol';
import { newKeyMaterial } from '../keystore/key-material.js';
import { SoftwareKeystore } from '../keystore/software-keystore.js';
import { LmdbNodeStore } from './lmdb-node-store.js';
import { behavesAsNodeStore } from './node-store.suite.js';

const random = new SystemRandom();
const keystoreOf = (): SoftwareKeystore => new SoftwareKeystore(newKeyMaterial(random), random, 'sealed-file');
const keystore = keystoreOf();
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'node-store-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const open = (keys = keystore): LmdbNodeStore => LmdbNodeStore.open(join(folder, 'store'), keys);
const row = { table: 'votes', key: utf8('an account id of 32 bytes length'), value: utf8('what nobody may read in the file') };

describe('the store on disk', () => {
  behavesAsNodeStore(() => Promise.resolve(open()));

  it('has everything again when it is opened again, with another session of the storage key', async () => {
    const material = newKeyMaterial(random);
    const before = open(new SoftwareKeystore(material, random, 'sealed-file'));
    await before.commit([row]);
    await before.close();
    const after = open(new SoftwareKeystore(material, random, 'sealed-file'));
    expect(after.get(row.table, row.key)).toEqual(row.value);
    await after.close();
  });

  it('has neither tables, keys nor values in clear on the disk', async () => {
    const store = open();
    await store.commit([row]);
    await store.close();
    for (const name of readdirSync(join(folder, 'store'))) {
      const bytes = readFileSync(join(folder, 'store', name));
      for (const clear of [row.key, row.value, utf8(row.table)]) expect(bytes.includes(Buffer.from(clear))).toBe(false);
    }
  });

  it('names the table, and nothing else, when the disk was changed', async () => {
    const store = open();
    await store.commit([row]);
    const sealed = sealedValue(store);
    await store.close();
    const path = join(folder, 'store', 'data.mdb');
    const bytes = readFileSync(path);
    for (let at = bytes.indexOf(sealed); at >= 0; at = bytes.indexOf(sealed, at + 1)) bytes[at + 30] = (bytes[at + 30] ?? 0) ^ 1;
    writeFileSync(path, bytes);
    const again = open();
    const refusal = expect.objectContaining({ code: 'INTERNAL', metadata: { table: 'votes' } });
    expect(() => again.get(row.table, row.key)).toThrow(refusal);
    expect(() => again.scan(row.table, { limit: 1 })).toThrow(refusal);
    await again.close();
  });

  it('does not open a value that was moved to the place of another', async () => {
    const store = open();
    const other = { ...row, key: utf8('another') };
    await store.commit([row, other]);
    const [first, second] = rawRows(store);
    await rawPut(store, first?.key, second?.value);
    const refused = [row, other].map(({ table, key }) => {
      try {
        store.get(table, key);
        return false;
      } catch {
        return true;
      }
    });
    expect(refused.filter(Boolean)).toHaveLength(1);
    await store.close();
  });

  it('takes the data of another node for nothing it knows', async () => {
    const store = open();
    await store.commit([row]);
    await store.close();
    const stranger = open(keystoreOf());
    expect(stranger.get(row.table, row.key)).toBeNull();
    await stranger.close();
  });
});

interface Raw {
  getRange(options: object): Iterable<{ readonly key: Buffer; readonly value: Buffer }>;
  put(key: Buffer | undefined, value: Buffer | undefined): Promise<boolean>;
}

/** The database behind the store: private on purpose, but a test of tampering needs the hand of the one who tampers. */
function raw(store: LmdbNodeStore): Raw {
  const database: unknown = Reflect.get(store, 'database');
  if (!isRaw(database)) throw new TypeError('the store keeps its database elsewhere');
  return database;
}

function isRaw(value: unknown): value is Raw {
  return typeof value === 'object' && value !== null && 'getRange' in value && 'put' in value;
}

function rawRows(store: LmdbNodeStore): { readonly key: Buffer; readonly value: Buffer }[] {
  return Array.from(raw(store).getRange({}), ({ key, value }) => ({ key: Buffer.from(key), value: Buffer.from(value) }));
}

async function rawPut(store: LmdbNodeStore, key: Buffer | undefined, value: Buffer | undefined): Promise<void> {
  await raw(store).put(key, value);
}

function sealedValue(store: LmdbNodeStore): Buffer {
  return rawRows(store)[0]?.value ?? Buffer.alloc(0);
}
