import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { invalidProofVectors, validProofVectors } from '../libs/transparency/dist/vectors/index.js';
import { root } from './prepare.mjs';

const FILES = {
  'test-vectors/valid/proofs.json': validProofVectors,
  'test-vectors/invalid/proofs.json': invalidProofVectors,
};

/** `--write` writes the vectors that follow from fixed keys and times; `--check` fails when a committed file differs from them. */
const mode = process.argv[2];
if (mode !== '--write' && mode !== '--check') {
  process.stderr.write('usage: vectors.mjs --write | --check\n');
  process.exit(64);
}
for (const [path, make] of Object.entries(FILES)) {
  const file = join(root, path);
  const text = `${JSON.stringify(make(), null, 2)}\n`;
  if (mode === '--write') writeFileSync(file, text);
  else if (readFileSync(file, 'utf8') !== text) {
    process.stdout.write(`${path} is out of date: run npm run lint -- --fix\n`);
    process.exitCode = 1;
  }
}
