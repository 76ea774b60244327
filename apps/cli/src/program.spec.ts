import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exactUpTo, guessBound } from '@strongroom/protocol';
import { initTrust } from '@strongroom/stack';
import { runExample } from './example/example-terminal.js';

/** Nobody listens on port 1 of the loopback. */
const NOWHERE = 'http://127.0.0.1:1';
let root = '';
let trustRootFile = '';

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'strongroom-cli-'));
  trustRootFile = join(root, 'trust-root.json');
  const places = { publisherDir: join(root, 'publisher'), auditorDir: join(root, 'auditor'), trustRootFile };
  await initTrust({ ...places, namespace: 'vault.example/spec' });
});
afterAll(() => rm(root, { recursive: true, force: true }));

const home = (name: string): readonly string[] => ['--home', join(root, name)];
const lastJson = (stdout: string): unknown => JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '');

describe('the command line', () => {
  it('explains itself, exit codes included', async () => {
    const { exitCode, stdout } = await runExample(['--help']);
    expect(exitCode).toBe(0);
    for (const command of [
      'up',
      'demo',
      'backup',
      'restore',
      'protect',
      'recover',
      'status',
      'history',
      'forget',
      'fleet',
      'trust',
      'custodian',
      'evidence',
      'events',
    ]) {
      expect(stdout).toContain(`\n  ${command}`);
    }
    expect(stdout).toContain('the recovery code is wrong');
  });

  it.each([
    ['up'],
    ['demo'],
    ['backup'],
    ['restore'],
    ['protect'],
    ['recover'],
    ['status'],
    ['history'],
    ['forget'],
    ['cancel'],
    ['events'],
    ['fleet', 'show'],
    ['fleet', 'deploy'],
    ['fleet', 'bounds'],
    ['fleet', 'refresh'],
    ['trust', 'init'],
    ['custodian', 'init'],
    ['custodian', 'sign'],
    ['evidence', 'verify'],
    ['evidence', 'render'],
  ])('shows an example for %s %s', async (...command) => {
    const { exitCode, stdout } = await runExample([...command.filter((word) => word !== undefined), '--help']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/Examples?:\n {2}(?:\S+=\S+ )?strongroom /);
    expect(stdout).toContain('--json');
  });

  it.each([
    [['nonsense']],
    [['backup', 'folder']],
    [['status', '--unknown']],
    [['status', '--gateway', 'ftp://x']],
    [['up', '--port', '0']],
    [['events', '--count', 'many']],
    [['fleet', 'deploy', '--profile', 'strange']],
    [['up', '--n', '7']],
    [['up', '--demo', '--n', '3', '--t', '2', '--q', '2']],
    [['demo', '--q', '5']],
    [['fleet', 'deploy', '--t', '2']],
    [['fleet', 'refresh', '--timeout', '0']],
    [['fleet', 'bounds', '--attempts', '101']],
    [['recover', '--account', '']],
    [['demo', '--folder', '/nonexistent/folder']],
  ])('refuses %j as wrong usage', async (args) => {
    const { exitCode, stderr } = await runExample(args);
    expect(exitCode).toBe(64);
    expect(stderr).not.toBe('');
    const json = await runExample([...args, '--json']);
    expect(lastJson(json.stdout)).toMatchObject({ error: { code: 'REQUEST_INVALID' } });
  });

  it('says how to start a vault when none answers, and ends with 6', async () => {
    const args = ['status', ...home('a'), '--gateway', NOWHERE, '--trust-root', trustRootFile];
    const { exitCode, stderr } = await runExample(args);
    expect(exitCode).toBe(6);
    expect(stderr).toContain('npm start');
    expect(lastJson((await runExample([...args, '--json'])).stdout)).toMatchObject({ error: { code: 'FLEET_UNAVAILABLE' } });
  });

  it('says how to give a code when there is no terminal', async () => {
    const { exitCode, stderr } = await runExample(['recover', ...home('a'), '--gateway', NOWHERE, '--trust-root', trustRootFile]);
    expect(exitCode).toBe(64);
    expect(stderr).toContain('--code-file');
  });

  it('takes no code that many people choose, unless told, and asks nobody for that', async () => {
    await writeFile(join(root, 'weak.txt'), 'trustno1\n');
    const args = ['protect', ...home('weak'), '--gateway', NOWHERE, '--trust-root', trustRootFile, '--code-file', join(root, 'weak.txt')];
    const refused = await runExample([...args, '--json']);
    expect([refused.exitCode, lastJson(refused.stdout)]).toEqual([64, { error: expect.objectContaining({ code: 'CODE_WEAK' }) }]);
    expect((await runExample(args)).stderr).toContain('--allow-weak-code');
    expect((await runExample([...args, '--allow-weak-code'])).exitCode).toBe(6);
  });

  it('gives advice on a code that could be better, without repeating it', async () => {
    await writeFile(join(root, 'date.txt'), '270843');
    const args = ['protect', ...home('weak'), '--gateway', NOWHERE, '--trust-root', trustRootFile, '--code-file', join(root, 'date.txt')];
    const { stdout, stderr } = await runExample(args);
    expect(stdout).toContain('It looks like a date.');
    expect(stdout + stderr).not.toContain('270843');
  });

  it.each([
    [['--n', '7'], /q > n\/2 does not hold with n=7, q=3.* take q from 4 to 6/],
    [['--profile', 'hardened', '--q', '7'], /n - q >= 1 does not hold with n=7, q=7.* take q from 4 to 6/],
    [['--t', '4'], /q >= t does not hold with t=4, q=3.* take q 4/],
  ])('says which rule the parameters %j break, and what would keep it', async (args, said) => {
    for (const command of [['up'], ['demo'], ['fleet', 'deploy'], ['fleet', 'bounds']]) {
      const { exitCode, stderr } = await runExample([...command, ...args]);
      expect([exitCode, stderr]).toEqual([64, expect.stringMatching(said)]);
    }
  });

  it('computes the guesses that corrupt nodes allow, for every b', async () => {
    const { stdout } = await runExample(['fleet', 'bounds', '--n', '7', '--t', '4', '--q', '5', '--json']);
    const parameters = { n: 7, t: 4, q: 5, attempts: 10 };
    const bounds = [0, 1, 2, 3, 4, 5, 6, 7].map((b) => ({ b, guesses: guessBound(parameters, b) }));
    expect(lastJson(stdout)).toEqual({ ...parameters, exactUpTo: exactUpTo(parameters), bounds });
    const shown = await runExample(['fleet', 'bounds', '--profile', 'hardened']);
    expect(shown.stdout).toMatch(/b = 3 {3}40\n {2}b = 4 and more {3}no limit\n$/);
  });

  it('has no option that takes a code as an argument', async () => {
    for (const command of ['protect', 'recover']) {
      const { stdout } = await runExample([command, '--help']);
      expect(stdout).not.toMatch(/--code[ =<]/);
    }
  });

  it('names the missing or broken trust root', async () => {
    const missing = await runExample(['status', ...home('b'), '--gateway', NOWHERE, '--trust-root', join(root, 'none.json')]);
    expect([missing.exitCode, missing.stderr]).toEqual([64, expect.stringContaining('none.json')]);
    await writeFile(join(root, 'broken.json'), '{}');
    const broken = await runExample(['status', ...home('b'), '--gateway', NOWHERE, '--trust-root', join(root, 'broken.json')]);
    expect(broken.exitCode).toBe(64);
  });

  it('asks before it deletes, and takes no silence for a yes', async () => {
    const { exitCode, stderr } = await runExample(['forget', ...home('a'), '--gateway', NOWHERE, '--trust-root', trustRootFile]);
    expect([exitCode, stderr]).toEqual([64, expect.stringContaining('--yes')]);
  });

  it('makes trust keys and keeps them when asked again', async () => {
    const args = [
      'trust',
      'init',
      '--publisher-dir',
      join(root, 'p'),
      '--auditor-dir',
      join(root, 'u'),
      '--namespace',
      'vault.example/x',
      '--out',
      join(root, 't.json'),
      '--json',
    ];
    const [first, second] = [await runExample(args), await runExample(args)];
    expect(first.exitCode).toBe(0);
    expect(lastJson(first.stdout)).toMatchObject({ trustRoot: { namespace: 'vault.example/x' } });
    expect(second.stdout).toBe(first.stdout);
  });
});

