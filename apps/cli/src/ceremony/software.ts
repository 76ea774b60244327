import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { appDigest, libsDigest, sha256Hex } from '@strongroom/platform';
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
 * It is no proof of what runs on the nodes; they say the same of themselves to whoever asks (`node.possession`).
 * @param root the folder with package-lock.json
 */
export async function softwareOf(root: string, said: SaidOfSoftware): Promise<SoftwareEvidence> {
  const apps = await Promise.all(APPS.map(async (app) => artifact(`apps/${app}`, await appDigest(root, app))));
  const image = said.image === undefined ? [] : [artifact('image', said.image)];
  return {
    artifacts: [...apps, artifact('libs', await libsDigest(root)), ...image],
    buildDefinition: {
      buildType: BUILD_TYPE,
      externalParameters: { node: process.version, source: said.source ?? (await commitOf(root)) ?? 'unknown' },
      resolvedDependencies: [artifact('package-lock.json', sha256Hex(await readFile(join(root, 'package-lock.json'))))],
    },
    runDetails: { builder: { id: said.builder ?? 'unknown' } },
  };
}

function artifact(name: string, digest: string): SoftwareEvidence['artifacts'][number] {
  return { digest: { sha256: digest }, name };
}

/** The commit that is checked out, by its name alone: whether files were changed since is not looked at. */
async function commitOf(root: string): Promise<string | undefined> {
  const head = await readFile(join(root, '.git', 'HEAD'), 'utf8').catch(() => undefined);
  const reference = head === undefined ? undefined : /^ref: (refs\/\S+)\n$/.exec(head)?.[1];
  const commit = reference === undefined ? head : await readFile(join(root, '.git', reference), 'utf8').catch(() => undefined);
  return commit !== undefined && /^[0-9a-f]{40}\n$/.test(commit) ? `commit ${commit.trim()}` : undefined;
}
