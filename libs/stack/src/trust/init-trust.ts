import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createSigningKey } from '@strongroom/platform';
import { toHex } from '@strongroom/protocol';
import { DEFAULT_WINDOWS, formatTrustRoot, makeVkey, parseTrustRoot, type Custodians, type TrustRoot } from '@strongroom/transparency';

export interface TrustPlaces {
  /** DATA_DIR of the bundle publisher: the operator's key is made there. */
  readonly publisherDir: string;
  /** DATA_DIR of the bundle auditor; in earnest on a machine of somebody else. */
  readonly auditorDir: string;
  /** Where trust-root.json goes: the document that clients ship with. */
  readonly trustRootFile: string;
  /** As in `vault.example/main`: names the operator's and the auditor's keys. */
  readonly namespace: string;
  /** Whose signatures every fleet needs (TRANSPARENCY 5); none unless given. */
  readonly custodians?: Custodians | undefined;
}

/**
 * Makes both signing keys, each in its own folder and readable by its owner alone, and the trust root that names them.
 * What exists is kept, so doing it again is harmless. One party that runs this for both roles proves nothing to others.
 * @throws Error when a trust root exists that names other keys: clients trust it, so it is never replaced
 */
export async function initTrust({ publisherDir, auditorDir, trustRootFile, namespace, custodians }: TrustPlaces): Promise<TrustRoot> {
  const operator = await createSigningKey(publisherDir);
  const auditor = await createSigningKey(auditorDir);
  if (existsSync(trustRootFile)) {
    const kept = parseTrustRoot(readFileSync(trustRootFile, 'utf8'));
    const same = toHex(kept.operator.publicKey) === toHex(operator.publicKey) && toHex(kept.auditor.publicKey) === toHex(auditor.publicKey);
    if (!same) throw new Error(`${trustRootFile} names other keys than those in ${publisherDir} and ${auditorDir}`);
    if (custodians && formatTrustRoot({ ...kept, custodians }) !== formatTrustRoot(kept)) {
      throw new Error(`${trustRootFile} names other custodians, or none: it is never replaced`);
    }
    return kept;
  }
  const trustRoot: TrustRoot = {
    version: 1,
    namespace,
    operator: makeVkey(`${namespace}/operator`, operator.publicKey),
    auditor: makeVkey(`${namespace}/auditor`, auditor.publicKey),
    windows: DEFAULT_WINDOWS,
    ...(custodians && { custodians }),
  };
  await mkdir(dirname(trustRootFile), { recursive: true });
  const draft = `${trustRootFile}.new`;
  await writeFile(draft, formatTrustRoot(trustRoot), { mode: 0o644, flush: true });
  await rename(draft, trustRootFile);
  return trustRoot;
}
