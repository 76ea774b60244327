import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openApiDocument } from '../openapi/index.js';
import { asyncApiDocument } from './asyncapi-document.js';
import { renderNatsPermissions } from '../bus-users/index.js';
import { renderErrors, renderSubjects } from './render-tables.js';

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));

const FILES: Readonly<Record<string, () => string>> = {
  'docs/generated/openapi.json': () => json(openApiDocument()),
  'docs/generated/asyncapi.json': () => json(asyncApiDocument()),
  'docs/generated/SUBJECTS.md': renderSubjects,
  'docs/generated/ERRORS.md': renderErrors,
  'deploy/nats/permissions.conf': renderNatsPermissions,
};

/** `--write` writes what follows from the contracts; `--check` fails when a committed file differs from it. */
function run(mode: string | undefined): number {
  if (mode !== '--write' && mode !== '--check') {
    process.stderr.write('usage: generate/main.js --write | --check\n');
    return 64;
  }
  const stale = Object.entries(FILES).filter(([path, render]) => read(path) !== render());
  for (const [path, render] of stale) {
    if (mode === '--check') process.stdout.write(`${path} is out of date: run npm run lint -- --fix\n`);
    else write(path, render());
  }
  return mode === '--check' && stale.length > 0 ? 1 : 0;
}

function read(path: string): string | null {
  try {
    return readFileSync(join(ROOT, path), 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

function write(path: string, text: string): void {
  mkdirSync(dirname(join(ROOT, path)), { recursive: true });
  writeFileSync(join(ROOT, path), text);
}

function json(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

process.exitCode = run(process.argv[2]);
