import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { OperatorClient, type CeremonyPlace } from '@strongroom/stack';
import { bundleNoteOf, parseBundle, parseNote, parseVkey } from '@strongroom/transparency';
import { TestFleet } from '@strongroom/testing';
import { z } from 'zod';
import type { CliResult } from '../cli/cli.js';
import { CeremonyCli } from './ceremony-cli.js';

const auditReport = z.object({ lines: z.array(z.object({ check: z.string(), outcome: z.string() })) });
const openLines = (json: unknown): readonly string[] =>
  auditReport
    .parse(json)
    .lines.filter(({ outcome }) => outcome !== 'ok')
    .map(({ check }) => check);

/** Three machines, three custodians of whom two must sign, one party in every role: what each step of the script has to do. */
describe('the ceremony of a fleet', () => {
  const cli = new CeremonyCli();
  const path = (name: string): string => join(cli.dir, name);
  const results = new Map<string, CliResult>();
  const resultOf = (name: string): CliResult => {
    const result = results.get(name);
    if (!result) throw new Error(`no step ${name}`);
    return result;
  };
  let fleet: TestFleet;
  let beforeRehearsal: unknown;
  let afterRehearsal: unknown;

  async function hold(place: CeremonyPlace): Promise<void> {
    const step = async (name: string, work: Promise<CliResult>): Promise<void> => void results.set(name, await work);
    const operator = new OperatorClient({ gatewayUrl: place.gatewayUrl, token: async () => '' });
    const anna = ['--custodian-key', path('anna.key')];
    beforeRehearsal = await operator.evidence();
    await step('rehearsed', cli.deploy(place, ['--dry-run']));
    afterRehearsal = [...(await operator.evidence()), ...readdirSync(cli.dir).filter((name) => name.startsWith('ceremony'))];
    await step('waits for custodians', cli.deploy(place, anna));
    await step('signed in its place', sign('admission', 'bert', 'ceremony/admission.json'));
    await step('killed before the publisher answers', cli.deploy(place, [], 'check and sign'));
    await step('killed at a known answer', cli.deploy(place, [], 'asking the fleet: wrong-code'));
    await step('waits for custodians again', cli.deploy(place, ['--skip', 'minority-lost', '--remark', 'the room was too warm']));
    await step('signed elsewhere again', sign('acceptance', 'carl', 'acceptance.carl.json'));
    await step('killed at the last bundle', cli.deploy(place, [...anna, '--signature', path('acceptance.carl.json')], 'sign the bundle'));
    await step('finished', cli.deploy(place, anna));
    await step('done again', cli.deploy(place));
  }

  const sign = (stage: string, who: string, out: string): Promise<CliResult> => {
    const secret = ['--key', path(`${who}.key`), '--passphrase-file', path('phrase')];
    return cli.run(['custodian', 'sign', path(`ceremony/${stage}.json`), ...secret, '--yes', '--out', path(out)]);
  };

  beforeAll(async () => {
    writeFileSync(path('phrase'), 'four quiet words\n', { mode: 0o600 });
    const keys = await Promise.all(
      ['anna', 'bert', 'carl'].map(async (name) => {
        const sealed = name === 'anna' ? ['--plain'] : ['--passphrase-file', path('phrase')];
        const { json } = await cli.run(['custodian', 'init', '--name', `vault.example/${name}`, '--out', path(`${name}.key`), ...sealed]);
        return parseVkey(z.object({ vkey: z.string() }).parse(json).vkey);
      }),
    );
    fleet = await TestFleet.create({
      profile: 'smallest',
      ksf: 'argon2id:65536:3:1',
      ceremony: { custodians: { threshold: 2, keys }, hold },
    });
  }, 120_000);
  afterAll(async () => {
    await fleet?.stop();
    cli.remove();
  }, 60_000);

  it('is rehearsed without changing anything', () => {
    expect(resultOf('rehearsed')).toMatchObject({ exit: 0, json: { dryRun: true } });
    expect(afterRehearsal).toEqual(beforeRehearsal);
  });

  it.each([
    ['waits for custodians', 'signatures'],
    ['waits for custodians again', 'signatures'],
  ])('%s, and says what is needed', (name, needed) => {
    expect(resultOf(name)).toMatchObject({ exit: 10, json: { error: { code: 'CONFLICT', needed } } });
  });

  it.each(['killed before the publisher answers', 'killed at a known answer', 'killed at the last bundle'])(
    'goes on after it was %s',
    (name) => {
      expect(resultOf(name).exit).toBeNull();
      expect(resultOf('finished').exit).toBe(0);
    },
  );

  it('ends with a bundle that names what was signed', async () => {
    const { deployment } = z.object({ deployment: z.string() }).parse(resultOf('finished').json);
    const bundle = await fleet.stack.operator.bundle();
    const named = parseBundle(parseNote(bundleNoteOf(bundle?.note ?? '')).text).deployment;
    expect(`sha256:${Buffer.from(named ?? []).toString('hex')}`).toBe(deployment);
    expect(resultOf('done again')).toMatchObject({ exit: 0, json: { deployment } });
  });

  it('leaves a statement that anybody verifies with nothing but the trust root', async () => {
    const bundle = await fleet.stack.operator.bundle();
    writeFileSync(path('bundle.note'), bundle?.note ?? '');
    const args = ['--trust-root', fleet.stack.trustRootFile, '--bundle', path('bundle.note')];
    const { exit, json } = await cli.run(['evidence', 'verify', path('ceremony/acceptance.json'), ...args]);
    expect({ exit, json }).toMatchObject({ exit: 0, json: { verdict: 'verified', stage: 'acceptance', environment: 'software' } });
  });

  it('is verified by an audit in every check, and by one of what was kept in every check but those of running nodes', async () => {
    const { trustRootFile, gatewayUrl, logUrl = '', mirrorUrl = '' } = fleet.stack;
    const root = ['audit', '--trust-root', trustRootFile];
    const online = ['--gateway', gatewayUrl, '--log', logUrl, '--mirror', mirrorUrl, '--save', path('kept')];
    const { exit, json } = await cli.run([...root, ...online]);
    expect({ exit, json }).toMatchObject({ exit: 0, json: { verdict: 'verified' } });
    const kept = await cli.run([...root, '--offline', path('kept')]);
    expect({ exit: kept.exit, open: openLines(kept.json) }).toEqual({ exit: 2, open: ['same-view', 'possession', 'software'] });
  });

  it('is shown on pages that need nothing else', async () => {
    const { exit, json } = await cli.run(['evidence', 'render', path('ceremony/acceptance.json'), '--out', path('pages')]);
    expect(exit).toBe(0);
    const [html = '', markdown = ''] = z
      .object({ files: z.array(z.string()) })
      .parse(json)
      .files.map((file) => readFileSync(file, 'utf8'));
    expect(html.indexOf('environment software')).toBeGreaterThan(0);
    expect(html.indexOf('environment software')).toBeLessThan(html.indexOf('<h1>'));
    for (const page of [html, markdown]) expect(page).toContain('the room was too warm');
    expect(html).not.toMatch(/<script|src=|href=/);
  });

  it('keeps the keys, the code and the tokens out of all that it writes', () => {
    const code = readCode();
    const files = ['ceremony/acceptance.json', 'ceremony/admission.json', 'ceremony/state.json'].map((name) =>
      readFileSync(path(name), 'utf8'),
    );
    const statements = files.map((text) =>
      text.startsWith('{"payload"')
        ? Buffer.from(z.object({ payload: z.string() }).parse(JSON.parse(text)).payload, 'base64').toString()
        : text,
    );
    const seed = z.object({ seed: z.object({ plain: z.string() }) }).parse(JSON.parse(readFileSync(path('anna.key'), 'utf8'))).seed.plain;
    for (const text of [...statements, ...[...results.values()].map(({ said }) => said)]) {
      expect(text).not.toContain(seed);
      expect(text).not.toMatch(/eyJ[\w-]+\.eyJ/);
    }
    expect(code).toBeUndefined();
  });

  /** Removed with the account once nothing is asked of it any more. */
  function readCode(): string | undefined {
    const file = path('ceremony/account/throw-away-code');
    return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  }
});
