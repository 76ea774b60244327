import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Refusal } from '../progress.mjs';

/** Licences that let their code be shipped inside a package under ours, with their text beside it. */
const ALLOWED = ['MIT', 'ISC', 'BSD-3-Clause', '0BSD'];

/** The licence texts of all packages that those files belong to. @throws Refusal for a package without one */
export function notices(files) {
  const folders = [...new Set(files.map(packageOf))].sort();
  const texts = folders.map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const file = readdirSync(folder).find((entry) => /^licen[cs]e(\.(md|txt))?$/i.test(entry));
    if (!ALLOWED.includes(license) || file === undefined) throw new Refusal(`${name} has no licence that allows to bundle it: ${license}`);
    return `## ${name} ${version} (${license})\n\n${readFileSync(join(folder, file), 'utf8').trim()}\n`;
  });
  return ['# What is bundled in @strongroom/client', ...texts].join('\n\n');
}

/** The nearest folder above whose package.json has a name and a version: some packages mark folders with a bare one. */
function packageOf(file) {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    const manifest = join(folder, 'package.json');
    if (existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).version !== undefined) return folder;
    if (folder === dirname(folder)) throw new Refusal(`${file} belongs to no package`);
  }
}
