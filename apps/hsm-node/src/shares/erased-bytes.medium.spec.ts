import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { SystemRandom } from '@strongroom/platform';
import type { Bytes } from '@strongroom/protocol';
import { alice, bytesOf, versionOf, type Version } from '../node/account.fixture.js';
import { MemoryFleet } from '../node/memory-fleet.fixture.js';
import { DataFolder } from '../storage/data-folder.js';
import { DiskSearch } from '../storage/disk-search.fixture.js';
import type { KeySlots } from '../storage/key-slots.js';
import { heldSecrets, traces, type HeldSecrets } from './held-secrets.fixture.js';
import { SealedShareVault } from './sealed-share-vault.js';
import type { StagedVersion } from './share-vault.js';

const random = new SystemRandom();
const THERE = ['a sealed key in key-slots', 'a key that the storage key opens'];
let first: StagedVersion;
let second: StagedVersion;
beforeAll(async () => {
  const { roster } = await MemoryFleet.create();
  [first, second] = [staged(await versionOf(roster, 1)), staged(await versionOf(roster, 2))];
});

/** One process over a real data directory; `at` is told of each moment at which it might be killed. */
class Process {
  private constructor(
    readonly data: DataFolder,
    readonly vault: SealedShareVault,
    private readonly folder: string,
  ) {}

  static async open(folder: string, at: (moment: string) => void = () => undefined): Promise<Process> {
    const data = await DataFolder.open({ folder, passphraseFile: undefined, random });
    const { store } = data;
    const vault = await SealedShareVault.open({ store, slots: told(data.slots, at), clock: { nowMs: () => 1 }, random });
    return new Process(data, vault, folder);
  }

  get secrets(): HeldSecrets {
    return heldSecrets({ ...this.parts, vault: this.vault }, new DiskSearch(this.folder), alice);
  }

  traces(secrets: HeldSecrets, folder: string = this.folder): readonly string[] {
    return traces(new DiskSearch(folder), this.data.keystore, secrets);
  }

  end(): Promise<void> {
    return this.data.onApplicationShutdown();
  }

  private get parts(): Pick<DataFolder, 'store' | 'slots'> {
    return this.data;
  }
}

