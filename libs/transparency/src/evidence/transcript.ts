import { sha256 } from '@noble/hashes/sha2.js';
import { toHex, utf8 } from '../encoding/octets.js';
import { FormatError } from '../errors/format-error.js';
import { canonicalJson, type Json } from './canonical-json.js';
import { hex32, list, record, sha256NameOrNone, text, whole, type ReadBy, type Reader } from './read-json.js';

const MAX_STEPS = 200;

/** One line for people: printable ASCII. */
export function line(max: number): Reader<string> {
  return text(new RegExp(`^[!-~](?:[ -~]{0,${max - 2}}[!-~])?$`));
}

const readStep = record({
  /** Seconds since 1970, by the clock of whoever led the ceremony. */
  at: whole(0, Number.MAX_SAFE_INTEGER),
  /** Why the step was left out or went otherwise; empty when it went as written. */
  exception: text(/^[ -~]{0,300}$/),
  /** Digest of what the step gave, or `none`. */
  output: sha256NameOrNone,
  /** Hash of the step before, zeros for the first. */
  previous: hex32,
  step: line(80),
  who: line(200),
});

export const readTranscript = list(readStep, 1, MAX_STEPS);

export type TranscriptStep = ReadBy<typeof readStep>;
export type Transcript = readonly TranscriptStep[];

/** Hexadecimal: what the next step names as `previous`. SHA-256 of a label line and the step in its one encoding. */
export function stepHash(step: TranscriptStep): string {
  return toHex(sha256(utf8(`strongroom/v1/transcript\n${canonicalJson(step)}`)));
}

/** What a step added now would name as `previous`. */
export function transcriptHead(transcript: Transcript): string {
  const last = transcript.at(-1);
  return last === undefined ? '0'.repeat(64) : stepHash(last);
}

export function appendStep(transcript: Transcript, step: Omit<TranscriptStep, 'previous'>): Transcript {
  return [...transcript, { ...step, previous: transcriptHead(transcript) }];
}

/** No step was taken out, put in, changed or moved after it was written. @throws FormatError naming the step */
export function checkTranscript(transcript: Transcript): void {
  for (const [i, { at, previous }] of transcript.entries()) {
    if (previous !== transcriptHead(transcript.slice(0, i))) throw new FormatError(`transcript.${i}`, 'does not follow the step before');
    if (at < (transcript[i - 1]?.at ?? 0)) throw new FormatError(`transcript.${i}`, 'is earlier than the step before');
  }
}

/** `sha256:` of a document in its one encoding: how a step names what it gave. */
export function outputDigest(document: Json): string {
  return `sha256:${toHex(sha256(utf8(canonicalJson(document))))}`;
}
