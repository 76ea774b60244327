import { execFile } from 'node:child_process';
import { createReadStream, createWriteStream, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ageIdentity, decryptBackup, encryptBackup, iterated, type ByteSource } from '@strongroom/client/backup';
import { SystemRandom } from '@strongroom/platform';
import { debianProgram } from './debian-program.js';

const run = promisify(execFile);
const TIMEOUT_MS = 60_000;
const key = new SystemRandom().bytes(32);
const CHUNK = 65_536;

let folder: string;
let age: string;
let identity: string;
let recipient: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'age-'));
  age = await debianProgram('age');
  identity = place('identity.txt');
  writeFileSync(identity, `${ageIdentity(key)}\n`, { mode: 0o600 });
  recipient = (await run(age.replace(/age$/, 'age-keygen'), ['-y', identity], { timeout: TIMEOUT_MS })).stdout.trim();
});
afterAll(() => rmSync(folder, { recursive: true }));

const place = (name: string): string => join(folder, name);
const written = async (bytes: ByteSource, name: string): Promise<string> => {
  await pipeline(iterated(bytes), createWriteStream(place(name)));
  return place(name);
};
const plainFile = (length: number): string => {
  const file = place(`plain-${length}`);
  writeFileSync(file, Buffer.alloc(length, 'the content of a backup '));
  return file;
};
const isSame = async (one: string, other: string): Promise<boolean> =>
  run('cmp', [one, other], { timeout: TIMEOUT_MS }).then(
    () => true,
    () => false,
  );

describe("Debian's age", () => {
  it.each([0, 1, CHUNK, 3 * CHUNK + 1])('opens a backup of %i bytes', async (length) => {
    const plain = plainFile(length);
    const sealed = await written(await encryptBackup(key, createReadStream(plain)), 'ours.age');
    // To standard output: for a backup of nothing age makes no file.
    const { stdout } = await run(age, ['--decrypt', '--identity', identity, sealed], { timeout: TIMEOUT_MS, encoding: 'buffer' });
    expect(stdout.equals(readFileSync(plain))).toBe(true);
  });

  it.each([0, 1, CHUNK, 3 * CHUNK + 1])('makes a file of %i bytes that opens as a backup', async (length) => {
    const plain = plainFile(length);
    await run(age, ['--encrypt', '--recipient', recipient, '--output', place('theirs.age'), plain], { timeout: TIMEOUT_MS });
    const opened = await written(await decryptBackup(key, createReadStream(place('theirs.age'))), 'theirs');
    expect(await isSame(plain, opened)).toBe(true);
    expect(statSync(opened).size).toBe(length);
  });

  it('refuses, as we do, a backup that was cut between two chunks', async () => {
    const sealed = await written(await encryptBackup(key, createReadStream(plainFile(3 * CHUNK + 1))), 'long.age');
    const cut = await written(createReadStream(sealed, { end: statSync(sealed).size - 18 }), 'cut.age');
    await expect(run(age, ['--decrypt', '--identity', identity, cut], { timeout: TIMEOUT_MS, encoding: 'buffer' })).rejects.toThrow();
    await expect(written(await decryptBackup(key, createReadStream(cut)), 'nothing')).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
  });
});