/** The same slots; `at` runs before and after each overwrite and when they are handed back. */
function told(slots: KeySlots, at: (moment: string) => void): KeySlots {
  return new Proxy(slots, {
    get(target, property) {
      if (property === 'erase') {
        return async (erased: readonly number[]) => {
          if (erased.length > 0) at('before the overwrite');
          await target.erase(erased);
          if (erased.length > 0) at('after the overwrite, the rows still there');
        };
      }
      if (property === 'release') {
        return (released: readonly number[]) => {
          at('after the rows are gone');
          target.release(released);
        };
      }
      const value: unknown = Reflect.get(target, property, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

function staged({ record, encoded, hash, shares, sealed }: Version): StagedVersion {
  const share = shares[0] ?? new Uint8Array(64);
  const others = sealed.map((bytes, i) => (i === 0 ? new Uint8Array(0) : bytes));
  return { uid: record.uid, recordHash: hash, ver: record.ver, record: encoded, sealed: others, share };
}

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'erased-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('the bytes of a data directory after an erase', () => {
  it('hold neither share, record, slot key nor sealed slot key, which a search found before', async () => {
    const path = join(folder, 'node');
    const running = await Process.open(path);
    await running.vault.stage(first);
    const { secrets } = running;
    expect(new DiskSearch(path).names).toEqual(expect.arrayContaining(['key-slots', 'keystore.sealed', join('store', 'data.mdb')]));
    expect([secrets.slots.length, secrets.slotKeys.length, secrets.content.length]).toEqual([2, 2, 4]);
    expect(running.traces(secrets)).toEqual(THERE);
    await running.vault.erase(alice, first.recordHash);
    expect(running.traces(secrets)).toEqual([]);
    await running.end();
    expect(running.traces(secrets)).toEqual([]);
  });

  it('hold nothing of it either when the process was killed at any moment of the erase', async () => {
    const path = join(folder, 'node');
    const killed = new Map<string, string>();
    const running = await Process.open(path, (moment) => {
      // What a kill leaves is what the directory holds at that moment.
      const copy = join(folder, moment);
      if (!killed.has(moment)) cpSync(path, copy, { recursive: true });
      killed.set(moment, copy);
    });
    await running.vault.stage(first);
    await running.vault.stage(second);
    const { secrets } = running;
    await running.vault.eraseUpTo(alice, 2, [], Infinity);
    await running.end();
    expect([...killed.keys()]).toEqual(['before the overwrite', 'after the overwrite, the rows still there', 'after the rows are gone']);
    for (const [moment, copy] of killed) {
      const isWhole = moment === 'before the overwrite';
      expect([moment, running.traces(secrets, copy)]).toEqual([moment, isWhole ? THERE : []]);
      const next = await Process.open(copy);
      expect([moment, next.vault.holds(alice, first.recordHash), next.vault.holds(alice, second.recordHash)]).toEqual([
        moment,
        isWhole,
        isWhole,
      ]);
      await next.vault.eraseUpTo(alice, 2, [], Infinity);
      await next.end();
      expect([moment, running.traces(secrets, copy)]).toEqual([moment, []]);
    }
  });

  it('hold the old share until a new sharing is decided, and nothing of it then, killed at any moment', async () => {
    const path = join(folder, 'node');
    const killed = new Map<string, string>();
    const running = await Process.open(path, (moment) => {
      const copy = join(folder, moment);
      if (!killed.has(moment)) cpSync(path, copy, { recursive: true });
      killed.set(moment, copy);
    });
    await running.vault.stage(first);
    await running.vault.activate(alice, first.recordHash);
    const { secrets } = running;
    const fresh = { ...second, ver: first.ver, sealed: [], index: 5 };
    await running.vault.stage(fresh);
    expect(running.traces(secrets)).toEqual(THERE);
    await running.vault.activate(alice, fresh.recordHash);
    await running.vault.eraseUpTo(alice, 1, [fresh.recordHash], 6);
    expect(running.traces(secrets)).toEqual([]);
    await running.end();
    expect(killed.size).toBe(3);
    for (const [moment, copy] of killed) {
      const next = await Process.open(copy);
      expect([moment, next.vault.holds(alice, fresh.recordHash)]).toEqual([moment, true]);
      await next.vault.eraseUpTo(alice, 1, [fresh.recordHash], 6);
      await next.end();
      expect([moment, running.traces(secrets, copy)]).toEqual([moment, []]);
    }
  });

  it('hold nothing of a key that was made before a crash and that no row names', async () => {
    const path = join(folder, 'node');
    const running = await Process.open(path);
    const [slot] = await running.data.slots.allocate(1);
    if (slot === undefined) throw new Error('no slot was made');
    const disk = new DiskSearch(path);
    const secrets: HeldSecrets = {
      slots: [slot.slot],
      slotKeys: [slot.key],
      sealedSlots: [disk.sealedSlot(slot.slot)],
      content: [],
    };
    await running.end();
    expect(running.traces(secrets)).toEqual(THERE);
    const next = await Process.open(path);
    expect(running.traces(secrets)).toEqual([]);
    await next.end();
  });

  it('hold nothing of it after slots and pages were used again by others', async () => {
    const path = join(folder, 'node');
    const running = await Process.open(path);
    await running.vault.stage(first);
    const { secrets } = running;
    await running.vault.erase(alice, first.recordHash);
    // More keys than slots were ever made at once: the slots of the erased version serve again.
    const others = Array.from({ length: 260 }, (_, i) => bytesOf(`other ${i}`));
    await Promise.all(others.map((uid: Bytes) => running.vault.stage({ ...second, uid })));
    expect(secrets.slots.map((slot) => running.data.slots.read(slot) !== null)).toEqual([true, true]);
    expect(running.traces(secrets)).toEqual([]);
    await Promise.all(others.map((uid: Bytes) => running.vault.erase(uid, second.recordHash)));
    expect(running.traces(secrets)).toEqual([]);
    await running.end();
  });
});
