import { toHex } from '@strongroom/protocol';
import { openSigningKey, readTrustRoot } from '@strongroom/platform';
import type { Config } from '../config.js';
import type { AuditorIdentity } from './identity.js';

/** @throws Error at boot when a file is missing or the key is not the auditor's: what it signed nobody would accept */
export async function readIdentity({ TRUST_ROOT, DATA_DIR, NODE_ENV }: Config): Promise<AuditorIdentity> {
  const trustRoot = await readTrustRoot({ TRUST_ROOT, NODE_ENV });
  const signer = await openSigningKey(DATA_DIR);
  if (toHex(signer.publicKey) !== toHex(trustRoot.auditor.publicKey)) {
    throw new Error(`the signing key in ${DATA_DIR} is not the auditor's key of ${TRUST_ROOT}`);
  }
  return { trustRoot, signer, allowBenchSuite: NODE_ENV !== 'production' };
}