describe('backup and restore', () => {
  async function folder(): Promise<string> {
    const path = join(root, 'folder');
    await mkdir(path, { recursive: true });
    await writeFile(join(path, 'a.txt'), 'content');
    return path;
  }

  it('bring a folder back with the key of the device', async () => {
    const file = join(root, 'a.age');
    const backup = await runExample(['backup', await folder(), '--out', file, ...home('c'), '--json']);
    expect(lastJson(backup.stdout)).toMatchObject({ files: 1, bytes: 7, skipped: [] });
    expect((await stat(join(root, 'c', 'backup-key'))).mode & 0o777).toBe(0o600);
    expect((await stat(join(root, 'c'))).mode & 0o777).toBe(0o700);
    const restore = await runExample(['restore', file, '--out', join(root, 'restored'), ...home('c'), '--json']);
    expect(lastJson(restore.stdout)).toMatchObject({ files: 1, bytes: 7 });
    expect(await readFile(join(root, 'restored', 'a.txt'), 'utf8')).toBe('content');
  });

  it('refuse a device without the key, and one with another', async () => {
    const file = join(root, 'b.age');
    await runExample(['backup', await folder(), '--out', file, ...home('d')]);
    const without = await runExample(['restore', file, '--out', join(root, 'never'), ...home('empty')]);
    expect([without.exitCode, without.stderr]).toEqual([10, expect.stringContaining('strongroom recover')]);
    await runExample(['backup', await folder(), '--out', join(root, 'c.age'), ...home('e')]);
    expect((await runExample(['restore', file, '--out', join(root, 'never'), ...home('e')])).exitCode).toBe(64);
    await expect(stat(join(root, 'never'))).rejects.toThrow();
  });

  it('show the key only into a file that was asked for, and never over another', async () => {
    const identity = join(root, 'identity.txt');
    const args = ['backup', await folder(), '--out', join(root, 'f.age'), ...home('f'), '--export-identity', identity];
    const { stdout, stderr } = await runExample(args);
    const text = await readFile(identity, 'utf8');
    expect(text).toMatch(/^AGE-SECRET-KEY-1[A-Z0-9]{58}\n$/);
    expect((await stat(identity)).mode & 0o777).toBe(0o600);
    expect(stdout + stderr).not.toContain('AGE-SECRET-KEY');
    expect((await runExample(args)).exitCode).not.toBe(0);
    expect(await readFile(identity, 'utf8')).toBe(text);
  });
});
