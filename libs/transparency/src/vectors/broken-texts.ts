import { utf8 } from '../encoding/octets.js';
import { auditorSigner, exampleNote, exampleSigner, operatorSigner } from '../example/example-bundle.js';
import { exampleProof, loggedTrustRoot, logSigner } from '../example/example-log.js';
import { assembleNote, signNoteText } from '../note/sign-note.js';
import { formatProof, parseProof, type TlogProof } from '../proof/proof.js';
import { toBase64 } from '../encoding/base64.js';
import { invalid, type InvalidCase } from './proof-case.js';
import { notesOf, proofOf, textsOf } from './vector-log.js';

const SOURCE = proofOf(3);
const [TEXT = ''] = textsOf(1);
const { operator, auditor } = loggedTrustRoot;
const rewritten = (from: string | RegExp, to: string): string => SOURCE.replace(from, to);
const holding = (note: string): string => exampleProof([note]);
const with_ = (changes: Partial<TlogProof>): string => formatProof({ ...parseProof(SOURCE), ...changes });

/** Steps 1 to 7: texts that are no proof, or hold no bundle of ours. */
export function brokenTexts(): readonly InvalidCase[] {
  return [...sizes(), ...proofs(), ...notes(), ...signatures()];
}

function sizes(): readonly InvalidCase[] {
  return [invalid('size-limits', 'nothing', ''), invalid('size-limits', 'one byte more than 32 KiB', 'x'.repeat(32_769))];
}

function proofs(): readonly InvalidCase[] {
  const broken: readonly (readonly [name: string, source: string])[] = [
    ['a bare note', notesOf(1)[0] ?? ''],
    ['another version', rewritten('@v1', '@v2')],
    ['nothing before the first line', `\n${SOURCE}`],
    ['carriage returns', SOURCE.replaceAll('\n', '\r\n')],
    ['no index', rewritten('index 2\n', '')],
    ['an index with a leading zero', rewritten('index 2', 'index 02')],
    ['a negative index', rewritten('index 2', 'index -2')],
    ['an index with a sign', rewritten('index 2', 'index +2')],
    ['an index beyond 2^53 - 1', rewritten('index 2', 'index 9007199254740992')],
    ['a space after the index', rewritten('index 2', 'index 2 ')],
    ['the index before the extra data', rewritten(/(extra .*\n)(index 2\n)/, '$2$1')],
    ['two index lines', rewritten('index 2\n', 'index 2\nindex 2\n')],
    ['no extra data', with_({ extra: undefined })],
    ['empty extra data', rewritten(/extra .*\n/, 'extra \n')],
    ['extra data that is not base64', rewritten('extra ', 'extra _')],
    ['extra data without padding', SOURCE.replace(/(extra .*)[^=]=*\n/, '$1\n')],
    ['extra data that is not UTF-8', with_({ extra: Uint8Array.of(0xff) })],
    ['a hash of 31 bytes', rewritten('index 2\n', `index 2\n${toBase64(new Uint8Array(31))}\n`)],
    [
      'set trailing bits in a hash',
      SOURCE.replace(/index 2\n(.{42})(.)=/, (_, head: string, last: string) => `index 2\n${head}${raised(last)}=`),
    ],
    ['sixty-four hashes', rewritten('index 2\n', `index 2\n${`${toBase64(new Uint8Array(32))}\n`.repeat(63)}`)],
    ['no empty line before the checkpoint', SOURCE.replaceAll('\n\n', '\n')],
    ['nothing after the empty line', SOURCE.slice(0, SOURCE.indexOf('\n\n') + 2)],
  ];
  return broken.map(([name, source]) => invalid('proof-grammar', name, source));
}

function notes(): readonly InvalidCase[] {
  const grammar: readonly (readonly [name: string, note: string])[] = [
    ['a text without signatures', TEXT],
    ['no epoch', exampleNote(TEXT.replace('epoch 1\n', 'epoch one\n'))],
    ['votes without a majority', exampleNote(TEXT.replace(' q 2 ', ' q 1 '))],
    ['a line too much', exampleNote(`${TEXT}more\n`)],
  ];
  return [
    ...grammar.map(([name, note]) => invalid('note-grammar', name, with_({ extra: utf8(note) }))),
    invalid('round-trip', 'a leading zero in the epoch', holding(exampleNote(TEXT.replace('epoch 1\n', 'epoch 01\n')))),
    invalid('round-trip', 'a leading zero in a parameter', holding(exampleNote(TEXT.replace(' n 3 ', ' n 03 ')))),
    invalid('namespace', 'another namespace', holding(exampleNote(TEXT.replace('example/dev/', 'example/prod/')))),
  ];
}

function signatures(): readonly InvalidCase[] {
  const byOperator = signNoteText(TEXT, operator.name, operatorSigner);
  const byAuditor = signNoteText(TEXT, auditor.name, auditorSigner);
  const broken = [
    ['the operator alone', [byOperator]],
    ['the auditor alone', [byAuditor]],
    ['the operator twice', [byOperator, byOperator]],
    ["the operator under the auditor's name", [byOperator, signNoteText(TEXT, auditor.name, operatorSigner)]],
    ["the log in the auditor's place", [byOperator, signNoteText(TEXT, auditor.name, logSigner)]],
    [
      "the auditor's signature of another text",
      [byOperator, { ...byAuditor, signature: signNoteText(textsOf(2)[1] ?? '', auditor.name, auditorSigner).signature }],
    ],
    ['a bad signature of a known key beside the good ones', [byOperator, byAuditor, { ...byAuditor, signature: new Uint8Array(64) }]],
    ['two strangers', [signNoteText(TEXT, operator.name, exampleSigner(98)), signNoteText(TEXT, auditor.name, exampleSigner(99))]],
  ] as const;
  return broken.map(([name, lines]) => invalid('both-signatures', name, holding(assembleNote(TEXT, lines))));
}

/** The digit after this one: of a digit that ends 32 bytes, its two unused bits are no longer zero. */
function raised(digit: string): string {
  return String.fromCharCode(digit.charCodeAt(0) + 1);
}
