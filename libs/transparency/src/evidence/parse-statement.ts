import { sha256 } from '@noble/hashes/sha2.js';
import { fromUtf8, toHex, utf8 } from '../encoding/octets.js';
import { FormatError } from '../errors/format-error.js';
import { canonicalJson, parseJson } from './canonical-json.js';
import { IN_TOTO_TYPE, MAX_PAYLOAD_BYTES, type Envelope } from './dsse.js';
import { refuseStatement } from './statement-rules.js';
import { readStatement, type DeploymentStatement } from './statement.js';

/**
 * Grammar, one encoding, and every rule that holds inside a statement; signatures and the nodes' replies are looked at by
 * `deploymentChecks` and `checkKnownAnswer`. Narrower than in-toto: an unknown member is refused. @throws FormatError
 */
export function parseStatement(payload: Uint8Array): DeploymentStatement {
  if (payload.length > MAX_PAYLOAD_BYTES) throw new FormatError('statement', 'is too long');
  const source = fromUtf8(payload, 'statement');
  const statement = readStatement(parseJson(source, 'statement'), 'statement');
  if (canonicalJson(statement) !== source) throw new FormatError('statement', 'is not in its one encoding');
  refuseStatement(statement);
  return statement;
}

/** The bytes that are signed. @throws FormatError when the statement breaks a rule */
export function formatStatement(statement: DeploymentStatement): Uint8Array {
  const payload = utf8(canonicalJson(statement));
  parseStatement(payload);
  return payload;
}

/** A draft for the signers. @throws FormatError when the statement breaks a rule */
export function draftEnvelope(statement: DeploymentStatement): Envelope {
  return { payloadType: IN_TOTO_TYPE, payload: formatStatement(statement), signatures: [] };
}

/** The statement in an envelope; says nothing of who signed it. @throws FormatError */
export function statementOf({ payloadType, payload }: Envelope): DeploymentStatement {
  if (payloadType !== IN_TOTO_TYPE) throw new FormatError('payloadType', `is not ${IN_TOTO_TYPE}`);
  return parseStatement(payload);
}

/** 32 bytes: SHA-256 of the statement, without its signatures: what a bundle's `deployment` line names. */
export function deploymentDigest({ payload }: Pick<Envelope, 'payload'>): Uint8Array {
  return sha256(payload);
}

/** As a bundle and a later statement write it. */
export function deploymentName(envelope: Pick<Envelope, 'payload'>): string {
  return `sha256:${toHex(deploymentDigest(envelope))}`;
}
