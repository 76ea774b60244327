import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formatBundle } from '../bundle/format-bundle.js';
import { parseBundle } from '../bundle/parse-bundle.js';
import { formatCheckpoint, parseCheckpoint } from '../checkpoint/checkpoint.js';
import { encodeEnrolment, parseEnrolment, signEnrolment } from '../enrolment/enrolment.js';
import { FormatError } from '../errors/format-error.js';
import { exampleEnrolment, exampleNote, exampleSigner, exampleText } from '../example/example-bundle.js';
import { exampleCheckpoint, exampleProof, exampleTrustedLog, loggedTrustRoot } from '../example/example-log.js';
import { formatNote, parseNote } from '../note/note.js';
import { formatPolicy, parsePolicy } from '../policy/parse-policy.js';
import { formatProof, parseProof } from '../proof/proof.js';
import { formatTilePath, parseTilePath } from '../tiles/tile-path.js';
import { formatTrustRoot, parseTrustRoot } from '../trust-root/trust-root-document.js';
import { formatVkey, parseCosignerVkey, parseVkey } from '../vkey/vkey.js';
import { fromUtf8, utf8 } from './octets.js';

const TEXT = exampleText();
const NOTE = exampleNote(TEXT);
const STATEMENT = fromUtf8(signEnrolment(exampleEnrolment(1), exampleSigner(1)), 'statement');

/** A valid text of each parser, and what reads and writes it again. */
const PARSERS: readonly (readonly [name: string, sample: string, again: (text: string) => string])[] = [
  ['checkpoint', formatCheckpoint(exampleCheckpoint([NOTE])), (text) => formatCheckpoint(parseCheckpoint(text))],
  ['proof', exampleProof([NOTE]), (text) => formatProof(parseProof(text))],
  ['bundle', TEXT, (text) => formatBundle(parseBundle(text))],
  ['trust root', formatTrustRoot(loggedTrustRoot), (text) => formatTrustRoot(parseTrustRoot(text))],
  ['vkey', formatVkey(loggedTrustRoot.operator), (text) => formatVkey(parseVkey(text))],
  [
    "witness's vkey",
    formatVkey(exampleTrustedLog.witnesses.witnesses[0]?.vkey ?? loggedTrustRoot.operator),
    (text) => formatVkey(parseCosignerVkey(text)),
  ],
  ['tile path', 'tile/0/x001/x234/067.p/5', (text) => formatTilePath(parseTilePath(text))],
  ['enrolment', STATEMENT, rewriteEnrolment],
];
/** Those that admit several texts for one meaning: writing it once more changes nothing. */
const LENIENT: readonly (readonly [name: string, sample: string, again: (text: string) => string])[] = [
  ['note', NOTE, (text) => formatNote(parseNote(text))],
  ['policy', formatPolicy(exampleTrustedLog.witnesses), (text) => formatPolicy(parsePolicy(text))],
];

/** One to three places where a few characters go and others come, often ones from elsewhere in the sample. */
function edited(sample: string): fc.Arbitrary<string> {
  const piece = fc.oneof(
    fc.stringMatching(/^[ -~\n]{0,3}$/),
    fc.constantFrom('', '\n', '0', '=', ' ', '\r', '\u0000', '\ufeff', '—', '\ud800'),
    fc.tuple(fc.nat(sample.length), fc.nat(40)).map(([from, length]) => sample.slice(from, from + length)),
  );
  const edit = fc.record({ at: fc.nat(sample.length), cut: fc.nat(4), piece });
  return fc
    .array(edit, { minLength: 1, maxLength: 3 })
    .map((edits) => edits.reduce((text, { at, cut, piece: put }) => text.slice(0, at) + put + text.slice(at + cut), sample));
}

describe('whatever a parser accepts', () => {
  it.each(PARSERS)('is its one text: %s', (_, sample, again) => {
    expect(again(sample)).toBe(sample);
    fc.assert(
      fc.property(edited(sample), (text) => expect(accepted(again, text) ?? text).toBe(text)),
      { numRuns: 250 },
    );
  });

  it.each(LENIENT)('is written in its one text: %s', (_, sample, again) => {
    expect(again(sample)).toBe(sample);
    fc.assert(
      fc.property(edited(sample), (text) => {
        const written = accepted(again, text);
        if (written !== undefined) expect(again(written)).toBe(written);
      }),
      { numRuns: 250 },
    );
  });
});

/** The text written again, or `undefined` when it was refused; anything but a FormatError is a failure. */
function accepted(again: (text: string) => string, text: string): string | undefined {
  try {
    return again(text);
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}

/** The writer also verifies, so what is not signed is refused there. */
function rewriteEnrolment(text: string): string {
  const { enrolment, signature } = parseEnrolment(utf8(text));
  return fromUtf8(encodeEnrolment(enrolment, signature), 'statement');
}
