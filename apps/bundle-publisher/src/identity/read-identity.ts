import { toHex } from '@strongroom/protocol';
import { openSigningKey, readTrustRoot } from '@strongroom/platform';
import type { Config } from '../config.js';
import type { PublisherIdentity } from './identity.js';

/** @throws Error at boot when a file is missing or the key is not the operator's: what it signed nobody would accept */
export async function readIdentity({ TRUST_ROOT, NODE_ENV, DATA_DIR, BUNDLE_VALIDITY_DAYS }: Config): Promise<PublisherIdentity> {
  const trustRoot = await readTrustRoot({ TRUST_ROOT, NODE_ENV });
  const signer = await openSigningKey(DATA_DIR);
  if (toHex(signer.publicKey) !== toHex(trustRoot.operator.publicKey)) {
    throw new Error(`the signing key in ${DATA_DIR} is not the operator's key of ${TRUST_ROOT}`);
  }
  return { trustRoot, signer, validityS: BUNDLE_VALIDITY_DAYS * 86_400 };
}
