import { fromBase64 } from '../encoding/base64.js';
import { fromHex } from '../encoding/octets.js';
import { FormatError } from '../errors/format-error.js';
import { MAX_BUNDLE_TEXT_BYTES, type Bundle, type Environment, type EvidenceHead } from './bundle.js';
import { refuseBundle } from './bundle-rules.js';
import { integer, LineReader } from '../encoding/line-reader.js';
import { readFleet } from './parse-fleet.js';
import { writeBundle } from './write-bundle.js';

const DIGITS = /^(\d+)$/;
const NAMESPACE = /^([a-z0-9](?:[a-z0-9._-]*[a-z0-9])?(?:\/[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?)*)\/fleet-keys\/v1$/;
const DIGEST = /^(none|sha256:[0-9a-f]{64})$/;
const EVIDENCE_HEAD = /^(?:none|([!-~]{1,253}) (\d+) ([A-Za-z0-9+/=]{44}))$/;
const TRUST_ROOT = /^(\d+) sha256:([0-9a-f]{64})$/;

/** A namespace: lower-case DNS-like name with path segments, at most 128 characters. */
export function isNamespace(text: string): boolean {
  return text.length <= 128 && NAMESPACE.test(`${text}/fleet-keys/v1`);
}

/** The text's grammar and rules and its one encoding. @throws FormatError naming the line */
export function parseBundle(text: string): Bundle {
  const bundle = readBundle(text);
  if (!isOneEncoding(bundle, text)) throw new FormatError('bundle', 'is not in its one encoding');
  return bundle;
}

/** Whether serialising gives the same text again (TRANSPARENCY 3, step 4): no two texts mean one bundle. */
export function isOneEncoding(bundle: Bundle, text: string): boolean {
  return writeBundle(bundle) === text;
}

/** Grammar and rules alone; the caller must still ask `isOneEncoding`. @throws FormatError naming the line */
export function readBundle(text: string): Bundle {
  if (text.length > MAX_BUNDLE_TEXT_BYTES) throw new FormatError('bundle', 'is too long');
  const reader = new LineReader(text, 'bundle');
  const namespace = NAMESPACE.exec(reader.line('namespace'))?.[1];
  if (namespace === undefined || !isNamespace(namespace)) throw new FormatError('namespace', 'is malformed');
  const bundle: Bundle = {
    namespace,
    epoch: integer(reader.value('epoch', DIGITS), 'epoch'),
    previous: fromHex(reader.value('previous', /^([0-9a-f]{64})$/), 32, 'previous'),
    issuedAt: integer(reader.value('issued', DIGITS), 'issued'),
    expiresAt: integer(reader.value('expires', DIGITS), 'expires'),
    minEpoch: integer(reader.value('min-epoch', DIGITS), 'min-epoch'),
    environment: readEnvironment(reader.value('environment', /^(software|hsm)$/)),
    fleets: readFleets(reader),
    deployment: readDigest(reader.value('deployment', DIGEST)),
    evidenceHead: readEvidenceHead(reader),
    trustRoot: readTrustRoot(reader),
  };
  reader.end('bundle');
  const refused = refuseBundle(bundle);
  if (refused) throw new FormatError(refused.field, refused.reason);
  return bundle;
}

function readEnvironment(word: string): Environment {
  return word === 'hsm' ? 'hsm' : 'software';
}

function readFleets(reader: LineReader): Bundle['fleets'] {
  const fleets: Bundle['fleets'][number][] = [];
  while (reader.isNext('fleet')) fleets.push(readFleet(reader));
  return fleets;
}

function readDigest(word: string): Uint8Array | undefined {
  return word === 'none' ? undefined : fromHex(word.slice('sha256:'.length), 32, 'deployment');
}

function readEvidenceHead(reader: LineReader): EvidenceHead | undefined {
  const [origin, size, root] = reader.match('evidence-head', EVIDENCE_HEAD);
  if (origin === undefined || root === undefined) return undefined;
  return { origin, size: integer(size, 'evidence-head'), root: fromBase64(root, 'evidence-head') };
}

function readTrustRoot(reader: LineReader): Bundle['trustRoot'] {
  const [version, digest] = reader.match('trust-root', TRUST_ROOT);
  return { version: integer(version, 'trust-root'), digest: fromHex(digest ?? '', 32, 'trust-root') };
}
