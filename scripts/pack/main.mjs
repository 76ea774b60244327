import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Refusal, main } from '../progress.mjs';
import { bundleCode } from './bundle.mjs';
import { bundleDeclarations } from './declarations.mjs';
import { manifestOf } from './manifest.mjs';
import { measurePages } from './measure.mjs';
import { notices } from './notices.mjs';

/** KiB, a tenth above what was measured when they were set: what goes over has to be argued for. */
const BUDGET_KIB = {
  tarball: 520,
  'a page that protects and recovers': 107,
  'its worker, loaded when a code is stretched': 39,
  'backups as streams, loaded where files are kept': 86,
  'the estimate of strength, loaded where a code is chosen': 259,
};

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/**
 * `main.mjs [--out FOLDER]`, on a compiled tree: packs the SDK, prints its path and sizes and refuses what is over the
 * budget. Without a folder nothing is left behind.
 */
await main(async (args) => {
  const [option, folder, ...more] = args;
  if ((option !== undefined && option !== '--out') || (option === '--out' && folder === undefined) || more.length > 0) {
    throw new Refusal('usage: pack [--out FOLDER]');
  }
  const work = mkdtempSync(join(tmpdir(), 'strongroom-pack-'));
  try {
    const { tarball, sizes } = await pack(work);
    print(sizes);
    if (folder !== undefined) process.stdout.write(`${put(tarball, resolve(folder))}\n`);
    return Object.entries(BUDGET_KIB).every(([name, budget]) => sizes[name] <= budget * 1024) ? 0 : 1;
  } finally {
    rmSync(work, { recursive: true });
  }
});

async function pack(work) {
  const folder = join(work, 'package');
  const dist = join(folder, 'dist');
  const bundled = await bundleCode(root, dist);
  await bundleDeclarations(root, dist);
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifestOf(root), null, 2)}\n`);
  writeFileSync(join(folder, 'THIRD-PARTY-NOTICES.md'), notices(bundled));
  copyFileSync(join(root, 'LICENSE'), join(folder, 'LICENSE'));
  copyFileSync(join(root, 'libs/client/README.md'), join(folder, 'README.md'));
  cpSync(join(root, 'libs/client/reference'), join(folder, 'reference'), { recursive: true });
  const packed = execFileSync('npm', ['pack', folder, '--pack-destination', work, '--json', '--ignore-scripts'], {
    encoding: 'utf8',
    cwd: work,
  });
  const tarball = join(work, JSON.parse(packed)[0].filename);
  return { tarball, sizes: { tarball: statSync(tarball).size, ...(await measurePages(dist)) } };
}

function print(sizes) {
  for (const [name, bytes] of Object.entries(sizes)) {
    const kib = (bytes / 1024).toFixed(1);
    const over = bytes > BUDGET_KIB[name] * 1024 ? ': too much' : '';
    process.stdout.write(`${kib} of ${BUDGET_KIB[name]} KiB  ${name}${over}\n`);
  }
}

function put(tarball, folder) {
  mkdirSync(folder, { recursive: true });
  const name = join(folder, tarball.slice(dirname(tarball).length + 1));
  copyFileSync(tarball, name);
  return name;
}
