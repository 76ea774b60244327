import { VaultError } from '@strongroom/protocol';
import { deploymentName, mergeEnvelopes, signEnvelope, verifyEnvelope, type Envelope, type TrustRoot } from '@strongroom/transparency';
import type { CustodianKey } from '../custodian/custodian-key.js';

/** Where the custodians' signatures come from. */
export type Signing = {
  /** Keys that lie here: each opened only when it is needed. */
  readonly keys: readonly (() => Promise<CustodianKey>)[];
  /** Envelopes that were signed elsewhere and brought back; those over other statements are left alone. */
  readonly brought: readonly Envelope[];
};

/**
 * The draft with the signatures of enough custodians.
 * @param file where the draft lies for those who sign elsewhere
 * @throws CONFLICT naming how many are missing; REQUEST_INVALID for a key that is no custodian's
 */
export async function collectSignatures(
  draft: Envelope,
  { custodians }: TrustRoot,
  { keys, brought }: Signing,
  file: string,
): Promise<Envelope> {
  if (!custodians) throw new VaultError('REQUEST_INVALID', 'the trust root names no custodians', { field: 'trustRoot' });
  const name = deploymentName(draft);
  let envelope = brought.filter((each) => deploymentName(each) === name).reduce(mergeEnvelopes, draft);
  const signed = (): readonly string[] => verifyEnvelope(envelope, custodians.keys).map((each) => each.name);
  for (const open of keys) {
    if (signed().length >= custodians.threshold) break;
    const { vkey, signer } = await open();
    const known = custodians.keys.some((each) => each.name === vkey.name && String(each.publicKey) === String(vkey.publicKey));
    if (!known) throw new VaultError('REQUEST_INVALID', `${vkey.name} is no custodian of the trust root`, { field: 'custodianKey' });
    envelope = signEnvelope(envelope, vkey.name, signer);
  }
  const missing = custodians.threshold - signed().length;
  if (missing <= 0) return envelope;
  const by = signed().length > 0 ? ` (signed by ${signed().join(', ')})` : '';
  throw new VaultError(
    'CONFLICT',
    `${missing} more of the custodians must sign ${file}${by}: \`strongroom custodian sign ${file} --key …\`, then go on with --signature`,
    { field: 'custodians', needed: 'signatures', missing, file, digest: name },
  );
}
