import { chmod, mkdir, mkdtemp, readFile, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { utf8 } from '@strongroom/protocol';
import { nodeVerifier } from '../signature/node-signature.js';
import { createSigningKey, openSigningKey } from './signing-key-file.js';

describe('a signing key file', () => {
  let dir: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'strongroom-key-'));
  });
  afterEach(() => rm(dir, { recursive: true }));

  it('is made once, for its owner alone, and signs the same way after each opening', async () => {
    const made = await createSigningKey(join(dir, 'a'));
    const again = await createSigningKey(join(dir, 'a'));
    const opened = await openSigningKey(join(dir, 'a'));
    expect(again.publicKey).toEqual(made.publicKey);
    expect(opened.publicKey).toEqual(made.publicKey);
    expect((await stat(join(dir, 'a', 'signing-key'))).mode & 0o777).toBe(0o600);
    expect(await readdir(join(dir, 'a'))).toEqual(['signing-key']);
    expect((await readFile(join(dir, 'a', 'signing-key'))).length).toBe(32);
    expect(nodeVerifier.verify(made.publicKey, utf8('x'), opened.sign(utf8('x')))).toBe(true);
  });

  it('differs each time it is made', async () => {
    expect((await createSigningKey(join(dir, 'a'))).publicKey).not.toEqual((await createSigningKey(join(dir, 'b'))).publicKey);
  });

  it('refuses a file that others may read, a cut one, a link and none', async () => {
    await expect(openSigningKey(dir)).rejects.toThrow('ENOENT');
    await createSigningKey(dir);
    await chmod(join(dir, 'signing-key'), 0o640);
    await expect(openSigningKey(dir)).rejects.toThrow('others');
    await chmod(join(dir, 'signing-key'), 0o600);
    await mkdir(join(dir, 'linked'));
    await symlink(join(dir, 'signing-key'), join(dir, 'linked', 'signing-key'));
    await expect(openSigningKey(join(dir, 'linked'))).rejects.toThrow('ELOOP');
    await writeFile(join(dir, 'signing-key'), 'short');
    await expect(openSigningKey(dir)).rejects.toThrow('32 bytes');
  });
});
