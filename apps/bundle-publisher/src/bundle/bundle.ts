import type { bundleView } from '@strongroom/contracts';
import { toHex, VaultError } from '@strongroom/protocol';
import {
  bundleDigest,
  BundleError,
  bundleNoteOf,
  deriveBundleText,
  FormatError,
  isProof,
  openBundleProof,
  parseBundle,
  parseNote,
  readCheckpoint,
  verifyBundle,
  type Bundle,
  type BundleMemory,
  type FleetEvidence,
  type TrustRoot,
} from '@strongroom/transparency';
import type { z } from 'zod';

/** A bundle that was published: epoch, hexadecimal digest of its text, and the whole note. */
export type PublishedBundle = Readonly<z.infer<typeof bundleView>>;

/** A text for the next epoch, kept before anybody is asked to sign it. */
export type Draft = { readonly epoch: number; readonly digest: string; readonly text: string };

/** Asked again within this time about unchanged fleets, the publisher gives the bundle that it just made. */
const RENEW_AFTER_S = 60;

export type NextInput = {
  readonly trustRoot: TrustRoot;
  readonly current: PublishedBundle | undefined;
  readonly evidence: readonly FleetEvidence[];
  readonly nowMs: number;
  readonly validityS: number;
};

/** The text that follows from the evidence now. @throws CONFLICT when the evidence allows no bundle */
export function nextDraft({ trustRoot, current, evidence, nowMs, validityS }: NextInput): Draft {
  const issuedAt = Math.floor(nowMs / 1000);
  const previousText = current && textOf(current.note);
  try {
    const text = deriveBundleText({ trustRoot, previousText, issuedAt, expiresAt: issuedAt + validityS, fleets: evidence });
    return { epoch: parseBundle(text).epoch, digest: toHex(bundleDigest(text)), text };
  } catch (error) {
    if (error instanceof FormatError)
      throw new VaultError('CONFLICT', `no bundle follows from the evidence: ${error.message}`, { field: error.field });
    throw error;
  }
}

/** Whether `current` is what the request asks for, because an earlier try of it made it a moment ago. */
export function isJustMade(current: PublishedBundle, draft: Draft): boolean {
  const before = parseBundle(textOf(current.note));
  const next = parseBundle(draft.text);
  return next.issuedAt - before.issuedAt < RENEW_AFTER_S && sayTheSame(before, next);
}

/** A bundle about to be published, or published again with a newer proof. */
export type Candidate = {
  readonly epoch: number;
  readonly digest: string;
  /** As it will travel: the proof, or the bare note when the trust root names no log. */
  readonly source: string;
  readonly trustRoot: TrustRoot;
  /** Which it must continue. */
  readonly current: PublishedBundle | undefined;
  /**
   * That of its issue unless told, because a draft that outlived a crash must still be finished: the auditor signs no
   * second text for its epoch.
   */
  readonly nowMs?: number;
};

/** The bundle, verified as any client will before it is stored. @throws BUNDLE_INVALID naming the check */
export function verifyCandidate({
  epoch,
  digest,
  source,
  trustRoot,
  current,
  ...at
}: Candidate): PublishedBundle & { witnessedAt: number } {
  try {
    const { nowMs = parseBundle(textOf(source)).issuedAt * 1000 } = at;
    const verified = verifyBundle({ source, trustRoot, memory: current && memoryOf(current), purpose: 'history', nowMs });
    if (verified.bundle.epoch !== epoch || toHex(verified.digest) !== digest)
      throw new VaultError('BUNDLE_INVALID', 'another bundle was proved');
    return { epoch, digest, note: source, witnessedAt: verified.witnessedAt ?? 0 };
  } catch (error) {
    if (error instanceof BundleError) throw new VaultError('BUNDLE_INVALID', error.message, { check: error.check }, { cause: error });
    if (error instanceof FormatError) throw new VaultError('BUNDLE_INVALID', error.message, { field: error.field }, { cause: error });
    throw error;
  }
}

/** Ids of the fleets that the bundle announces as active. */
export function activeFleets({ note }: PublishedBundle): readonly string[] {
  return parseBundle(textOf(note))
    .fleets.filter(({ state }) => state === 'active')
    .map(({ fleetId }) => fleetId);
}

/** The signed text inside a note or a proof. @throws FormatError */
function textOf(source: string): string {
  return parseNote(bundleNoteOf(source)).text;
}

function memoryOf({ note }: PublishedBundle): BundleMemory {
  const text = textOf(note);
  const { epoch, minEpoch } = parseBundle(text);
  // With the checkpoint the publisher is the first to see a log that shows two trees.
  const checkpoint = isProof(note) ? readCheckpoint(openBundleProof(note).checkpoint).checkpoint : undefined;
  return { epoch, minEpoch, digest: bundleDigest(text), ...(checkpoint && { checkpoint }) };
}

/** Everything but the place in the chain and the times. */
function sayTheSame(a: Bundle, b: Bundle): boolean {
  const facts = ({ namespace, environment, fleets, trustRoot, deployment }: Bundle): string =>
    JSON.stringify({ namespace, environment, fleets, trustRoot, deployment }, (_, value: unknown) =>
      value instanceof Uint8Array ? toHex(value) : value,
    );
  return facts(a) === facts(b);
}
