import { readFileSync } from 'node:fs';
import { register } from 'node:module';
import { PLANTED_BUGS } from './planted-bugs.fixture.js';

const [, , answersFile = '', name] = process.argv;
const bug = PLANTED_BUGS.find((each) => each.name === name);
if (bug) register('./plant-hook.fixture.js', import.meta.url, { data: bug });
const { takenCases } = await import('./evidence-corpus.fixture.js');
const reviver = (_key: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && 'base64' in value ? new Uint8Array(Buffer.from(String(value.base64), 'base64')) : value;
process.stdout.write(JSON.stringify(takenCases(JSON.parse(readFileSync(answersFile, 'utf8'), reviver))));
