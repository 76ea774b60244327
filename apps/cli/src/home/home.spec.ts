import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newRecoveryCode, recoveryCode } from '../session/recovery-code.js';
import { ExampleStreams } from '../example/example-terminal.js';
import { Terminal } from '../terminal/terminal.js';
import { Home } from './home.js';

let root = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'strongroom-home-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

const key = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);

describe('the home of a device', () => {
  it('has no backup key at first and gives back the one it was given', async () => {
    const home = new Home(join(root, 'a'));
    expect(await home.backupKey()).toBeUndefined();
    await home.keepBackupKey(key(1), false);
    expect(await home.backupKey()).toEqual(key(1));
  });

  it('keeps its key when another comes, unless it is told to replace it', async () => {
    const home = new Home(join(root, 'b'));
    await home.keepBackupKey(key(1), false);
    await home.keepBackupKey(key(1), false);
    await expect(home.keepBackupKey(key(2), false)).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(await home.backupKey()).toEqual(key(1));
    await home.keepBackupKey(key(2), true);
    expect(await home.backupKey()).toEqual(key(2));
  });

  it('refuses a key file of another length', async () => {
    const home = new Home(root);
    await writeFile(join(root, 'backup-key'), 'short');
    await expect(home.backupKey()).rejects.toMatchObject({ metadata: { field: 'home' } });
  });
});

describe('the recovery code', () => {
  const terminal = (tty: boolean): { streams: ExampleStreams; terminal: Terminal } => {
    const streams = new ExampleStreams(tty);
    return { streams, terminal: new Terminal({ streams, json: false, plain: false }) };
  };

  it('comes from a file, without its last line break, before the environment', async () => {
    const codeFile = join(root, 'code');
    await writeFile(codeFile, ' with spaces \n');
    expect(await recoveryCode(terminal(true).terminal, { codeFile, fromEnvironment: 'other' }, '?')).toBe(' with spaces ');
    expect(await recoveryCode(terminal(true).terminal, { codeFile: undefined, fromEnvironment: 'other' }, '?')).toBe('other');
  });

  it('is refused when its file is missing or nobody can be asked', async () => {
    await expect(
      recoveryCode(terminal(true).terminal, { codeFile: join(root, 'no'), fromEnvironment: undefined }, '?'),
    ).rejects.toMatchObject({ metadata: { field: 'codeFile' } });
    await expect(recoveryCode(terminal(false).terminal, { codeFile: undefined, fromEnvironment: undefined }, '?')).rejects.toMatchObject({
      metadata: { field: 'code' },
    });
  });

  it('is asked for twice when it is new', async () => {
    const same = terminal(true);
    const asked = newRecoveryCode(same.terminal, { codeFile: undefined, fromEnvironment: undefined });
    same.streams.stdin.write('code 1\r');
    same.streams.stderr.once('data', () => undefined);
    setImmediate(() => same.streams.stdin.write('code 2\r'));
    await expect(asked).rejects.toMatchObject({ metadata: { field: 'code' } });
  });
});
