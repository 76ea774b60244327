import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SystemRandom } from '@strongroom/platform';
import { newKeyMaterial } from '../keystore/key-material.js';
import { SoftwareKeystore } from '../keystore/software-keystore.js';
import { FileKeySlots, SLOT_LENGTH } from './file-key-slots.js';
import { behavesAsKeySlots } from './key-slots.suite.js';

const random = new SystemRandom();
const keystore = new SoftwareKeystore(newKeyMaterial(random), random, 'sealed-file');
let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'key-slots-'));
  path = join(folder, 'key-slots');
});
afterEach(() => rmSync(folder, { recursive: true }));

const open = (): Promise<FileKeySlots> => FileKeySlots.open(path, keystore, random);
const nothing: ReadonlySet<number> = new Set();

describe('key slots in a file', () => {
  behavesAsKeySlots(open);

  it('has its keys again when it is opened again', async () => {
    const before = await open();
    const [first, second] = await before.allocate(2);
    await before.erase([second?.slot ?? -1]);
    await before.close();
    const after = await open();
    expect(after.read(first?.slot ?? -1)).toEqual(first?.key);
    expect(after.read(second?.slot ?? -1)).toBeNull();
    await after.close();
  });

  it('overwrites an erased slot in place: neither key nor sealed key is in the file', async () => {
    const slots = await open();
    const [first] = await slots.allocate(1);
    const at = (first?.slot ?? -1) * SLOT_LENGTH;
    const sealed = readFileSync(path).subarray(at, at + 72);
    const key = Buffer.from(first?.key ?? sealed);
    expect(sealed.some((byte) => byte !== 0)).toBe(true);
    expect(readFileSync(path).includes(key)).toBe(false);
    await slots.erase([first?.slot ?? -1]);
    expect(readFileSync(path).includes(sealed)).toBe(false);
    expect(
      readFileSync(path)
        .subarray(at, at + SLOT_LENGTH)
        .every((byte) => byte === 0),
    ).toBe(true);
    await slots.close();
  });

  it('refuses a slot that was changed or moved to another place', async () => {
    const slots = await open();
    const [first, second] = await slots.allocate(2);
    const bytes = readFileSync(path);
    const place = (slot: number | undefined): number => (slot ?? -1) * SLOT_LENGTH;
    bytes.copyWithin(place(second?.slot), place(first?.slot), place(first?.slot) + SLOT_LENGTH);
    writeFileSync(path, bytes);
    expect(() => slots.read(second?.slot ?? -1)).toThrow(expect.objectContaining({ code: 'INTERNAL' }));
    await slots.close();
  });

  it('goes on after a crash that left part of a slot at the end', async () => {
    const before = await open();
    await before.recover(nothing);
    const [first] = await before.allocate(1);
    await before.close();
    truncateSync(path, statSync(path).size - 5);
    const after = await open();
    await after.recover(new Set([first?.slot ?? -1]));
    const others = await after.allocate(600);
    expect(others.map(({ slot }) => slot)).not.toContain(first?.slot);
    for (const { slot, key } of others) expect(after.read(slot)).toEqual(key);
    expect(statSync(path).size % SLOT_LENGTH).toBe(0);
    await after.close();
  });

  it('is readable by its user alone', async () => {
    await (await open()).close();
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });
});
