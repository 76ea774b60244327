import type { FleetEvidence } from '../bundle/derive-bundle.js';
import { bundleDigest } from '../bundle/format-bundle.js';
import type { BundleMemory } from '../check/bundle-memory.js';
import { exampleFleet, exampleNote, exampleText, NOW_SECONDS } from '../example/example-bundle.js';
import { exampleCheckpoint, exampleProof, exampleTrustedLog, loggedTrustRoot, type ProofChanges } from '../example/example-log.js';
import { consistencyProof } from '../tree/consistency.js';
import type { TrustRoot } from '../trust-root/trust-root.js';

/** A trust root that asks for no witnesses: what it accepts is never called verified. */
export const unwitnessedTrustRoot: TrustRoot = {
  ...loggedTrustRoot,
  log: { ...exampleTrustedLog, witnesses: { logs: [], witnesses: [], groups: [], quorum: 'none' } },
};

const three = exampleFleet({ n: 3, t: 2, q: 2 });
const FLEET: FleetEvidence = { ...three, statements: three.statements.slice(0, 3) };

export function textAfter(
  previous: string | undefined,
  changes: Partial<FleetEvidence> = {},
  trustRoot: TrustRoot = loggedTrustRoot,
): string {
  return exampleText(previous, [{ ...FLEET, ...changes }], trustRoot);
}

/** Eight epochs in a chain, as they were logged. */
export const TEXTS: readonly string[] = chain(8);
export const NOTES: readonly string[] = TEXTS.map(exampleNote);

/** The same but for another first bundle: what a log shows to somebody whom it betrays. */
export const FORKED_TEXTS: readonly string[] = chain(3, { attempts: 9 });
export const FORKED_NOTES: readonly string[] = FORKED_TEXTS.map(exampleNote);

/** The proof of epoch `size` in the log of so many. */
export function proofOf(size: number, changes: ProofChanges = {}): string {
  return exampleProof(NOTES.slice(0, size), changes);
}

/** What a client remembers that accepted epoch `size`. */
export function memoryOf(size: number, notes: readonly string[] = NOTES, texts: readonly string[] = TEXTS): BundleMemory {
  return { epoch: size, digest: bundleDigest(texts[size - 1] ?? ''), minEpoch: 1, checkpoint: exampleCheckpoint(notes.slice(0, size)) };
}

export function between(oldSize: number, newSize: number): readonly Uint8Array[] {
  return consistencyProof(TEXTS.slice(0, newSize).map(bundleDigest), oldSize);
}

/** Cosignatures as pairs of witness and age in seconds; a negative age is still to come. */
export function cosigned(...ages: readonly (readonly [witness: number, ageS: number])[]): ProofChanges {
  return { cosigned: ages.map(([witness, ageS]) => ({ witness, time: NOW_SECONDS - ageS })) };
}

function chain(length: number, changes: Partial<FleetEvidence> = {}): readonly string[] {
  const texts: string[] = [];
  while (texts.length < length) texts.push(textAfter(texts[texts.length - 1], changes));
  return texts;
}
