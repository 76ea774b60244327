import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { z } from 'zod';
import { PROFILES } from '../fleet/profile.js';
import { projectRoot } from '../files/project.js';
import { composeText, OUR_IMAGE, readCompose, type ComposeService } from './compose-file.fixture.js';

const run = promisify(execFile);
const PASSWORDS = {
  POSTGRES_PASSWORD: 'k2',
  REGISTRY_DB_PASSWORD: 'k3',
  PUBLISHER_DB_PASSWORD: 'k4',
  AUDITOR_DB_PASSWORD: 'k5',
};
const HARDENED = { ...PASSWORDS, FLEET_PROFILE: 'hardened', COMPOSE_PROFILES: 'hardened' };
const file = readCompose(HARDENED);
const ours = Object.entries(file.services).filter(([, { image }]) => OUR_IMAGE.test(image));
const lasting = ours.filter(([, { restart }]) => restart !== 'no');

/** Read by the platform for every service, outside its config.ts. */
const PLATFORM_VARIABLES = ['LOG_LEVEL'];

describe('docker-compose.yml', () => {
  it('is what the compose specification calls a compose file', () => {
    const schema = z
      .record(z.string(), z.unknown())
      .parse(JSON.parse(readFileSync(join(projectRoot(), 'deploy/compose-spec/compose-spec.json'), 'utf8')));
    const draft7 = { ...schema, $schema: 'http://json-schema.org/draft-07/schema#' };
    const validate = new Ajv({ strict: false, allErrors: true, validateFormats: false }).compile(draft7);
    const isValid = (text: string): boolean => validate(parse(text, { merge: true }));
    expect(isValid(composeText())).toBe(true);
    expect(isValid(composeText().replace('read_only: true', 'readonly: true'))).toBe(false);
  });

  it('has no default for a secret', () => {
    for (const name of Object.keys(PASSWORDS)) expect(() => readCompose({ ...PASSWORDS, [name]: '' })).toThrow(new RegExp(name));
  });

  it('runs programs that exist, as nobody special, on a root file system that cannot be written', () => {
    expect(readFileSync(join(projectRoot(), 'Dockerfile'), 'utf8')).toMatch(/\nUSER node\n/);
    for (const [name, { command = [], read_only, cap_drop }] of ours) {
      expect([name, command[0], read_only, cap_drop]).toEqual([name, 'node', true, ['ALL']]);
      expect([name, existsSync(join(projectRoot(), command[1] ?? ''))]).toEqual([name, true]);
    }
  });

  it('checks the health of everything that lasts', () => {
    for (const [name, { healthcheck }] of Object.entries(file.services).filter(([, { restart }]) => restart !== 'no')) {
      expect([name, healthcheck?.test[0]]).toEqual([name, 'CMD']);
    }
  });

  it('gives each node a volume of its own, and each signing key to its service alone', () => {
    const writers = (volume: string): string[] => lasting.filter(([, service]) => mounts(service, volume)).map(([name]) => name);
    for (const node of [1, 2, 3, 4, 5, 6, 7]) expect(writers(`node-${node}`)).toEqual([`hsm-node-${node}`]);
    expect(writers('publisher-key')).toEqual(['bundle-publisher']);
    expect(writers('auditor-key')).toEqual(['bundle-auditor']);
    expect(writers('auditor-log')).toEqual(['bundle-auditor']);
    for (const witness of [1, 2]) expect(writers(`witness-${witness}`)).toEqual([`witness-${witness}`]);
    const nodes = [1, 2, 3, 4, 5, 6, 7].map((node) => `hsm-node-${node}`);
    expect(['bus-registry', 'bus-publisher', 'bus-auditor', 'bus-gateway', 'bus-node', 'bus-observer'].map(writers)).toEqual([
      ...[['fleet-registry'], ['bundle-publisher'], ['bundle-auditor'], ['session-gateway'], nodes, []],
    ]);
  });

  it.each(['standard', 'hardened'] as const)('starts as many nodes as the profile %s has, and deploys that', async (profile) => {
    const dir = mkdtempSync(join(tmpdir(), 'compose-'));
    await run(process.execPath, [join(projectRoot(), 'deploy/new-env.mjs'), profile], { cwd: dir });
    const lines = readFileSync(join(dir, '.env'), 'utf8').trim().split('\n');
    rmSync(dir, { recursive: true });
    const { services } = readCompose(Object.fromEntries(lines.map((line) => [line.split('=')[0], line.split('=')[1] ?? ''])));
    expect(Object.keys(services).filter((name) => name.startsWith('hsm-node-')).length).toBe(PROFILES[profile].n);
    expect(services['fleet-init']?.command?.slice(-2)).toEqual(['--profile', profile]);
    for (const { depends_on } of Object.values(services))
      expect(Object.keys(services)).toEqual(expect.arrayContaining(Object.keys(depends_on)));
  });

  it('opens two doors on the loopback, the gateway and the public log', () => {
    const open = Object.entries(file.services).filter(([, { ports }]) => ports.length > 0);
    expect(open.map(([name, { ports }]) => [name, ports])).toEqual([
      ['bundle-auditor', ['127.0.0.1:8485:8485']],
      ['session-gateway', ['127.0.0.1:8480:8480']],
    ]);
    expect(file.networks).toMatchObject({ bus: { internal: true }, database: { internal: true } });
    const onDatabase = ours.filter(([, { networks }]) => networks.includes('database')).map(([name]) => name);
    expect(onDatabase.sort()).toEqual(['bundle-auditor', 'bundle-publisher', 'fleet-registry']);
  });

  it.each(ours)('%s is given only variables that its config knows, and all that it needs', async (_, { command = [], environment }) => {
    const config = join(projectRoot(), (command[1] ?? '').replace(/main\.js$/, 'config.js'));
    const known = await configKeys(config, environment);
    expect(
      Object.keys(environment).filter((name) => environment[name] !== '' && !known.includes(name) && !PLATFORM_VARIABLES.includes(name)),
    ).toEqual([]);
  });
});

function mounts({ volumes }: ComposeService, volume: string): boolean {
  return volumes.some((entry) => entry.startsWith(`${volume}:`));
}

/** The variables that the service takes from this environment, by its own readConfig; fails as the service would. */
async function configKeys(config: string, env: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const script = `import(${JSON.stringify(config)}).then((m) => console.log(JSON.stringify(Object.keys(m.readConfig(process.env)))))`;
  const { stdout } = await run(process.execPath, ['-e', script], { env });
  return z.array(z.string()).parse(JSON.parse(stdout));
}
