import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  addedEntryBundles,
  addedTiles,
  assembleNote,
  encodeEntryBundle,
  formatCheckpoint,
  formatTilePath,
  formatTrustRoot,
  leafHash,
  parseNote,
  signCheckpoint,
  signCosignature,
  treeRoot,
} from '@strongroom/transparency';
import {
  exampleNote,
  exampleProof,
  exampleText,
  exampleTrustedLog,
  loggedTrustRoot,
  logSigner,
  memoryTiles,
  NOW_SECONDS,
  witnessName,
  witnessSigners,
} from '@strongroom/transparency/example';
import { runExample, type ExampleRun } from '../example/example-terminal.js';

const AT = new Date(NOW_SECONDS * 1000).toISOString();
const first = exampleText(undefined, undefined, loggedTrustRoot);
const TEXTS = [first, exampleText(first, undefined, loggedTrustRoot)];
const lastJson = ({ stdout }: ExampleRun): unknown => JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '');
let root = '';
let good = '';
let trustRootFile = '';

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'strongroom-audit-'));
  trustRootFile = join(root, 'trust-root.json');
  await writeFile(trustRootFile, formatTrustRoot(loggedTrustRoot));
  good = join(root, 'good');
  await writeLog(good, TEXTS);
});
afterAll(() => rm(root, { recursive: true, force: true }));

