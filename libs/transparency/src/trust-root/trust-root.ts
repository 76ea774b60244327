import { sha256 } from '@noble/hashes/sha2.js';
import { isNamespace } from '../bundle/parse-bundle.js';
import { sameOctets, utf8 } from '../encoding/octets.js';
import { FormatError } from '../errors/format-error.js';
import { formatVkey, parseVkey, type Vkey } from '../vkey/vkey.js';
import { custodiansDocument, readCustodians, refuseCustodians, type Custodians } from './custodians.js';

const FORMAT = 'strongroom/trust-root/v1';

/** How old the witnesses' word may be (TRANSPARENCY 3, step 14), in days. */
export type Windows = { readonly registerMaxAgeDays: number; readonly recoverMaxAgeDays: number };

/** What a client ships with and trusts from the start (TRANSPARENCY 3). */
export type TrustRoot = {
  readonly version: number;
  readonly namespace: string;
  readonly operator: Vkey;
  readonly auditor: Vkey;
  readonly windows: Windows;
  /** With them no bundle announces a fleet that they have not signed for; without, `deployment` says `none`. */
  readonly custodians?: Custodians | undefined;
};

export const DEFAULT_WINDOWS: Windows = { registerMaxAgeDays: 7, recoverMaxAgeDays: 30 };

/** The document's one encoding: JSON, keys in this order, two spaces, a final newline. @throws FormatError */
export function formatTrustRoot(root: TrustRoot): string {
  refuseTrustRoot(root);
  const { version, namespace, operator, auditor, windows, custodians } = root;
  const document = {
    format: FORMAT,
    version,
    namespace,
    operator: formatVkey(operator),
    auditor: formatVkey(auditor),
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
  const { format, version, namespace, operator, auditor, windows, custodians } = object(parseJson(text), 'trust root');
  if (format !== FORMAT) throw new FormatError('format', `is not ${FORMAT}`);
  const { registerMaxAgeDays, recoverMaxAgeDays } = object(windows, 'windows');
  const root: TrustRoot = {
    version: wholeNumber(version, 'version'),
    namespace: string(namespace, 'namespace'),
    operator: parseVkey(string(operator, 'operator')),
    auditor: parseVkey(string(auditor, 'auditor')),
    windows: {
      registerMaxAgeDays: wholeNumber(registerMaxAgeDays, 'registerMaxAgeDays'),
      recoverMaxAgeDays: wholeNumber(recoverMaxAgeDays, 'recoverMaxAgeDays'),
    },
    ...(custodians !== undefined && { custodians: custodiansOf(custodians) }),
  };
  if (formatTrustRoot(root) !== text) throw new FormatError('trust root', 'is not in its one encoding');
  return root;
}

/** 32 bytes: SHA-256 of the document, what a bundle's `trust-root` line names. */
export function trustRootDigest(root: TrustRoot): Uint8Array {
  return sha256(utf8(formatTrustRoot(root)));
}

function custodiansOf(value: unknown): Custodians {
  const { threshold, keys } = object(value, 'custodians');
  return readCustodians(threshold, keys);
}

function refuseTrustRoot({ version, namespace, operator, auditor, windows, custodians }: TrustRoot): void {
  if (version < 1) throw new FormatError('version', 'starts at 1');
  if (!isNamespace(namespace)) throw new FormatError('namespace', 'is malformed');
  if (windows.registerMaxAgeDays < 1 || windows.recoverMaxAgeDays < windows.registerMaxAgeDays) {
    throw new FormatError('windows', 'recovery may not be stricter than registration, which has at least a day');
  }
  // One key in both roles would let its holder announce a fleet alone.
  if (operator.name === auditor.name || sameOctets(operator.publicKey, auditor.publicKey)) {
    throw new FormatError('auditor', 'is the operator');
  }
  if (custodians) refuseCustodians(custodians, [operator, auditor]);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new FormatError('trust root', 'is not JSON', { cause });
  }
}

function object(value: unknown, field: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new FormatError(field, 'is not an object');
  return { ...value };
}

function string(value: unknown, field: string): string {
  if (typeof value !== 'string') throw new FormatError(field, 'is not a string');
  return value;
}

function wholeNumber(value: unknown, field: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw new FormatError(field, 'is not a whole number');
  return value;
}
