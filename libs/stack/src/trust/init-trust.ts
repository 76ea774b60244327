import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createSigningKey } from '@strongroom/platform';
import { toHex } from '@strongroom/protocol';
import { createLogKeys, createWitnessKey } from '@strongroom/tlog';
import {
  DEFAULT_WINDOWS,
  formatTrustRoot,
  makeVkey,
  parseTrustRoot,
  type CosignerVkey,
  type TrustedLog,
  type TrustRoot,
} from '@strongroom/transparency';
import { witnessPolicy } from './witness-policy.js';

export interface TrustPlaces {
  /** DATA_DIR of the bundle publisher: the operator's key is made there. */
  readonly publisherDir: string;
  /** DATA_DIR of the bundle auditor, with the keys of its logs below; in earnest on a machine of somebody else. */
  readonly auditorDir: string;
  /** Where trust-root.json goes: the document that clients ship with. */
  readonly trustRootFile: string;
  /** As in `vault.example/main`: names the keys of all roles. */
  readonly namespace: string;
  /** Folders of witnesses whose keys are made here, for a trial. */
  readonly witnessDirs?: readonly string[] | undefined;
  /** Keys of witnesses that others run. */
  readonly witnesses?: readonly CosignerVkey[] | undefined;
  /** How many of all witnesses must cosign; more than half unless told. */
  readonly quorum?: number | undefined;
}

/**
 * Makes the signing keys of operator, auditor and logs, each in its own folder and readable by its owner alone, and the
 * trust root that names them with the witnesses. What exists is kept, so doing it again is harmless. One party that runs
 * this for all roles proves nothing to others.
 * @throws Error when a trust root exists that names other keys: clients trust it, so it is never replaced
 */
export async function initTrust(places: TrustPlaces): Promise<TrustRoot> {
  const { publisherDir, auditorDir, trustRootFile, namespace } = places;
  const operator = await createSigningKey(publisherDir);
  const auditor = await createSigningKey(auditorDir);
  if (existsSync(trustRootFile)) {
    const kept = parseTrustRoot(readFileSync(trustRootFile, 'utf8'));
    const same = toHex(kept.operator.publicKey) === toHex(operator.publicKey) && toHex(kept.auditor.publicKey) === toHex(auditor.publicKey);
    if (!same) throw new Error(`${trustRootFile} names other keys than those in ${publisherDir} and ${auditorDir}`);
    return kept;
  }
  const trustRoot: TrustRoot = {
    version: 1,
    namespace,
    operator: makeVkey(`${namespace}/operator`, operator.publicKey),
    auditor: makeVkey(`${namespace}/auditor`, auditor.publicKey),
    log: await trustedLog(places),
    windows: DEFAULT_WINDOWS,
  };
  await mkdir(dirname(trustRootFile), { recursive: true });
  const draft = `${trustRootFile}.new`;
  await writeFile(draft, formatTrustRoot(trustRoot), { mode: 0o644, flush: true });
  await rename(draft, trustRootFile);
  return trustRoot;
}

/** Name of the key of the n-th witness that is made for a trial, from 1. */
export function localWitnessName(namespace: string, n: number): string {
  return `${namespace}/witness-${n}`;
}

async function trustedLog({ auditorDir, namespace, witnessDirs = [], witnesses = [], quorum }: TrustPlaces): Promise<TrustedLog> {
  const { log, evidence } = await createLogKeys(auditorDir, namespace);
  const local = await Promise.all(witnessDirs.map((folder, i) => createWitnessKey(folder, localWitnessName(namespace, i + 1))));
  return { vkey: log, evidence, witnesses: witnessPolicy([...local, ...witnesses], quorum) };
}
