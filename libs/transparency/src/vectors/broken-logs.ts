import type { Checkpoint } from '../checkpoint/checkpoint.js';
import { formatCheckpoint } from '../checkpoint/checkpoint.js';
import { signCheckpoint } from '../checkpoint/sign-checkpoint.js';
import { signCosignature } from '../cosignature/cosignature.js';
import { utf8 } from '../encoding/octets.js';
import { exampleSigner, NOW_SECONDS } from '../example/example-bundle.js';
import {
  evidenceLogSigner,
  exampleCheckpoint,
  exampleTrustedLog,
  logSigner,
  witnessName,
  witnessSigners,
  type ProofChanges,
} from '../example/example-log.js';
import type { Ed25519Signer } from '../keys/ed25519.js';
import type { NoteSignature } from '../note/note.js';
import { assembleNote, signNoteText } from '../note/sign-note.js';
import { formatProof, parseProof } from '../proof/proof.js';
import { invalid, stale, type InvalidCase } from './proof-case.js';
import { cosigned, forkedNotesOf, notesOf, proofOf } from './vector-log.js';

const SOURCE = proofOf(3);
const { path, checkpoint: CHECKPOINT } = parseProof(SOURCE);
const TEXT = formatCheckpoint(exampleCheckpoint(notesOf(3)));
const origin = exampleTrustedLog.vkey.name;
const [witness = exampleSigner(0)] = witnessSigners;

/** Steps 8 to 10, 12 and 13: logs that are not ours, did not sign, or do not hold the bundle at their head. */
export function brokenLogs(): readonly InvalidCase[] {
  return [...checkpoints(), ...logSignatures(), ...cosignatures(), ...inclusions()];
}

function checkpoints(): readonly InvalidCase[] {
  const broken: readonly (readonly [name: string, checkpoint: string])[] = [
    ['two lines', withText(`${origin}\n3\n`)],
    ['an extension line', withText(`${TEXT}extension\n`)],
    ['no origin', withText(TEXT.replace(origin, ''))],
    ['a size with a leading zero', withText(TEXT.replace('\n3\n', '\n03\n'))],
    ['a size with a sign', withText(TEXT.replace('\n3\n', '\n+3\n'))],
    ['a size beyond 2^53 - 1', withText(TEXT.replace('\n3\n', '\n9007199254740992\n'))],
    ['a root of 31 bytes', withText(TEXT.replace(/.{44}\n$/, `${'A'.repeat(40)}AA==\n`))],
    [
      'set trailing bits in the root',
      withText(TEXT.replace(/(.)=\n$/, (_, last: string) => `${String.fromCharCode(last.charCodeAt(0) + 1)}=\n`)),
    ],
    ['no signature', TEXT],
    ['no final newline', CHECKPOINT.slice(0, -1)],
    ['a signature line with a hyphen', CHECKPOINT.replace('—', '-')],
    ['thirty-three signatures', CHECKPOINT + `— stranger.example AAAAAAA=\n`.repeat(29)],
  ];
  return [
    ...broken.map(([name, checkpoint]) => invalid('checkpoint-grammar', name, carrying(checkpoint))),
    invalid('checkpoint-grammar', 'another log', proofOf(3, { checkpoint: { origin: 'log.example/other' } })),
    invalid('checkpoint-grammar', 'the evidence log', proofOf(3, signedBy(evidenceLogSigner, 'log.example/evidence'))),
  ];
}

function logSignatures(): readonly InvalidCase[] {
  const other = signNoteText(formatCheckpoint(exampleCheckpoint(notesOf(2))), origin, logSigner);
  const lines = (...logLines: readonly NoteSignature[]): string => proofOf(3, { logLines: () => logLines });
  return [
    invalid('log-signature', 'no signature by the log', lines()),
    invalid('log-signature', 'the evidence log in its place', proofOf(3, signedBy(evidenceLogSigner))),
    invalid('log-signature', 'a witness in its place', proofOf(3, signedBy(witness))),
    invalid('log-signature', 'its signature of another checkpoint', lines(other)),
    invalid('log-signature', 'a cosignature by its key', lines(signCosignature(TEXT, origin, logSigner, NOW_SECONDS))),
    invalid('log-signature', 'its signature under another name', lines(signNoteText(TEXT, 'log.example/other', logSigner))),
    invalid('log-signature', 'a bad one beside a good one', lines(signNoteText(TEXT, origin, logSigner), other)),
  ];
}