describe('strongroom audit of a folder', () => {
  it('says incomplete, with every check that could be made', async () => {
    const run = await audit(['--offline', good]);
    expect(run.exitCode).toBe(2);
    expect(lastJson(run)).toMatchObject({ verdict: 'incomplete', gossipCode: expect.stringMatching(/^2\.2\.[0-9a-f]{12}$/) });
    expect(outcomes(run)).toEqual({
      'trust-root': 'ok',
      'same-view': 'skipped',
      witnesses: 'ok',
      'saved-state': 'ok',
      replay: 'ok',
      chain: 'ok',
      'both-signatures': 'ok',
      succession: 'ok',
      keys: 'ok',
      head: 'ok',
      evidence: 'skipped',
      possession: 'skipped',
      software: 'skipped',
    });
  });

  it('never says verified when something was skipped', async () => {
    const { stdout, stderr } = await audit(['--offline', good], false);
    expect(`${stdout}${stderr}`).not.toMatch(/^verified/m);
    expect(stdout).toContain('not verified');
  });

  it('fails when a bundle lacks a signature, and keeps no state', async () => {
    const folder = join(root, 'one-signature');
    await cp(good, folder, { recursive: true });
    const note = parseNote(await readFile(join(folder, 'bundles', '2'), 'utf8'));
    await writeFile(join(folder, 'bundles', '2'), assembleNote(note.text, note.signatures.slice(1)));
    const state = join(root, 'unsaved.checkpoint');
    const run = await audit(['--offline', folder, '--state', state]);
    expect(run.exitCode).toBe(1);
    expect(outcomes(run)).toMatchObject({ 'both-signatures': 'FAIL' });
    await expect(readFile(state)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('fails when the log was set back behind the saved state', async () => {
    const state = join(root, 'back', 'state.checkpoint');
    expect((await audit(['--offline', good, '--state', state])).exitCode).toBe(2);
    expect(await readFile(state, 'utf8')).toBe(checkpointOf(TEXTS));
    const folder = join(root, 'set-back');
    await writeLog(folder, [first]);
    const run = await audit(['--offline', folder, '--state', state]);
    expect(run.exitCode).toBe(1);
    expect(outcomes(run)).toMatchObject({ 'saved-state': 'FAIL' });
    expect(await readFile(state, 'utf8')).toBe(checkpointOf(TEXTS));
  });

  it('proves a fork in a file that it checks again', async () => {
    const folder = join(root, 'forked');
    await mkdir(folder);
    const state = join(folder, 'state.checkpoint');
    await writeFile(state, checkpointOf([TEXTS[1] ?? '']));
    const run = await audit(['--offline', good, '--state', state]);
    expect(run.exitCode).toBe(3);
    const file = join(folder, 'fork-1-2.txt');
    expect(lastJson(run)).toMatchObject({ verdict: 'misbehaviour', forkFile: file });
    const again = await audit(['--evidence', file]);
    expect(again.exitCode).toBe(3);
    expect(lastJson(again)).toMatchObject({ verdict: 'misbehaviour', sizes: [1, 2] });
    await writeFile(file, (await readFile(file, 'utf8')).replace('consistency ', 'consistency A'));
    expect((await audit(['--evidence', file])).exitCode).toBe(1);
  });

  it('shows the keys between two epochs', async () => {
    const run = await audit(['diff', '0', '2', '--offline', good]);
    expect(run.exitCode).toBe(2);
    const added = [1, 2, 3, 4, 5].map((index) => ({ epoch: 1, change: 'added', index }));
    expect(lastJson(run)).toMatchObject({ from: 0, to: 2, changes: added });
    expect(lastJson(await audit(['diff', '1', '2', '--offline', good]))).toMatchObject({ changes: [] });
  });

  it('keeps what it read, and finds the same there', async () => {
    const folder = join(root, 'kept');
    const run = await audit(['--offline', good, '--save', folder]);
    expect(outcomes(await audit(['--offline', folder]))).toEqual(outcomes(run));
  });

  it('ends the watch with what fails', async () => {
    const folder = join(root, 'watched');
    await writeLog(folder, TEXTS);
    await writeFile(join(folder, 'tile', 'entries', '000.p', '2'), 'junk');
    const run = await audit(['watch', '--offline', folder]);
    expect(run.exitCode).toBe(1);
    expect(lastJson(run)).toMatchObject({ verdict: 'failed' });
  });

  it.each([
    ['nonsense'],
    ['diff'],
    ['diff', '1', 'two'],
    ['--offline', '.', '--log', 'https://log.example/'],
    ['--at', 'yesterday'],
    ['--log', 'ftp://log.example/'],
  ])('refuses %s %s', async (...args) => {
    const run = await audit(args.filter((arg) => arg !== undefined));
    expect(run.exitCode).toBe(64);
  });
});

function audit(args: readonly string[], json = true): Promise<ExampleRun> {
  const common = ['--trust-root', trustRootFile, '--at', AT, '--home', join(root, 'home')];
  return runExample(['audit', ...common, ...args, ...(json ? ['--json'] : [])], { STRONGROOM_DATA_DIR: join(root, 'nothing-runs') });
}

function outcomes(run: ExampleRun): unknown {
  const report = lastJson(run);
  if (typeof report !== 'object' || report === null || !('lines' in report) || !Array.isArray(report.lines)) return report;
  return Object.fromEntries(report.lines.map(({ check, outcome }: { check: string; outcome: string }) => [check, outcome]));
}

async function writeLog(folder: string, texts: readonly string[]): Promise<void> {
  const entries = texts.map((text) => Buffer.from(text));
  const tiles = memoryTiles();
  await tiles.grow(0, entries.map(leafHash));
  const files = new Map<string, Uint8Array | string>([['checkpoint', checkpointOf(texts)]]);
  for (const path of addedTiles(0, texts.length)) files.set(formatTilePath(path), await tiles.readTile(path));
  for (const path of addedEntryBundles(0, texts.length)) files.set(formatTilePath(path), encodeEntryBundle(entries));
  texts.forEach((text, i) => files.set(`bundles/${i + 1}`, exampleNote(text)));
  files.set('served-bundle', exampleProof(texts.map(exampleNote)));
  for (const [path, bytes] of files) {
    await mkdir(join(folder, path, '..'), { recursive: true });
    await writeFile(join(folder, path), bytes);
  }
}

function checkpointOf(texts: readonly string[]): string {
  const root = treeRoot(texts.map((text) => leafHash(Buffer.from(text))));
  const checkpoint = { origin: exampleTrustedLog.vkey.name, size: texts.length, root };
  const text = formatCheckpoint(checkpoint);
  const lines = witnessSigners.map((signer, i) => signCosignature(text, witnessName(i + 1), signer, NOW_SECONDS));
  return assembleNote(text, [signCheckpoint(checkpoint, logSigner), ...lines]);
}
