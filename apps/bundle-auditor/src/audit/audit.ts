import { invalid, toHex, VaultError } from '@strongroom/protocol';
import {
  bundleDigest,
  deriveBundleText,
  FormatError,
  parseBundle,
  type Deployment,
  type FleetEvidence,
  type TrustRoot,
} from '@strongroom/transparency';

/** What the auditor signed for one epoch. */
export type SignedEpoch = {
  readonly epoch: number;
  /** Lower-case hexadecimal `bundleDigest` of the text. */
  readonly digest: string;
  readonly text: string;
  /** One signature line of the note, without the line feed. */
  readonly signatureLine: string;
};

/** Its own record around the epoch of a text. */
export type EpochRecord = {
  /** What was signed for the text's epoch. */
  readonly same: SignedEpoch | undefined;
  /** The newest epoch that was signed. */
  readonly last: SignedEpoch | undefined;
};

export type AuditInput = {
  readonly text: string;
  readonly trustRoot: TrustRoot;
  readonly last: SignedEpoch | undefined;
  readonly evidence: readonly FleetEvidence[];
  readonly nowMs: number;
  readonly allowBenchSuite: boolean;
  /** The statement that the text names, when the auditor itself has signed it. */
  readonly deployment: Deployment | undefined;
};

/** How far the publisher's clock may be from ours. */
const MAX_SKEW_S = 300;
const MAX_VALIDITY_S = 90 * 86_400;

/** @throws REQUEST_INVALID unless the text is a bundle in its one encoding */
export function epochOf(text: string): number {
  return refusing(() => parseBundle(text)).epoch;
}

/** 32 bytes: digest of the deployment statement that the text names. @throws REQUEST_INVALID as `epochOf` */
export function deploymentNamed(text: string): Uint8Array | undefined {
  return refusing(() => parseBundle(text)).deployment;
}

/**
 * The signature given before, for the same text; `undefined` when the epoch is open.
 * @throws CONFLICT for another text of a signed epoch, `signed` naming what was signed: never two for one
 */
export function answerFromRecord(text: string, same: SignedEpoch | undefined): string | undefined {
  if (!same) return undefined;
  if (same.text === text) return same.signatureLine;
  throw new VaultError('CONFLICT', `another text was signed for epoch ${same.epoch}`, { epoch: same.epoch, signed: same.digest });
}

/**
 * Whether this text may be signed: it is exactly what follows from the evidence and from the auditor's own record.
 * Only the two times are the publisher's choice, within limits.
 * @throws REQUEST_INVALID naming what is wrong, CONFLICT when it does not continue the record
 */
export function demandSignable({ text, trustRoot, last, evidence, nowMs, allowBenchSuite, deployment }: AuditInput): void {
  const { epoch, issuedAt, expiresAt, fleets } = refusing(() => parseBundle(text));
  if (epoch !== (last?.epoch ?? 0) + 1) {
    throw new VaultError('CONFLICT', `epoch ${epoch} does not follow ${last?.epoch ?? 0}, the last one signed here`, { epoch });
  }
  if (Math.abs(issuedAt - nowMs / 1000) > MAX_SKEW_S) throw invalid('issued', 'is not now');
  if (expiresAt - issuedAt > MAX_VALIDITY_S) throw invalid('expires', 'is too far away');
  if (!allowBenchSuite && fleets.some(({ ksf }) => ksf === 'none')) throw invalid('ksf', 'the bench suite is refused in production');
  const derived = refusing(() =>
    deriveBundleText({ trustRoot, previousText: last?.text, issuedAt, expiresAt, fleets: evidence, deployment }),
  );
  if (derived !== text) throw invalid('text', `differs from the evidence at line ${firstDifference(derived, text)}`);
}

export function digestOf(text: string): string {
  return toHex(bundleDigest(text));
}

function firstDifference(derived: string, text: string): number {
  const lines = text.split('\n');
  return derived.split('\n').findIndex((line, i) => line !== lines[i]) + 1 || lines.length;
}

function refusing<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof FormatError) throw invalid('text', error.message);
    throw error;
  }
}
