import { equal, VaultError } from '@strongroom/protocol';
import { deploymentName, mergeEnvelopes, signEnvelope, verifyEnvelope, type Envelope, type TrustRoot } from '@strongroom/transparency';
import type { CustodianKey } from '../custodian/custodian-key.js';

/** Where the custodians' signatures come from. */
export type Signing = {
  /** Keys that lie here: each opened only when it is needed. */
  readonly keys: readonly (() => Promise<CustodianKey>)[];
  /** Envelopes that were signed elsewhere and brought back; those over other statements are left alone. */
  readonly brought: readonly Envelope[];
};

export type Collected = { readonly envelope: Envelope; readonly signedBy: readonly string[]; readonly missing: number };

/**
 * The draft with the custodians' signatures that can be had now; whatever there is of them is kept, so each signs once.
 * @throws REQUEST_INVALID for a key that is no custodian's
 */
export async function collectSignatures(draft: Envelope, { custodians }: TrustRoot, { keys, brought }: Signing): Promise<Collected> {
  if (!custodians) throw new VaultError('REQUEST_INVALID', 'the trust root names no custodians', { field: 'trustRoot' });
  const name = deploymentName(draft);
  let envelope = brought.filter((each) => deploymentName(each) === name).reduce(mergeEnvelopes, draft);
  const signed = (): readonly string[] => verifyEnvelope(envelope, custodians.keys).map((each) => each.name);
  for (const open of keys) {
    if (signed().length >= custodians.threshold) break;
    const { vkey, signer } = await open();
    const known = custodians.keys.some((each) => each.name === vkey.name && equal(each.publicKey, vkey.publicKey));
    if (!known) throw new VaultError('REQUEST_INVALID', `${vkey.name} is no custodian of the trust root`, { field: 'custodianKey' });
    envelope = signEnvelope(envelope, vkey.name, signer);
  }
  return { envelope, signedBy: signed(), missing: Math.max(0, custodians.threshold - signed().length) };
}

/** @param file where the draft lies for those who sign elsewhere. @throws CONFLICT naming how many are missing */
export function demandSignatures({ envelope, signedBy, missing }: Collected, file: string): void {
  if (missing === 0) return;
  const by = signedBy.length > 0 ? ` (signed by ${signedBy.join(', ')})` : '';
  throw new VaultError(
    'CONFLICT',
    `${missing} more of the custodians must sign ${file}${by}: \`strongroom custodian sign ${file} --key …\`, then go on with --signature`,
    { field: 'custodians', needed: 'signatures', missing, file, digest: deploymentName(envelope) },
  );
}
