import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { readFile } from 'node:fs/promises';
import { nodeVerifier } from '@strongroom/platform';
import { allDeploymentChecks, VaultError } from '@strongroom/protocol';
import type { StackAddresses } from '@strongroom/stack';
import { DiskSource, FolderDisk, HttpSource } from '@strongroom/tlog';
import {
  FormatError,
  onlineSources,
  parseTrustRoot,
  publishedAt,
  type AuditMeans,
  type AuditSources,
  type TrustRoot,
} from '@strongroom/transparency';
import type { Home } from '../home/home.js';
import type { AuditOptions } from './audit-options.js';

export type TrustRoots = readonly [TrustRoot, ...TrustRoot[]];

/** @throws REQUEST_INVALID when there is none, or one is malformed */
export async function readTrustRoots(files: readonly string[], home: Home, running: StackAddresses | undefined): Promise<TrustRoots> {
  const fallback = [home.trustRootFile, ...(running ? [running.trustRootFile] : [])];
  const texts = files.length === 0 ? [await home.trustRoot(fallback)] : await Promise.all(files.map((file) => readFile(file, 'utf8')));
  try {
    const [first, ...more] = texts.map(parseTrustRoot).sort((a, b) => a.version - b.version);
    if (first) return [first, ...more];
  } catch (cause) {
    if (!(cause instanceof FormatError)) throw cause;
    throw new VaultError('REQUEST_INVALID', cause.message, { field: 'trustRoot' }, { cause });
  }
  throw new VaultError('REQUEST_INVALID', 'there is no trust root', { field: 'trustRoot' });
}

/** Everything online that was named, or else stands in the trust root or runs on this machine. @throws REQUEST_INVALID without a log */
export function sourcesNamed(
  options: AuditOptions,
  root: TrustRoot,
  running: StackAddresses | undefined,
  signal: AbortSignal,
): AuditSources {
  const local = options.log === undefined ? running : undefined;
  const log = options.log ?? local?.logUrl;
  if (log === undefined) throw new VaultError('REQUEST_INVALID', 'say where the log is with --log URL', { field: 'log' });
  const mirrors = options.mirror.length > 0 ? options.mirror : [local?.mirrorUrl].flatMap((url) => url ?? []);
  const places = { log, mirrors, witnesses: options.witness, gateway: options.gateway ?? local?.gatewayUrl };
  return onlineSources(places, root, { open: (url) => new HttpSource(url, signal), checkDeployment, nonce: randomBytes(32) });
}

/** What `--save` kept, or the folder of a mirror. Nothing is asked for over a network. */
export function offlineSources(folder: string): AuditSources {
  const bundles = new DiskSource(FolderDisk.existing(join(folder, 'bundles')));
  const disk = FolderDisk.existing(folder);
  return {
    log: new DiskSource(disk),
    mirrors: [],
    witnesses: [],
    publishedBundle: publishedAt(bundles),
    servedBundle: async () => textOf(await disk.read('served-bundle')),
    deployments: { read: async (digest) => textOf(await disk.read(`deployments/${digest}`)), check: checkDeployment },
  };
}

/** Judged with the nodes' replies, as both signing roles do. */
const checkDeployment: AuditMeans['checkDeployment'] = (envelope, trustRoot) =>
  allDeploymentChecks(envelope, trustRoot, 'all', nodeVerifier);

function textOf(bytes: Uint8Array | undefined): string | undefined {
  return bytes && Buffer.from(bytes).toString('utf8');
}
