import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SystemRandom } from '@strongroom/platform';
import { DataFolder } from './data-folder.js';

let parent: string;
let folder: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'data-folder-'));
  folder = join(parent, 'node', '1');
});
afterEach(() => rmSync(parent, { recursive: true }));

const open = (passphraseFile?: string): Promise<DataFolder> => DataFolder.open({ folder, passphraseFile, random: new SystemRandom() });

describe('the data folder of a node', () => {
  it('is made at first boot, for its user alone, and has the same keys ever after', async () => {
    const first = await open();
    const identity = first.keystore.identityPublicKey;
    expect(readdirSync(folder).toSorted()).toEqual(['key-slots', 'keystore.key', 'keystore.sealed', 'lock', 'store']);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    await first.onApplicationShutdown();
    const again = await open();
    expect(again.keystore.identityPublicKey).toEqual(identity);
    await again.onApplicationShutdown();
  });

  it('is refused while another has it', async () => {
    const first = await open();
    await expect(open()).rejects.toMatchObject({ code: 'CONFLICT' });
    await first.onApplicationShutdown();
    await (await open()).onApplicationShutdown();
  });

  it('gets no new keys when its keystore is lost and its data is there', async () => {
    await (await open()).onApplicationShutdown();
    rmSync(join(folder, 'keystore.sealed'));
    await expect(open()).rejects.toMatchObject({ code: 'INTERNAL', metadata: { file: 'keystore.sealed' } });
    expect(readdirSync(folder)).not.toContain('keystore.sealed');
  });

  it('takes its passphrase from a file, whose last line feed does not count', async () => {
    const [one, other, wrong] = ['one', 'other', 'wrong'].map((name) => join(parent, name));
    writeFileSync(one ?? '', 'correct horse\n');
    writeFileSync(other ?? '', 'correct horse');
    writeFileSync(wrong ?? '', 'correct horse\n\n');
    await (await open(one)).onApplicationShutdown();
    await (await open(other)).onApplicationShutdown();
    expect(readdirSync(folder)).not.toContain('keystore.key');
    await expect(open(wrong)).rejects.toMatchObject({ metadata: { file: 'keystore.sealed' } });
    await expect(open(join(parent, 'nowhere'))).rejects.toMatchObject({ metadata: { file: 'KEYSTORE_PASSPHRASE_FILE' } });
  });
});
