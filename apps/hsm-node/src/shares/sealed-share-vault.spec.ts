import { beforeEach, describe, expect, it } from '@jest/globals';
import { SystemRandom } from '@strongroom/platform';
import { MemoryKeySlots } from '../storage/memory-key-slots.js';
import { MemoryNodeStore } from '../storage/memory-node-store.js';
import { SealedShareVault } from './sealed-share-vault.js';
import { STAGED_LIFETIME_MS } from './share-vault.js';
import { behavesAsShareVault, shareOf, uid, versionOf } from './share-vault.suite.js';

const random = new SystemRandom();
const nowMs = (): number => 1_000_000;
let store: MemoryNodeStore;
let slots: MemoryKeySlots;
beforeEach(() => {
  store = new MemoryNodeStore();
  slots = new MemoryKeySlots(random);
});
const open = (): Promise<SealedShareVault> => SealedShareVault.open({ store, slots, clock: { nowMs }, random });
const unknown: unknown = expect.objectContaining({ code: 'RECORD_UNKNOWN' });
const { recordHash } = versionOf(1);

/** How many slots hold a key. */
function keys(): number {
  return Array.from({ length: 100 }, (_, slot) => slots.read(slot)).filter((key) => key !== null).length;
}

describe('a vault over rows and slots', () => {
  behavesAsShareVault(open, nowMs);

  it('has everything again when it is opened again', async () => {
    const before = await open();
    await before.stage(versionOf(1));
    await before.stage(versionOf(2));
    await before.activate(uid, recordHash);
    const after = await open();
    expect(shareOf(after, versionOf(1))[2]).toBe(1);
    expect(await after.sweep(nowMs() + STAGED_LIFETIME_MS, () => false)).toBe(1);
    expect(after.holds(uid, versionOf(2).recordHash)).toBe(false);
  });

  it('erases what it had barred when it is opened again: a crash came in between', async () => {
    const before = await open();
    for (const n of [1, 2]) await before.stage(versionOf(n));
    await before.activate(uid, recordHash);
    await before.bar(uid, recordHash);
    const after = await open();
    expect([1, 2].map((n) => after.holds(uid, versionOf(n).recordHash))).toEqual([false, true]);
    expect([after.isBarred(uid, recordHash), keys()]).toEqual([true, 2]);
    await expect(after.stage(versionOf(1))).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  it('has neither share, record nor sealed shares in a row in clear', async () => {
    await (await open()).stage(versionOf(1));
    const clear = [versionOf(1).share.subarray(0, 8), versionOf(1).record, ...versionOf(1).sealed].filter(({ length }) => length > 0);
    for (const { value } of store.snapshot().values()) {
      for (const bytes of clear) expect(Buffer.from(value).includes(Buffer.from(bytes))).toBe(false);
    }
  });

  it('cannot read an erased share from the old pages of the store', async () => {
    const vault = await open();
    await vault.stage(versionOf(1));
    const oldPages = store.snapshot();
    await vault.erase(uid, recordHash);
    store.restore(oldPages);
    expect(() => shareOf(vault, versionOf(1))).toThrow(unknown);
    expect(vault.record(uid, recordHash)).toBeNull();
    expect(vault.sealedFor(uid, recordHash, 1)).toBeNull();
  });

  it('destroys the key of the sealed shares with the last acknowledgement', async () => {
    const vault = await open();
    await vault.stage(versionOf(1));
    const oldPages = store.snapshot();
    for (const node of [1, 3]) await vault.acknowledge(uid, recordHash, node);
    store.restore(oldPages);
    expect(vault.sealedFor(uid, recordHash, 1)).toBeNull();
    expect(shareOf(vault, versionOf(1))[2]).toBe(1);
  });

  it('leaves no key behind when the rows cannot be written', async () => {
    const vault = await open();
    store.failCommits(1);
    await expect(vault.stage(versionOf(1))).rejects.toMatchObject({ code: 'INTERNAL' });
    expect(vault.holds(uid, recordHash)).toBe(false);
    expect(keys()).toBe(0);
    await vault.stage(versionOf(1));
    expect(keys()).toBe(2);
  });

  it('has destroyed the key before it removes the rows, and finishes at the next start', async () => {
    const vault = await open();
    await vault.stage(versionOf(1));
    store.failCommits(1);
    await expect(vault.erase(uid, recordHash)).rejects.toMatchObject({ code: 'INTERNAL' });
    expect(keys()).toBe(0);
    expect(() => shareOf(vault, versionOf(1))).toThrow(unknown);
    const after = await open();
    expect(after.holds(uid, recordHash)).toBe(false);
    expect(store.snapshot().size).toBe(0);
  });

  it('destroys at the next start a key whose rows were never written', async () => {
    const vault = await open();
    await vault.stage(versionOf(1));
    await slots.allocate(2);
    expect(keys()).toBe(4);
    await open();
    expect(keys()).toBe(2);
    expect(shareOf(vault, versionOf(1))[2]).toBe(1);
  });

  it('never lets a row read the key of another: a slot waits for its row to go', async () => {
    const vault = await open();
    await vault.stage(versionOf(1));
    const oldPages = store.snapshot();
    store.failCommits(1);
    await expect(vault.erase(uid, recordHash)).rejects.toMatchObject({ code: 'INTERNAL' });
    await vault.stage(versionOf(2));
    store.restore(oldPages);
    expect(() => shareOf(vault, versionOf(1))).toThrow(unknown);
  });

  it('forgets sealed shares whose key was destroyed before a crash', async () => {
    const vault = await open();
    await vault.stage(versionOf(1));
    await vault.acknowledge(uid, recordHash, 1);
    store.failCommits(1);
    await expect(vault.acknowledge(uid, recordHash, 3)).rejects.toMatchObject({ code: 'INTERNAL' });
    const after = await open();
    expect(after.sealedFor(uid, recordHash, 3)).toBeNull();
    expect(shareOf(after, versionOf(1))[2]).toBe(1);
    expect(keys()).toBe(1);
  });
});
