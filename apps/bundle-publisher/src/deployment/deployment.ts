import { toHex, VaultError } from '@strongroom/protocol';
import {
  deploymentDigest,
  FormatError,
  formatEnvelope,
  parseEnvelope,
  statementOf,
  type Deployment,
  type Envelope,
} from '@strongroom/transparency';

/** A deployment statement that custodians, auditor and operator have signed. */
export type SignedDeployment = {
  /** Lower-case hexadecimal SHA-256 of the statement. */
  readonly digest: string;
  /** `sha256:…` of the statement before, or `none`. */
  readonly predecessor: string;
  /** The envelope in its one encoding. */
  readonly envelope: string;
};

/** @throws REQUEST_INVALID naming the part that is malformed */
export function envelopeOf(source: string): Envelope {
  try {
    return parseEnvelope(source);
  } catch (error) {
    if (error instanceof FormatError) throw new VaultError('REQUEST_INVALID', error.message, { field: 'envelope' });
    throw error;
  }
}

export function signedDeployment(envelope: Envelope): SignedDeployment {
  return {
    digest: toHex(deploymentDigest(envelope)),
    predecessor: statementOf(envelope).predicate.predecessor,
    envelope: formatEnvelope(envelope),
  };
}

/** What a bundle binds of it. */
export function deploymentOf({ envelope }: SignedDeployment): Deployment {
  const parsed = parseEnvelope(envelope);
  return { digest: deploymentDigest(parsed), statement: statementOf(parsed) };
}
