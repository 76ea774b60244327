import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { readFile } from 'node:fs/promises';
import { nodeVerifier } from '@strongroom/platform';
import { allDeploymentChecks, fromBase64url, toHex, VaultError } from '@strongroom/protocol';
import type { StackAddresses } from '@strongroom/stack';
import { DiskSource, FolderDisk, HttpSource, originHash } from '@strongroom/tlog';
import {
  parseTrustRoot,
  SourceUnavailable,
  FormatError,
  type AuditSources,
  type DeploymentSource,
  type PossessionSource,
  type LogSource,
  type TrustRoot,
  type Vkey,
} from '@strongroom/transparency';
import { bundleView, deploymentResponse, possessionResponse } from '@strongroom/contracts';
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
export function onlineSources(
  options: AuditOptions,
  root: TrustRoot,
  running: StackAddresses | undefined,
  signal: AbortSignal,
): AuditSources {
  const local = options.log === undefined ? running : undefined;
  const logUrl = options.log ?? local?.logUrl;
  if (logUrl === undefined) throw new VaultError('REQUEST_INVALID', 'say where the log is with --log URL', { field: 'log' });
  const mirrors = options.mirror.length > 0 ? options.mirror : [local?.mirrorUrl].flatMap((url) => url ?? []);
  const gateway = options.gateway ?? local?.gatewayUrl;
  const known = root.log?.witnesses.witnesses.flatMap(({ url }) => url ?? []) ?? [];
  const witnesses = options.witness.length > 0 ? options.witness : known;
  const [publisher] = mirrors;
  return {
    log: new HttpSource(logUrl, signal),
    mirrors: mirrors.map((url) => ({ name: url, source: new HttpSource(url, signal) })),
    witnesses: root.log ? witnesses.map((url) => witnessOf(url, root.log?.vkey, signal)) : [],
    publishedBundle: publisher === undefined ? undefined : publishedAt(new HttpSource(new URL('../bundles/', publisher).href, signal)),
    servedBundle: gateway === undefined ? undefined : () => servedBy(new HttpSource(gateway, signal)),
    deployments: gateway === undefined ? undefined : deploymentsOf((digest) => shownBy(new HttpSource(gateway, signal), digest)),
    possession: gateway === undefined ? undefined : possessionAt(new HttpSource(gateway, signal)),
  };
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
    deployments: deploymentsOf(async (digest) => textOf(await disk.read(`deployments/${digest}`))),
  };
}

/** The publisher has the signed bundles beside its mirror, each under its epoch. */
function publishedAt(source: LogSource): (epoch: number) => Promise<string | undefined> {
  return async (epoch) => textOf(await source.file(String(epoch)));
}

async function servedBy(gateway: HttpSource): Promise<string | undefined> {
  const bytes = await gateway.file('v1/fleet-bundle');
  if (!bytes) return undefined;
  const answer = bundleView.safeParse(jsonOf(bytes));
  if (!answer.success) throw new SourceUnavailable('the gateway answers with something else than a bundle');
  return answer.data.note;
}

/** Judged with the nodes' replies, as both signing roles do. */
function deploymentsOf(read: DeploymentSource['read']): DeploymentSource {
  return { read, check: (envelope, trustRoot) => allDeploymentChecks(envelope, trustRoot, 'all', nodeVerifier) };
}

async function shownBy(gateway: HttpSource, digest: string): Promise<string | undefined> {
  const bytes = await gateway.file(`v1/deployments/${digest}`);
  if (!bytes) return undefined;
  const answer = deploymentResponse.safeParse(jsonOf(bytes));
  if (!answer.success) throw new SourceUnavailable('the gateway answers with something else than a statement');
  return answer.data.envelope;
}

function possessionAt(gateway: HttpSource): PossessionSource {
  const ask: PossessionSource['ask'] = async (fleetId, nonce) => {
    const bytes = await gateway.file(`v1/fleets/${fleetId}/possession/${toHex(nonce)}`);
    const answer = bytes && possessionResponse.safeParse(jsonOf(bytes));
    if (!answer?.success) throw new SourceUnavailable('the gateway does not pass questions on to the nodes');
    return answer.data.nodes.map(({ signature, ...said }) => ({ ...said, fleetId, signature: fromBase64url(signature) }));
  };
  return { nonce: randomBytes(32), ask };
}

function witnessOf(url: string, log: Vkey | undefined, signal: AbortSignal): AuditSources['witnesses'][number] {
  const source = new HttpSource(url, signal);
  return { name: url, checkpoint: () => source.file(`${originHash(log?.name ?? '')}/checkpoint`) };
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch (cause) {
    throw new SourceUnavailable('the gateway answers with something else than JSON', { cause });
  }
}

function textOf(bytes: Uint8Array | undefined): string | undefined {
  return bytes && Buffer.from(bytes).toString('utf8');
}
