import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SystemRandom } from '@strongroom/platform';
import { ByteReader, ByteWriter, type Bytes } from '@strongroom/protocol';
import { SealedFileKeystore } from '../keystore/sealed-file-keystore.js';
import { LmdbNodeStore } from './lmdb-node-store.js';

const ROWS = 20;
const u32 = (value: number): Bytes => new ByteWriter().u32(value).bytes();

let folder: string;
let writer: ChildProcess | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'crash-'));
});
afterEach(() => {
  writer?.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

function open(): LmdbNodeStore {
  const keystore = SealedFileKeystore.open({ folder, passphrase: null, mayCreate: true, random: new SystemRandom() });
  return LmdbNodeStore.open(join(folder, 'store'), keystore);
}

/** Commits ROWS rows of `bytes` bytes and a counter again and again, and prints each number when it is acknowledged. */
function writerScript(bytes: number): string {
  const use = (path: string): string => JSON.stringify(import.meta.resolve(path));
  return `
    const { SealedFileKeystore } = await import(${use('../keystore/sealed-file-keystore.js')});
    const { LmdbNodeStore } = await import(${use('./lmdb-node-store.js')});
    const random = { bytes: (length) => crypto.getRandomValues(new Uint8Array(length)) };
    const keystore = SealedFileKeystore.open({ folder: ${JSON.stringify(folder)}, passphrase: null, mayCreate: false, random });
    const store = LmdbNodeStore.open(${JSON.stringify(join(folder, 'store'))}, keystore);
    const u32 = (value) => { const out = new Uint8Array(4); new DataView(out.buffer).setUint32(0, value); return out; };
    const counter = u32(0xffffffff);
    const last = store.get('counter', counter);
    const first = last === null ? 1 : new DataView(last.buffer, last.byteOffset).getUint32(0) + 1;
    for (let n = first; n < first + 2000; n++) {
      const rows = Array.from({ length: ${ROWS} }, (_, i) => ({ table: 'rows', key: u32(n * ${ROWS} + i), value: new Uint8Array(${bytes}).fill(n) }));
      try {
        await store.commit([...rows, { table: 'counter', key: counter, value: u32(n) }]);
      } catch (error) {
        console.log('refused', n, error.code, rows.some(({ key }) => store.get('rows', key) !== null));
        break;
      }
      console.log('done', n);
    }`;
}

/** The highest number that is whole, after checking that every lower one is whole too and nothing is there in part. */
function wholeUpTo(store: LmdbNodeStore): number {
  const counter = store.get('counter', u32(0xffffffff));
  const last = counter === null ? 0 : new ByteReader(counter).u32('counter');
  for (let key = ROWS; key < (last + 1) * ROWS; key++) expect(store.get('rows', u32(key))).not.toBeNull();
  for (let key = (last + 1) * ROWS; key < (last + 2) * ROWS; key++) expect(store.get('rows', u32(key))).toBeNull();
  return last;
}

describe('a node killed while it writes', () => {
  it('has every acknowledged commit, and every commit whole or not at all', async () => {
    await open().close();
    let acknowledged = 0;
    for (const acknowledgements of [1, 7, 20, 3, 40]) {
      writer = spawn(process.execPath, ['--input-type=module', '-e', writerScript(200)], { stdio: ['ignore', 'pipe', 'inherit'] });
      const ended = once(writer, 'exit');
      let seen = 0;
      for await (const line of createInterface({ input: writer.stdout ?? process.stdin })) {
        acknowledged = Number(line.split(' ')[1]);
        seen += 1;
        if (seen === acknowledgements) writer.kill('SIGKILL');
      }
      await ended;
      const store = open();
      expect(wholeUpTo(store)).toBeGreaterThanOrEqual(acknowledged);
      await store.close();
    }
  }, 60_000);

  it('rejects a commit that the disk has no room for, and keeps nothing of it', async () => {
    await open().close();
    const limited = 'ulimit -f 4096; exec "$0" --input-type=module -e "$1"';
    writer = spawn('/bin/sh', ['-c', limited, process.execPath, writerScript(4_000)], { stdio: ['ignore', 'pipe', 'ignore'] });
    const lines: string[] = [];
    for await (const line of createInterface({ input: writer.stdout ?? process.stdin })) lines.push(line);
    const refused = lines.length;
    expect(refused).toBeGreaterThan(1);
    expect(lines.at(-1)).toBe(`refused ${refused} INTERNAL false`);
    const store = open();
    expect(wholeUpTo(store)).toBe(refused - 1);
    await store.commit([{ table: 'rows', key: u32(1), value: u32(1) }]);
    await store.close();
  }, 60_000);
});
