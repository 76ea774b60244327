import { sha256 } from '@noble/hashes/sha2.js';
import { utf8 } from '../encoding/octets.js';
import { FormatError } from '../errors/format-error.js';
import { formatPolicy, parsePolicy } from '../policy/parse-policy.js';
import { formatVkey, parseVkey } from '../vkey/vkey.js';
import { custodiansDocument, readCustodians, type Custodians } from './custodians.js';
import type { RotationKeys, TrustedLog, TrustRoot } from './trust-root.js';
import { refuseTrustRoot } from './trust-root-rules.js';

const FORMAT = 'strongroom/trust-root/v1';

type Json = Readonly<Record<string, unknown>>;

/** The document's one encoding: JSON, keys in this order, two spaces, a final newline. @throws FormatError */
export function formatTrustRoot(root: TrustRoot): string {
  refuseTrustRoot(root);
  const { version, namespace, operator, auditor, log, rotation, windows, custodians } = root;
  const document = {
    format: FORMAT,
    version,
    namespace,
    operator: formatVkey(operator),
    auditor: formatVkey(auditor),
    ...(log && { log: formatVkey(log.vkey) }),
    ...(log?.evidence && { evidenceLog: formatVkey(log.evidence) }),
    ...(log && { witnesses: formatPolicy(log.witnesses).slice(0, -1).split('\n') }),
    ...(rotation && { rotation: { threshold: rotation.threshold, keys: rotation.keys.map(formatVkey) } }),
    windows: { registerMaxAgeDays: windows.registerMaxAgeDays, recoverMaxAgeDays: windows.recoverMaxAgeDays },
    ...(custodians && { custodians: custodiansDocument(custodians) }),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

/**
 * Reads the document and demands its one encoding, so that a repeated or unknown key, which JSON readers treat
 * differently, can never mean two things and the digest names one content.
 * @throws FormatError
 */
export function parseTrustRoot(text: string): TrustRoot {
  const document = object(parseJson(text), 'trust root');
  if (document['format'] !== FORMAT) throw new FormatError('format', `is not ${FORMAT}`);
  const windows = object(document['windows'], 'windows');
  const [log, rotation, custodians] = [readLog(document), readRotation(document), custodiansOf(document)];
  const root: TrustRoot = {
    version: wholeNumber(document, 'version'),
    namespace: string(document, 'namespace'),
    operator: parseVkey(string(document, 'operator')),
    auditor: parseVkey(string(document, 'auditor')),
    ...(log && { log }),
    ...(rotation && { rotation }),
    windows: {
      registerMaxAgeDays: wholeNumber(windows, 'registerMaxAgeDays'),
      recoverMaxAgeDays: wholeNumber(windows, 'recoverMaxAgeDays'),
    },
    ...(custodians && { custodians }),
  };
  if (formatTrustRoot(root) !== text) throw new FormatError('trust root', 'is not in its one encoding');
  return root;
}

/** 32 bytes: SHA-256 of the document, what a bundle's `trust-root` line names. */
export function trustRootDigest(root: TrustRoot): Uint8Array {
  return sha256(utf8(formatTrustRoot(root)));
}

function readLog(document: Json): TrustedLog | undefined {
  if (document['log'] === undefined) return undefined;
  const evidence = document['evidenceLog'] === undefined ? undefined : parseVkey(string(document, 'evidenceLog'));
  const lines = strings(document, 'witnesses');
  return {
    vkey: parseVkey(string(document, 'log')),
    ...(evidence && { evidence }),
    witnesses: parsePolicy(lines.map((line) => `${line}\n`).join('')),
  };
}

function readRotation(document: Json): RotationKeys | undefined {
  if (document['rotation'] === undefined) return undefined;
  const rotation = object(document['rotation'], 'rotation');
  return { threshold: wholeNumber(rotation, 'threshold'), keys: strings(rotation, 'keys').map(parseVkey) };
}

function custodiansOf(document: Json): Custodians | undefined {
  if (document['custodians'] === undefined) return undefined;
  const custodians = object(document['custodians'], 'custodians');
  return readCustodians(wholeNumber(custodians, 'threshold'), strings(custodians, 'keys'));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new FormatError('trust root', 'is not JSON', { cause });
  }
}

function object(value: unknown, field: string): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new FormatError(field, 'is not an object');
  return { ...value };
}

function string(from: Json, field: string): string {
  const value = from[field];
  if (typeof value !== 'string') throw new FormatError(field, 'is not a string');
  return value;
}

function strings(from: Json, field: string): readonly string[] {
  const value = from[field];
  if (!Array.isArray(value)) throw new FormatError(field, 'is not a list');
  return value.map((_, i) => string({ [field]: value[i] }, field));
}

function wholeNumber(from: Json, field: string): number {
  const value = from[field];
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw new FormatError(field, 'is not a whole number');
  return value;
}
