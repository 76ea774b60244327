import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  appendStep,
  deploymentDigest,
  deriveBundleText,
  formatEnvelope,
  formatTrustRoot,
  parseEnvelope,
  signEnvelope,
} from '@strongroom/transparency';
import {
  auditorSigner,
  custodialTrustRoot,
  exampleFleet,
  exampleNote,
  exampleStatement,
  exampleTranscript,
  exampleTrustRoot,
  NOW_SECONDS,
  operatorSigner,
  signedByCustodians,
} from '@strongroom/transparency/example';

import { runExample, type ExampleRun } from '../example/example-terminal.js';

let dir = '';
const path = (name: string): string => join(dir, name);
const json = ({ stdout }: ExampleRun): unknown => JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '');
const [fleet] = exampleStatement().predicate.fleets;
if (!fleet) throw new Error('no fleet');
const HOSTILE = '<script>alert(1)</script> | `x` [y](javascript:z)';
const transcript = appendStep(exampleTranscript(fleet, custodialTrustRoot.namespace), {
  at: NOW_SECONDS - 50,
  exception: HOSTILE,
  output: 'none',
  step: 'remark',
  who: 'olga',
});
const custodial = signedByCustodians(exampleStatement({}, { transcript }));
const whole = signEnvelope(
  signEnvelope(custodial, exampleTrustRoot.auditor.name, auditorSigner),
  exampleTrustRoot.operator.name,
  operatorSigner,
);

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'strongroom-evidence-'));
  const deployment = { digest: deploymentDigest(custodial), statement: exampleStatement() };
  const input = {
    trustRoot: custodialTrustRoot,
    previousText: undefined,
    issuedAt: NOW_SECONDS,
    expiresAt: NOW_SECONDS + 86_400,
    fleets: [exampleFleet()],
  };
  const other = { digest: deploymentDigest(signedByCustodians(exampleStatement())), statement: exampleStatement() };
  const files = {
    'whole.json': formatEnvelope(whole),
    'custodial.json': formatEnvelope(custodial),
    'junk.json': 'junk',
    'trust-root.json': formatTrustRoot(custodialTrustRoot),
    'trial.json': formatTrustRoot(exampleTrustRoot),
    'bundle.note': exampleNote(deriveBundleText({ ...input, deployment })),
    'other.note': exampleNote(deriveBundleText({ ...input, deployment: other })),
  };
  for (const [name, text] of Object.entries(files)) await writeFile(path(name), text);
});
afterAll(() => rm(dir, { recursive: true }));

describe('strongroom evidence verify', () => {
  const verify = (file: string, trustRoot = 'trust-root.json', ...more: readonly string[]): Promise<ExampleRun> =>
    runExample(['evidence', 'verify', path(file), '--trust-root', path(trustRoot), '--json', ...more]);

  it('says verified, with the environment before all checks, and exit 0', async () => {
    const run = await verify('whole.json', 'trust-root.json', '--bundle', path('bundle.note'));
    expect(run).toMatchObject({ exitCode: 0 });
    expect(json(run)).toMatchObject({ verdict: 'verified', environment: 'software', stage: 'admission' });
    expect(run.stderr.split('\n')[0]).toContain('environment software');
  });

  it('says which check failed, and exit 1', async () => {
    const [unsigned, otherBundle] = await Promise.all([
      verify('custodial.json'),
      verify('whole.json', 'trust-root.json', '--bundle', path('other.note')),
    ]);
    expect(unsigned.exitCode).toBe(1);
    expect(unsigned.stderr).toMatch(/FAIL +auditor:[^]*FAIL +operator:/);
    expect(otherBundle.exitCode).toBe(1);
    expect(otherBundle.stderr).toMatch(/FAIL +bundle:/);
  });

  it.each([
    ['there is no such file', ['nowhere.json', 'trust-root.json']],
    ['there is no envelope in it', ['junk.json', 'trust-root.json']],
    ['the trust root names no custodians', ['whole.json', 'trial.json']],
    ['the trust root is none', ['whole.json', 'junk.json']],
  ] as const)('never says verified when %s, and exit 2', async (_what, [file, trustRoot]) => {
    const run = await verify(file, trustRoot);
    expect([run.exitCode, json(run)]).toEqual([2, expect.objectContaining({ verdict: 'could not check' })]);
  });

  it('asks for a trust root, and exit 64', async () => {
    expect((await runExample(['evidence', 'verify', path('whole.json')])).exitCode).toBe(64);
  });
});

