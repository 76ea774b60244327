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

/** The first `count` epochs in a chain, as they were logged: made when they are asked for, because each costs signatures. */
export const textsOf: (count: number) => readonly string[] = chain();
export const notesOf: (count: number) => readonly string[] = signed(textsOf);

/** The same but for another first bundle: what a log shows to somebody whom it betrays. */
export const forkedTextsOf: (count: number) => readonly string[] = chain({ attempts: 9 });
export const forkedNotesOf: (count: number) => readonly string[] = signed(forkedTextsOf);

/** The proof of epoch `size` in the log of so many. */
export function proofOf(size: number, changes: ProofChanges = {}): string {
  return exampleProof(notesOf(size), changes);
}

/** What a client remembers that accepted epoch `size`. */
export function memoryOf(size: number, notes = notesOf, texts = textsOf): BundleMemory {
  return { epoch: size, digest: bundleDigest(texts(size).at(-1) ?? ''), minEpoch: 1, checkpoint: exampleCheckpoint(notes(size)) };
}

export function between(oldSize: number, newSize: number): readonly Uint8Array[] {
  return consistencyProof(textsOf(newSize).map(bundleDigest), oldSize);
}

/** Cosignatures as pairs of witness and age in seconds; a negative age is still to come. */
export function cosigned(...ages: readonly (readonly [witness: number, ageS: number])[]): ProofChanges {
  return { cosigned: ages.map(([witness, ageS]) => ({ witness, time: NOW_SECONDS - ageS })) };
}

function chain(changes: Partial<FleetEvidence> = {}): (count: number) => readonly string[] {
  const texts: string[] = [];
  return (count) => {
    while (texts.length < count) texts.push(textAfter(texts.at(-1), changes));
    return texts.slice(0, count);
  };
}

function signed(texts: (count: number) => readonly string[]): (count: number) => readonly string[] {
  const notes: string[] = [];
  return (count) => {
    for (const text of texts(count).slice(notes.length)) notes.push(exampleNote(text));
    return notes.slice(0, count);
  };
}
