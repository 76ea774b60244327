import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { projectRoot } from '@strongroom/stack';
import { freshAccount, TestFleet } from '@strongroom/testing';
import { submitCheckpoint, type SubmitResult } from '@strongroom/tlog';
import { formatNote, parseCosignerVkey, readCheckpoint } from '@strongroom/transparency';
import { z } from 'zod';
import { Cli } from './cli.js';

const CODE = 'correct horse 42';

/** Every file below a folder, by its path, with its bytes as text. */
function contentOf(folder: string): Readonly<Record<string, string>> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => statSync(join(folder, path)).isFile());
  return Object.fromEntries(files.sort().map((path) => [path, readFileSync(join(folder, path), 'latin1')]));
}

describe('the command line against a running vault', () => {
  let fleet: TestFleet;
  let dir: string;

  beforeAll(async () => {
    fleet = await TestFleet.create({ ksf: 'argon2id:8192:1:1' });
    dir = mkdtempSync(join(tmpdir(), 'strongroom-cli-'));
    cpSync(join(projectRoot(), 'docs/adr'), join(dir, 'documents'), { recursive: true });
  }, 120_000);
  afterAll(async () => {
    await fleet.stop();
    rmSync(dir, { recursive: true });
  }, 60_000);

  const cliOf = (): Cli => new Cli(fleet, freshAccount('cli'));
  const homeOf = (name: string): string => join(dir, name);

  it('brings a folder back on a new device, with nothing but the account and its code', async () => {
    const cli = cliOf();
    const [phone, laptop] = [homeOf('phone'), homeOf('laptop')];
    const file = join(dir, 'documents.age');
    const backup = await cli.run(['backup', join(dir, 'documents'), '--out', file, '--home', phone, '--json']);
    expect(backup).toMatchObject({ exit: 0, json: { out: file } });
    expect(await cli.on(phone, CODE)('protect')).toMatchObject({ exit: 0, json: { version: 1, status: 'active' } });

    const early = await cli.run(['restore', file, '--out', join(dir, 'early'), '--home', laptop, '--json']);
    expect(early).toMatchObject({ exit: 10, json: { error: { code: 'NOT_FOUND' } } });
    expect(await cli.on(laptop, 'a wrong code')('recover')).toMatchObject({
      exit: 3,
      json: { error: { code: 'CODE_WRONG', attemptsLeft: 9 } },
    });
    expect(await cli.on(laptop)('status')).toMatchObject({ exit: 0, json: { status: 'active', attemptsLeft: 9 } });
    const recovered = await cli.on(laptop, CODE)('recover');
    expect(recovered).toMatchObject({ exit: 0, json: { version: 1, attemptsLeft: 10, excluded: [] } });
    const restored = await cli.run(['restore', file, '--out', join(dir, 'restored'), '--home', laptop, '--json']);
    expect(restored.exit).toBe(0);
    expect(contentOf(join(dir, 'restored'))).toEqual(contentOf(join(dir, 'documents')));

    const key = readFileSync(join(laptop, 'backup-key'), 'utf8').trim();
    for (const { said } of [backup, recovered, restored]) for (const secret of [CODE, key]) expect(said).not.toContain(secret);
    expect(statSync(join(laptop, 'backup-key')).mode & 0o077).toBe(0);
  });

  it("lets the owner end a stranger's change, and forget the record", async () => {
    const cli = cliOf();
    const [owner, stranger] = [homeOf('owner'), homeOf('stranger')];
    expect((await cli.on(owner, CODE)('protect')).exit).toBe(0);
    expect(await cli.on(stranger, 'strangers code')('protect')).toMatchObject({ exit: 0, json: { status: 'pending', version: 2 } });
    expect(await cli.on(owner)('cancel')).toMatchObject({ exit: 0 });
    expect(await cli.on(owner)('status')).toMatchObject({ exit: 0, json: { status: 'active', pendingUntil: null } });
    const entries = [
      { kind: 'cancel', byThisDevice: true, byOwner: true },
      { kind: 'register', byThisDevice: false, byOwner: false },
      { kind: 'register', byThisDevice: true },
    ];
    expect(await cli.on(owner)('history')).toMatchObject({ exit: 0, json: { complete: true, newest: 3, entries } });
    expect(await cli.on(owner)('forget')).toMatchObject({ exit: 64, json: { error: { field: 'yes' } } });
    expect(await cli.on(owner)('forget', '--yes')).toMatchObject({ exit: 0, json: { status: 'deleted' } });
    expect(await cli.on(owner, CODE)('recover')).toMatchObject({ exit: 5, json: { error: { code: 'RECORD_UNKNOWN' } } });
  });

  it('shows the fleet with every check of its bundle', async () => {
    const shown = await cliOf().on(homeOf('viewer'))('fleet', 'show');
    expect(shown).toMatchObject({ exit: 0, json: { fleets: [{ fleetId: 'main', n: 5, t: 3, q: 3 }] } });
  });

  it('derives the public log again, and its mirror, also after the auditor was killed', async () => {
    const cli = cliOf();
    const whole = { exit: 0, json: { outcome: 'ok', size: 1, problems: [] } };
    expect(await cli.run(['log', 'fsck', '--json'])).toMatchObject(whole);
    const mirror = ['log', 'fsck', fleet.stack.mirrorUrl ?? '', '--trust-root', fleet.stack.trustRootFile, '--json'];
    const copied = async (): Promise<number> =>
      readCheckpoint(await (await fetch(`${fleet.stack.mirrorUrl}checkpoint`)).text()).checkpoint.size;
    await fleet.until('the mirror to follow', async () => (await copied()) === 1);
    const { auditor } = fleet.stack.services;
    await auditor.kill9();
    expect(await cli.run(['log', 'fsck', '--json'])).toMatchObject({ exit: 2, json: { outcome: 'unavailable' } });
    expect(await cli.run(mirror)).toMatchObject(whole);
    await auditor.start();
    expect(await cli.run(['log', 'fsck', '--json'])).toMatchObject(whole);
    expect(await cli.run(['log', 'fsck', '--evidence', '--json'])).toMatchObject({ exit: 0, json: { outcome: 'ok', size: 0 } });
  });

  it('audits the vault as a stranger, and never calls it verified while something is skipped', async () => {
    const cli = cliOf();
    const home = ['--home', homeOf('stranger')];
    const audited = await cli.run(['audit', ...home, '--json']);
    expect(audited).toMatchObject({ exit: 2, json: { verdict: 'incomplete', gossipCode: expect.stringMatching(/^1\.1\./) } });
    const lines = z
      .array(z.object({ check: z.string(), outcome: z.string() }))
      .parse(z.object({ lines: z.unknown() }).parse(audited.json).lines);
    const open = lines.filter(({ outcome }) => outcome !== 'ok').map(({ check }) => check);
    // Nobody signed for the machines of a trial; that they hold their keys they say themselves.
    expect(open).toEqual(['evidence', 'software']);
    expect(await cli.run(['audit', 'diff', '0', '1', ...home, '--json'])).toMatchObject({
      exit: 2,
      json: { changes: Array.from({ length: 5 }, () => expect.objectContaining({ change: 'added' })) },
    });
    const elsewhere = await cli.run(['audit', ...home, '--log', 'http://127.0.0.1:9/log/', '--json']);
    expect(elsewhere).toMatchObject({ exit: 2, json: { verdict: 'incomplete' } });
  });

  it('runs a witness for others, which a kill does not make forget what it cosigned', async () => {
    const cli = cliOf();
    const args = ['--dir', homeOf('witness'), '--name', 'witness.example/w1'];
    const made = await cli.run(['witness', 'init', ...args, '--json']);
    const vkey = parseCosignerVkey(z.object({ vkey: z.string() }).parse(made.json).vkey);
    const opened = readCheckpoint(await (await fetch(`${fleet.stack.logUrl}checkpoint`)).text());
    const submit = async (): Promise<SubmitResult> => {
      const { child, url } = await startWitness(cli, args);
      const result = await submitCheckpoint({ witness: { vkey, url }, opened, oldSize: 0, proofFrom: async () => [], timeoutMs: 20_000 });
      const answer = await fetch(`${url}add-checkpoint`, { method: 'POST', body: `old 0\n\n${formatNote(opened.note)}` });
      expect([answer.status, await answer.text()]).toEqual([409, '1\n']);
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
      return result;
    };
    expect(await submit()).toMatchObject({ outcome: 'cosigned' });
    expect(await submit()).toMatchObject({ outcome: 'cosigned' });
  });

  /** A witness of the vault's logs, ready at its URL. */
  async function startWitness(cli: Cli, args: readonly string[]): Promise<{ child: ChildProcess; url: string }> {
    const child = cli.start(['witness', 'run', ...args, '--trust-root', fleet.stack.trustRootFile, '--port', '0']);
    let said = '';
    child.stderr?.on('data', (part: Buffer) => (said += part.toString('utf8')));
    await fleet.until('the witness to serve', () => /http:\/\/\S+/.test(said));
    return { child, url: /http:\/\/\S+/.exec(said)?.[0] ?? '' };
  }

  it('follows the votes as they happen, and ends when it is told to', async () => {
    const cli = cliOf();
    const events = cli.start(['events', '--json']);
    const ended = new Promise<number | null>((resolve) => events.once('close', resolve));
    const types = new Set<string>();
    if (events.stdout === null) throw new Error('the command has no output');
    createInterface({ input: events.stdout }).on('line', (line) => types.add(z.object({ type: z.string() }).parse(JSON.parse(line)).type));
    // It cannot say that it listens before there is something to hear: changes are made until it has heard one.
    await fleet.until('the events to be followed', async () => {
      expect((await cli.on(homeOf('watched'), CODE)('protect')).exit).toBe(0);
      return [...types].some((type) => type.includes('record.activated'));
    });
    await cli.on(homeOf('watched'), CODE)('recover');
    const wanted = ['attempt.voted', 'attempt.quorum-reached', 'share.released', 'attempt.confirmed'];
    await fleet.until('the votes to be shown', () => wanted.every((name) => [...types].some((type) => type.includes(name))));
    events.kill('SIGINT');
    expect([0, 130]).toContain(await ended);
  });

  it('has the fleet make its shares anew, once it is told to in earnest', async () => {
    const cli = cliOf();
    expect((await cli.on(homeOf('keeper'), CODE)('protect')).exit).toBe(0);
    const refresh = (...args: readonly string[]): ReturnType<Cli['run']> => cli.run(['fleet', 'refresh', ...args, '--json']);
    expect(await refresh('--dry-run')).toMatchObject({ exit: 0, json: { fleet: { epoch: 1 }, staleShares: 0 } });
    expect(await refresh('--fleet', 'unknown')).toMatchObject({
      exit: expect.any(Number),
      said: expect.stringContaining('no fleet unknown'),
    });
    expect(await refresh()).toMatchObject({ exit: 0, json: { fleet: { epoch: 2, state: 'active' }, staleShares: 0 } });
    const shown = await cli.on(homeOf('keeper'))('fleet', 'show');
    expect(shown).toMatchObject({ exit: 0, json: { fleets: [{ epoch: 2, missingShares: 0, staleShares: 0 }] } });
    expect(await cli.on(homeOf('keeper'), CODE)('recover')).toMatchObject({ exit: 0, json: { version: 1, attemptsLeft: 10 } });
  });

  it.each([
    ['a command that does not exist', ['fly'], 64],
    ['an option that does not exist', ['status', '--fast'], 64],
    ['a gateway that is not there', ['status', '--gateway', 'http://127.0.0.1:9', '--account', 'nobody'], 6],
    ['a code that nobody gave', ['recover', '--account', 'nobody'], 64],
  ])('says what is wrong with %s, and does nothing', async (_what, args, exit) => {
    const result = await cliOf().run([...args, '--home', homeOf('astray'), '--json']);
    expect(result.exit).toBe(exit);
    expect(result.said).toMatch(/strongroom|error/);
    expect(result.said).not.toMatch(/\n\s+at /);
  });
});