function cosignatures(): readonly InvalidCase[] {
  const good = signCosignature(TEXT, witnessName(1), witness, NOW_SECONDS);
  const blob = (change: (bytes: Uint8Array) => Uint8Array): NoteSignature => ({ ...good, signature: change(good.signature) });
  const broken: readonly (readonly [name: string, line: NoteSignature])[] = [
    ['another time than the one that was signed', blob((bytes) => bytes.with(7, (bytes[7] ?? 0) ^ 1))],
    ['time zero', signedAt(0n)],
    ['a time of 2^53', signedAt(2n ** 53n)],
    ['a flipped bit', blob((bytes) => bytes.with(71, (bytes[71] ?? 0) ^ 0x01))],
    ['no time', blob((bytes) => bytes.slice(8))],
    ['a byte too much', blob((bytes) => Uint8Array.of(...bytes, 0))],
    ['a plain signature of the checkpoint', blob((bytes) => Uint8Array.of(...bytes.slice(0, 8), ...witness.sign(utf8(TEXT))))],
    ['the cosignature of another checkpoint', signCosignature(TEXT.replace('\n3\n', '\n4\n'), witnessName(1), witness, NOW_SECONDS)],
  ];
  return broken
    .flatMap(([name, line]) => [
      invalid(
        'cosignatures',
        `${name}, though two others cosigned`,
        proofOf(3, { ...cosigned([2, 0], [3, 0]), logLines: (made) => [byLog(made), line] }),
      ),
    ])
    .concat([
      invalid(
        'cosignatures',
        'a bad one beside a good one of the same witness',
        proofOf(3, { logLines: (made) => [byLog(made), blob((bytes) => bytes.with(70, 0))] }),
      ),
    ]);
}

/** Witness 1 at a time that `signCosignature` would not sign. */
function signedAt(time: bigint): NoteSignature {
  const signature = new Uint8Array(72);
  new DataView(signature.buffer).setBigUint64(0, time);
  signature.set(witness.sign(utf8(`cosignature/v1\ntime ${time}\n${TEXT}`)), 8);
  return { ...signCosignature(TEXT, witnessName(1), witness, NOW_SECONDS), signature };
}

function inclusions(): readonly InvalidCase[] {
  const proof = parseProof(SOURCE);
  const changed = (changes: Partial<typeof proof>): string => formatProof({ ...proof, ...changes });
  const flipped = path.map((hash, i) => (i === 0 ? hash.with(0, (hash[0] ?? 0) ^ 1) : hash));
  const elsewhere = exampleCheckpoint(forkedNotesOf(3));
  return [
    invalid('inclusion', 'another bundle than the one logged', changed({ extra: utf8(forkedNotesOf(3)[2] ?? '') })),
    invalid('inclusion', 'the index of another entry', changed({ index: 1 })),
    invalid('inclusion', 'an index as large as the log', changed({ index: 3 })),
    invalid('inclusion', 'a hash too few', changed({ path: path.slice(0, -1) })),
    invalid('inclusion', 'a hash too many', changed({ path: [...path, new Uint8Array(32)] })),
    invalid('inclusion', 'a flipped bit in a hash', changed({ path: flipped })),
    invalid(
      'inclusion',
      'hashes in the wrong order',
      formatProof({ ...parseProof(proofOf(4)), path: parseProof(proofOf(4)).path.toReversed() }),
    ),
    invalid('inclusion', 'an empty log', proofOf(3, { checkpoint: { size: 0 } })),
    invalid('inclusion', 'the root of another log', proofOf(3, { checkpoint: { root: elsewhere.root } })),
    stale('head', 'the first of two', proofOf(2, { index: 0 })),
    stale('head', 'the sixth of eight', proofOf(8, { index: 5 })),
    stale('head', 'the seventh of eight', proofOf(8, { index: 6 })),
  ];
}

function byLog(checkpoint: Checkpoint): NoteSignature {
  return signCheckpoint(checkpoint, logSigner);
}

function signedBy(signer: Ed25519Signer, name: string = origin): ProofChanges {
  return { checkpoint: { origin: name }, logLines: (made) => [signNoteText(formatCheckpoint(made), name, signer)] };
}

/** A checkpoint of any text, signed by the log. */
function withText(text: string): string {
  return assembleNote(text, [signNoteText(text, origin, logSigner)]);
}

/** `formatProof` writes whatever checkpoint it is given: its grammar is another step. */
function carrying(checkpoint: string): string {
  return formatProof({ ...parseProof(SOURCE), checkpoint });
}
