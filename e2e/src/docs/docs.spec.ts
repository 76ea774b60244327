import { describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { brokenLinks, firstCells, matches, npmCommands, readDocument, root, shellLines, tableUnder, writtenDocuments } from './document.js';

const operations = readDocument('docs/OPERATIONS.md');
const readme = readDocument('README.md');
const SERVICES = ['session-gateway', 'hsm-node', 'fleet-registry', 'bundle-publisher', 'bundle-auditor', 'cli'];

/** Variables of the schema in a service's config.ts: the keys in CAPITALS. */
function variablesOf(service: string): readonly string[] {
  const source = readFileSync(join(root, 'apps', service, 'src/config.ts'), 'utf8').replace(/\/\*\*[\s\S]*?\*\//g, '');
  return matches(source.slice(source.indexOf('const schema')), /(?<=[{,]\s*)([A-Z][A-Z0-9_]+)(?=\s*[,:}])/g);
}

const sorted = (names: readonly string[]): readonly string[] => [...new Set(names)].sort();

describe('the documents', () => {
  it.each(writtenDocuments().map((document) => [document.path, document] as const))('%s has no broken link', (_path, document) => {
    expect(brokenLinks(document)).toEqual([]);
  });

  it('name no path of a machine', () => {
    for (const { path, text } of writtenDocuments())
      expect([path, matches(text, /(?<![\w.])(\/(?:home|root|tmp|work|Users)\/)/g)]).toEqual([path, []]);
  });

  it('name only files and folders that exist', () => {
    const pattern = /`((?:apps|libs|e2e|bench|sim|chaos|deploy|docs|scripts|test-vectors)\/[\w./-]+)`/g;
    const named = writtenDocuments().flatMap(({ path, text }) => matches(text, pattern).map((target) => ({ path, target })));
    expect(named.length).toBeGreaterThan(60);
    expect(named.filter(({ target }) => !existsSync(join(root, target)))).toEqual([]);
  });

  it('name only npm scripts that exist', () => {
    const { scripts } = z
      .object({ scripts: z.record(z.string(), z.string()) })
      .parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
    const named = sorted(writtenDocuments().flatMap(npmCommands)).map((command) => command.replace('run ', ''));
    expect(named.length).toBeGreaterThan(4);
    for (const script of named) expect(Object.keys(scripts)).toContain(script);
  });
});

describe('the variables of OPERATIONS', () => {
  const common = tableUnder(operations, 'Every service');

  it('include those of every service', () => {
    const schemas = readFileSync(join(root, 'libs/platform/src/config/variables.ts'), 'utf8');
    expect(common.length).toBeGreaterThan(2);
    for (const name of common) expect(schemas).toContain(`${name}: `);
  });

  it.each(SERVICES)('are those of the configuration of %s, no more and no fewer', (service) => {
    const read = variablesOf(service);
    const known = service === 'cli' ? read : read.filter((name) => !common.includes(name));
    expect(known.length).toBeGreaterThan(2);
    expect(sorted(tableUnder(operations, service))).toEqual(sorted(known));
  });

  it('include those of the compose file, no more and no fewer', () => {
    const compose = readFileSync(join(root, 'docker-compose.yml'), 'utf8');
    const described = firstCells(operations.text.split('\n## Configuration\n')[0] ?? '');
    expect(sorted(described)).toEqual(sorted(matches(compose, /\$\{([A-Z_]+)/g)));
  });
});

describe('SECURITY', () => {
  it('names only test files that exist', () => {
    const named = sorted(matches(readDocument('docs/SECURITY.md').text, /`([a-z0-9/.-]+\.spec\.ts)`/g));
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });
});

describe('the command line of README', () => {
  const program = join(root, 'apps/cli/dist/main.js');
  const lines = shellLines(readme).flatMap((line) => matches(line, /^npm run strongroom -- (.+)$/g));

  it('has every command that is shown, with its options', async () => {
    expect(lines.length).toBeGreaterThan(5);
    const shown = lines.map(async (line) => {
      const words = line.split(' ');
      const command = words.slice(0, words[0] === 'fleet' ? 2 : 1);
      const { stdout } = await promisify(execFile)(process.execPath, [program, ...command, '--help']);
      expect(stdout).toContain(`Usage: strongroom ${command.join(' ')} `);
      for (const option of words.filter((word) => word.startsWith('--'))) expect(stdout).toContain(option);
    });
    await Promise.all(shown);
  });
});
