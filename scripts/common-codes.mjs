import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dictionary } from '@zxcvbn-ts/language-common';
import { canonicalCode } from '../libs/client/dist/code/canonical-code.js';
import { root } from './prepare.mjs';

const FILE = 'libs/client/src/code/common-codes.generated.ts';
const FEWEST_CHARACTERS = 6;
const MOST_COMMON = 1_000;
const LINE = 132;

/** `--write` writes the list of common codes that clients refuse; `--check` fails when the committed one differs. */
const mode = process.argv[2];
if (mode !== '--write' && mode !== '--check') {
  process.stderr.write('usage: common-codes.mjs --write | --check\n');
  process.exit(64);
}
const text = render(commonCodes());
if (mode === '--write') writeFileSync(join(root, FILE), text);
else if (readFileSync(join(root, FILE), 'utf8') !== text) {
  process.stdout.write(`${FILE} is out of date: run npm run lint -- --fix\n`);
  process.exitCode = 1;
}

/** The most common of all, and every code of six digits that is common at all, most common first. */
function commonCodes() {
  const canonical = dictionary['passwords-common'].map((password) => canonicalCode(String(password)));
  const long = [...new Set(canonical)].filter((code) => code.length >= FEWEST_CHARACTERS);
  return long.filter((code, rank) => rank < MOST_COMMON || /^\d{6}$/.test(code));
}

function render(codes) {
  const lines = [''];
  for (const code of codes) {
    if (lines.at(-1).length + code.length + 1 > LINE) lines.push('');
    lines.push(`${lines.pop()} ${code}`.trimStart());
  }
  return `/**
 * Codes that many people choose, in canonical form, the most common first: from the passwords of @zxcvbn-ts/language-common
 * (MIT, "Copyright (c) 2012-2016 Dan Wheeler and Dropbox, Inc.", "Copyright (c) 2021 @zxcvbn-ts"). Written by scripts/common-codes.mjs.
 */
export const COMMON_CODES = \`
${lines.join('\n')}
\`;
`;
}
