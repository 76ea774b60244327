import type { Checkpoint } from '../checkpoint/checkpoint.js';
import { formatCheckpoint } from '../checkpoint/checkpoint.js';
import { signCheckpoint } from '../checkpoint/sign-checkpoint.js';
import { signCosignature } from '../cosignature/cosignature.js';
import { bundleDigest } from '../bundle/format-bundle.js';
import type { Ed25519Signer } from '../keys/ed25519.js';
import { parseNote, type NoteSignature } from '../note/note.js';
import { assembleNote } from '../note/sign-note.js';
import { formatBundleProof } from '../proof/bundle-proof.js';
import { inclusionPath } from '../tree/inclusion-path.js';
import { treeRoot } from '../tree/tree-root.js';
import type { TrustedLog, TrustRoot } from '../trust-root/trust-root.js';
import { makeCosignerVkey, makeVkey } from '../vkey/vkey.js';
import { exampleSigner, exampleTrustRoot, NOW_SECONDS } from './example-bundle.js';

export const logSigner: Ed25519Signer = exampleSigner(211);
export const evidenceLogSigner: Ed25519Signer = exampleSigner(212);
/** Witness 1 to 3, of which two are the quorum. */
export const witnessSigners: readonly Ed25519Signer[] = [221, 222, 223].map(exampleSigner);
export const rotationSigners: readonly Ed25519Signer[] = [231, 232, 233].map(exampleSigner);
export const WITNESSES = [1, 2, 3] as const;

export const exampleTrustedLog: TrustedLog = {
  vkey: makeVkey('log.example/fleet-keys', logSigner.publicKey),
  evidence: makeVkey('log.example/evidence', evidenceLogSigner.publicKey),
  witnesses: {
    logs: [],
    witnesses: WITNESSES.map((i) => ({ name: `w${i}`, vkey: makeCosignerVkey(witnessName(i), signerOf(i).publicKey) })),
    groups: [{ name: 'two', threshold: 2, members: ['w1', 'w2', 'w3'] }],
    quorum: 'two',
  },
};

/** The trust root of a fleet whose bundles are logged and witnessed, and that can be replaced by two of three keys. */
export const loggedTrustRoot: TrustRoot = {
  ...exampleTrustRoot,
  log: exampleTrustedLog,
  rotation: { threshold: 2, keys: rotationSigners.map(({ publicKey }, i) => makeVkey(`custodian.example/${i + 1}`, publicKey)) },
};

export function witnessName(witness: number): string {
  return `witness.example/w${witness}`;
}

export type ProofChanges = {
  /** Which of the three witnesses cosign, at which second; all of them now unless told. */
  readonly cosigned?: readonly { readonly witness: number; readonly time: number }[];
  /** The entry that is proved, the last one unless told. */
  readonly index?: number;
  readonly checkpoint?: Partial<Checkpoint>;
  /** Instead of the log's own. */
  readonly logLines?: (checkpoint: Checkpoint) => readonly NoteSignature[];
};

/** Specs only: a log that holds the texts of these notes, and the proof of the last one. */
export function exampleProof(notes: readonly string[], changes: ProofChanges = {}): string {
  const leaves = notes.map((note) => bundleDigest(parseNote(note).text));
  const { index = leaves.length - 1, logLines = (made: Checkpoint) => [signCheckpoint(made, logSigner)] } = changes;
  const checkpoint = { ...exampleCheckpoint(notes), ...changes.checkpoint };
  const text = formatCheckpoint(checkpoint);
  const cosigned = changes.cosigned ?? WITNESSES.map((witness) => ({ witness, time: NOW_SECONDS }));
  const cosignatures = cosigned.map(({ witness, time }) => signCosignature(text, witnessName(witness), signerOf(witness), time));
  return formatBundleProof({
    note: notes[index] ?? '',
    index,
    path: inclusionPath(leaves, index),
    checkpoint: assembleNote(text, [...logLines(checkpoint), ...cosignatures]),
  });
}

export function exampleCheckpoint(notes: readonly string[]): Checkpoint {
  const root = treeRoot(notes.map((note) => bundleDigest(parseNote(note).text)));
  return { origin: exampleTrustedLog.vkey.name, size: notes.length, root };
}

function signerOf(witness: number): Ed25519Signer {
  const signer = witnessSigners[witness - 1];
  if (!signer) throw new RangeError('no such witness');
  return signer;
}