describe('strongroom evidence render', () => {
  it('makes pages in which a statement cannot speak for itself', async () => {
    const run = await runExample(['evidence', 'render', path('whole.json'), '--out', path('pages'), '--sample', '--json']);
    expect(run.exitCode).toBe(0);
    const base = path(`pages/eu-1-${Buffer.from(deploymentDigest(whole)).toString('hex').slice(0, 12)}`);
    const [html, markdown] = await Promise.all([readFile(`${base}.html`, 'utf8'), readFile(`${base}.md`, 'utf8')]);
    expect(html).toContain('&lt;script&gt;alert(1)');
    expect(html).not.toMatch(/<script|src=|href=|url\(/);
    expect(markdown).not.toMatch(/(?<!\\)<script|(?<!\\)\[y/);
    for (const page of [html, markdown]) {
      expect(page).toContain('sample');
      expect(page).toContain('environment software');
      for (const { identityKey } of fleet.members) expect(page).toContain(Buffer.from(identityKey, 'base64').toString('hex'));
    }
  });
});

describe('strongroom custodian', () => {
  const init = (name: string, ...more: readonly string[]): Promise<ExampleRun> =>
    runExample(['custodian', 'init', '--name', `vault.example/${name}`, '--out', path(`${name}.key`), '--json', ...more]);
  const sign = (key: string, ...more: readonly string[]): Promise<ExampleRun> =>
    runExample(['custodian', 'sign', path('custodial.json'), '--key', path(key), '--out', path('signed.json'), '--json', ...more]);

  it('makes a key for its owner alone, sealed or plain, and never twice', async () => {
    await writeFile(path('phrase'), 'four quiet words\n');
    const sealed = await init('anna', '--passphrase-file', path('phrase'));
    const plain = await init('bert', '--plain');
    expect([sealed.exitCode, plain.exitCode]).toEqual([0, 0]);
    for (const name of ['anna.key', 'bert.key']) expect((await stat(path(name))).mode & 0o777).toBe(0o600);
    expect(await readFile(path('anna.key'), 'utf8')).not.toContain('plain');
    expect((await init('bert', '--plain')).exitCode).toBe(10);
    expect((await init('carl')).exitCode).toBe(64);
  });

  it('adds a signature over the same bytes', async () => {
    const run = await sign('anna.key', '--passphrase-file', path('phrase'), '--yes');
    expect(run.exitCode).toBe(0);
    const signed = parseEnvelope(await readFile(path('signed.json'), 'utf8'));
    expect([signed.payload, signed.signatures.length]).toEqual([custodial.payload, custodial.signatures.length + 1]);
  });

  it.each([
    ['nobody compared the machines', 'bert.key', []],
    ['the passphrase is another', 'anna.key', ['--yes', '--passphrase-file', 'trust-root.json']],
    ['there is no such key', 'nobody.key', ['--yes']],
    ['the key is no key', 'trial.json', ['--yes']],
  ])('signs nothing when %s', async (_what, key, more) => {
    await rm(path('signed.json'), { force: true });
    const run = await sign(key, ...more.map((word) => (word === 'trust-root.json' ? path(word) : word)));
    expect(run.exitCode).toBe(64);
    await expect(stat(path('signed.json'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('opens no key that others can read', async () => {
    await writeFile(path('open.key'), await readFile(path('bert.key')), { mode: 0o644 });
    expect((await sign('open.key', '--yes')).exitCode).toBe(64);
  });
});
