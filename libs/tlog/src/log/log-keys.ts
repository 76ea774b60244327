import { join } from 'node:path';
import { createSigningKey, openSigningKey } from '@strongroom/platform';
import { toHex } from '@strongroom/protocol';
import { makeVkey, type TrustedLog, type Vkey } from '@strongroom/transparency';
import type { LogKey } from './open-logs.js';

/** Folders below the auditor's DATA_DIR: keys of the logs, apart from the one that signs bundles. */
const FOLDERS = { log: 'log-key', evidence: 'evidence-log-key' } as const;

/** Makes the keys of both logs of a namespace unless they exist. */
export async function createLogKeys(dataDir: string, namespace: string): Promise<{ readonly log: Vkey; readonly evidence: Vkey }> {
  const log = await createSigningKey(join(dataDir, FOLDERS.log));
  const evidence = await createSigningKey(join(dataDir, FOLDERS.evidence));
  return { log: makeVkey(`${namespace}/log`, log.publicKey), evidence: makeVkey(`${namespace}/evidence`, evidence.publicKey) };
}

/** @throws Error at boot when a file is missing or holds another key than the trust root names: nobody would accept that log */
export async function readLogKeys(dataDir: string, { vkey, evidence }: TrustedLog): Promise<readonly LogKey[]> {
  const keys = [await readLogKey(join(dataDir, FOLDERS.log), vkey)];
  if (evidence) keys.push(await readLogKey(join(dataDir, FOLDERS.evidence), evidence));
  return keys;
}

async function readLogKey(folder: string, vkey: Vkey): Promise<LogKey> {
  const signer = await openSigningKey(folder);
  if (toHex(signer.publicKey) !== toHex(vkey.publicKey)) throw new Error(`the key in ${folder} is not that of ${vkey.name}`);
  return { vkey, signer };
}
