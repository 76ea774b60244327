import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SystemRandom } from '@strongroom/platform';
import type { Bytes } from '@strongroom/protocol';
import { newKeyMaterial } from '../keystore/key-material.js';
import { SoftwareKeystore } from '../keystore/software-keystore.js';
import { FileKeySlots, SLOT_LENGTH } from '../storage/file-key-slots.js';
import { LmdbNodeStore } from '../storage/lmdb-node-store.js';
import { SealedShareVault } from './sealed-share-vault.js';
import { uid, versionOf } from './share-vault.suite.js';

const random = new SystemRandom();
const keystore = new SoftwareKeystore(newKeyMaterial(random), random, 'sealed-file');
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vault-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Every byte under the folder. */
function disk(): Buffer {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Buffer.concat(names.map((entry) => readFileSync(join(entry.parentPath, entry.name))));
}

describe('the vault on disk', () => {
  it('leaves neither share nor slot key on the disk after an erase, in clear or sealed', async () => {
    const store = LmdbNodeStore.open(join(folder, 'store'), keystore);
    const path = join(folder, 'key-slots');
    const slots = await FileKeySlots.open(path, keystore, random);
    const vault = await SealedShareVault.open({ store, slots, clock: { nowMs: () => 1 }, random });
    const share = random.bytes(64);
    const version = { ...versionOf(1), share };
    await vault.stage(version);

    const used = [0, 1].map((slot) => ({
      key: slots.read(slot),
      sealed: readFileSync(path).subarray(slot * SLOT_LENGTH, slot * SLOT_LENGTH + 72),
    }));
    const gone: readonly Bytes[] = used.flatMap(({ key, sealed }) => [key ?? sealed, sealed]);
    const clear = [share, share.subarray(0, 32), share.subarray(32)];
    for (const { sealed } of used) expect(disk().includes(sealed)).toBe(true);
    for (const bytes of clear) expect(disk().includes(Buffer.from(bytes))).toBe(false);

    await vault.erase(uid, version.recordHash);
    for (const bytes of [...gone, ...clear]) expect(disk().includes(Buffer.from(bytes))).toBe(false);
    await store.close();
    await slots.close();
    for (const bytes of [...gone, ...clear]) expect(disk().includes(Buffer.from(bytes))).toBe(false);
  });
});
