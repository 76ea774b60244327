import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { SoftwareEvidence } from '@strongroom/transparency';

const BUILD_TYPE = 'urn:strongroom:build:npm:v1';
const APPS = ['bundle-auditor', 'bundle-publisher', 'cli', 'fleet-registry', 'hsm-node', 'session-gateway'] as const;

/** What people say of the software where the installation cannot: both are recorded as said. */
export type SaidOfSoftware = {
  readonly source?: string | undefined;
  readonly builder?: string | undefined;
  readonly image?: string | undefined;
};

/**
 * Digests of what is installed where the ceremony is led: each app's and the libraries' compiled files, and the lockfile.
 * It is no proof of what runs on the nodes, which sign a version alone.
 * @param root the folder with package-lock.json
 */
export async function softwareOf(root: string, said: SaidOfSoftware): Promise<SoftwareEvidence> {
  const apps = await Promise.all(
    APPS.map(async (app) => artifact(`apps/${app}`, await folderDigest(root, [join(root, 'apps', app, 'dist')]))),
  );
  const libs = (await readdir(join(root, 'libs'))).sort().map((lib) => join(root, 'libs', lib, 'dist'));
  const image = said.image === undefined ? [] : [artifact('image', said.image)];
  return {
    artifacts: [...apps, artifact('libs', await folderDigest(root, libs)), ...image],
    buildDefinition: {
      buildType: BUILD_TYPE,
      externalParameters: { node: process.version, source: said.source ?? (await commitOf(root)) ?? 'unknown' },
      resolvedDependencies: [artifact('package-lock.json', sha256(await readFile(join(root, 'package-lock.json'))))],
    },
    runDetails: { builder: { id: said.builder ?? 'unknown' } },
  };
}

function artifact(name: string, digest: string): SoftwareEvidence['artifacts'][number] {
  return { digest: { sha256: digest }, name };
}

/** SHA-256 of the lines that `sha256sum` prints for the folders' JavaScript files, sorted by path; specs are left out. */
async function folderDigest(root: string, folders: readonly string[]): Promise<string> {
  const found = await Promise.all(folders.map((folder) => filesBelow(folder)));
  const files = found.flat().map((path) => [relative(root, path), path] as const);
  files.sort(([a], [b]) => (a < b ? -1 : 1));
  const hash = createHash('sha256');
  for (const [name, path] of files) hash.update(`${sha256(await readFile(path))}  ${name}\n`);
  return hash.digest('hex');
}

async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.js') && !/\.(?:spec|suite|fixture)\.js$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

/** The commit that is checked out, by its name alone: whether files were changed since is not looked at. */
async function commitOf(root: string): Promise<string | undefined> {
  const head = await readFile(join(root, '.git', 'HEAD'), 'utf8').catch(() => undefined);
  const reference = head === undefined ? undefined : /^ref: (refs\/\S+)\n$/.exec(head)?.[1];
  const commit = reference === undefined ? head : await readFile(join(root, '.git', reference), 'utf8').catch(() => undefined);
  return commit !== undefined && /^[0-9a-f]{40}\n$/.test(commit) ? `commit ${commit.trim()}` : undefined;
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
