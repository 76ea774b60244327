import { fromBase64 } from '../encoding/base64.js';
import { fromUtf8, toHex } from '../encoding/octets.js';
import { FormatError } from '../errors/format-error.js';
import { parseJson, type Json } from '../evidence/canonical-json.js';
import { base64url, hex32, list, record, text, whole, type Reader } from '../evidence/read-json.js';
import { SourceUnavailable, type LogSource } from '../source/log-source.js';
import type { PossessionAnswer } from './possession-line.js';

/** The newest bundle at a gateway's door. @throws SourceUnavailable for an answer that is no bundle's */
export async function servedBy(gateway: LogSource): Promise<string | undefined> {
  const bytes = await gateway.file('v1/fleet-bundle');
  return bytes && textIn(bytes, 'note', 'bundle');
}

/** The envelope of a deployment statement. @param digest hexadecimal @throws SourceUnavailable for an answer that is none */
export async function deploymentAt(gateway: LogSource, digest: string): Promise<string | undefined> {
  const bytes = await gateway.file(`v1/deployments/${digest}`);
  return bytes && textIn(bytes, 'envelope', 'deployment');
}

const readPossession = record({
  nodes: list(
    record({
      artifacts: record({ 'apps/hsm-node': hex32, libs: hex32 }),
      epoch: whole(1, Number.MAX_SAFE_INTEGER),
      node: whole(1, 32),
      signature: base64url(86),
      software: text(/^[A-Za-z0-9._+-]{1,64}$/),
    }),
    0,
    32,
  ),
});

/** What the nodes of a fleet answer to a nonce. @throws SourceUnavailable for an answer of another shape, or none */
export async function possessionAt(gateway: LogSource, fleetId: string, nonce: Uint8Array): Promise<readonly PossessionAnswer[]> {
  const bytes = await gateway.file(`v1/fleets/${fleetId}/possession/${toHex(nonce)}`);
  if (!bytes) throw new SourceUnavailable('the gateway passes no question on to the nodes');
  const { nodes } = readBy(readPossession, bytes);
  return nodes.map(({ signature, ...said }) => ({ ...said, fleetId, signature: decoded(signature) }));
}

/** Nothing verifies under what is no signature. */
function decoded(signature: string): Uint8Array {
  try {
    return fromBase64(`${signature.replaceAll('-', '+').replaceAll('_', '/')}==`, 'signature');
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return new Uint8Array(0);
  }
}

function textIn(bytes: Uint8Array, name: string, what: string): string {
  const answer = jsonOf(bytes);
  const value: unknown = typeof answer === 'object' && answer !== null ? Reflect.get(answer, name) : undefined;
  if (typeof value !== 'string') throw new SourceUnavailable(`the gateway answers with something else than a ${what}`);
  return value;
}

function readBy<T extends Json>(read: Reader<T>, bytes: Uint8Array): T {
  try {
    return read(jsonOf(bytes), 'answer');
  } catch (cause) {
    if (!(cause instanceof FormatError)) throw cause;
    throw new SourceUnavailable(`the gateway answers with something else: ${cause.message}`, { cause });
  }
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return parseJson(fromUtf8(bytes, 'answer'), 'answer');
  } catch (cause) {
    if (!(cause instanceof FormatError)) throw cause;
    throw new SourceUnavailable('the gateway answers with something else than JSON', { cause });
  }
}
