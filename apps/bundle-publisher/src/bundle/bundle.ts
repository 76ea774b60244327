import type { bundleView } from '@strongroom/contracts';
import { toHex, VaultError } from '@strongroom/protocol';
import {
  assembleNote,
  bundleDigest,
  BundleError,
  deriveBundleText,
  FormatError,
  parseBundle,
  parseNote,
  verifyBundle,
  type Bundle,
  type BundleMemory,
  type Deployment,
  type FleetEvidence,
  type NoteSignature,
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
  /** Statements that this bundle may name, the best first; the first that fits the fleets is taken. */
  readonly deployments: readonly Deployment[];
};

/** The text that follows from the evidence now. @throws CONFLICT when the evidence allows no bundle */
export function nextDraft({ trustRoot, current, evidence, nowMs, validityS, deployments }: NextInput): Draft {
  const issuedAt = Math.floor(nowMs / 1000);
  const previousText = current && parseNote(current.note).text;
  const input = { trustRoot, previousText, issuedAt, expiresAt: issuedAt + validityS, fleets: evidence };
  let refusal: FormatError | undefined;
  for (const deployment of deployments.length > 0 ? deployments : [undefined]) {
    try {
      const text = deriveBundleText({ ...input, deployment });
      return { epoch: parseBundle(text).epoch, digest: toHex(bundleDigest(text)), text };
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      refusal ??= error;
    }
  }
  const { message = 'nothing to derive it from', field = 'evidence' } = refusal ?? {};
  throw new VaultError('CONFLICT', `no bundle follows from the evidence: ${message}`, { field });
}

/** Digest (hexadecimal) of the deployment statement that the bundle names. */
export function namedDeployment({ note }: PublishedBundle): string | undefined {
  const { deployment } = parseBundle(parseNote(note).text);
  return deployment && toHex(deployment);
}

/** Whether `current` is what the request asks for, because an earlier try of it made it a moment ago. */
export function isJustMade(current: PublishedBundle, draft: Draft): boolean {
  const before = parseBundle(parseNote(current.note).text);
  const next = parseBundle(draft.text);
  return next.issuedAt - before.issuedAt < RENEW_AFTER_S && sayTheSame(before, next);
}

/**
 * The note of the draft, verified as any client will before it is stored. The clock is that of the draft, because a
 * draft that outlived a crash must still be finished: the auditor signs no second text for its epoch.
 * @throws BUNDLE_INVALID naming the check
 */
export function finishNote(
  draft: Draft,
  signatures: readonly NoteSignature[],
  trustRoot: TrustRoot,
  current: PublishedBundle | undefined,
): PublishedBundle {
  const note = assembleNote(draft.text, signatures);
  const nowMs = parseBundle(draft.text).issuedAt * 1000;
  try {
    const { bundle } = verifyBundle({ source: note, trustRoot, memory: current && memoryOf(current), purpose: 'register', nowMs });
    return { epoch: bundle.epoch, digest: draft.digest, note };
  } catch (error) {
    if (error instanceof BundleError) throw new VaultError('BUNDLE_INVALID', error.message, { check: error.check }, { cause: error });
    throw error;
  }
}

/** Ids of the fleets that the bundle announces as active. */
export function activeFleets({ note }: PublishedBundle): readonly string[] {
  return parseBundle(parseNote(note).text)
    .fleets.filter(({ state }) => state === 'active')
    .map(({ fleetId }) => fleetId);
}

function memoryOf({ note }: PublishedBundle): BundleMemory {
  const { text } = parseNote(note);
  const { epoch, minEpoch } = parseBundle(text);
  return { epoch, minEpoch, digest: bundleDigest(text) };
}

/** Everything but the place in the chain and the times. */
function sayTheSame(a: Bundle, b: Bundle): boolean {
  const facts = ({ namespace, environment, fleets, trustRoot, deployment }: Bundle): string =>
    JSON.stringify({ namespace, environment, fleets, trustRoot, deployment }, (_, value: unknown) =>
      value instanceof Uint8Array ? toHex(value) : value,
    );
  return facts(a) === facts(b);
}
