import { formatCheckpoint } from '../checkpoint/checkpoint.js';
import { signCheckpoint } from '../checkpoint/sign-checkpoint.js';
import { signCosignature } from '../cosignature/cosignature.js';
import { exampleNote, exampleSigner, NOW_MS, NOW_SECONDS } from '../example/example-bundle.js';
import { exampleCheckpoint, exampleProof, logSigner, witnessName } from '../example/example-log.js';
import { valid, type ValidCase } from './proof-case.js';
import { between, cosigned, memoryOf, notesOf, proofOf, textAfter, unwitnessedTrustRoot } from './vector-log.js';

const DAY = 86_400;
const SIZES = [1, 2, 3, 4, 5, 6, 7] as const;
const MISSING = { 'witness-quorum': 'unwitnessed', freshness: 'unwitnessed' } as const;

/** Bundles that every client accepts, with what their report says. */
export function validProofs(): readonly ValidCase[] {
  return [
    valid('the first bundle, to register', proofOf(1)),
    valid('the first bundle, to recover', proofOf(1), { purpose: 'recover' }),
    valid('the first bundle, to carry it', proofOf(1), { purpose: 'carry' }),
    ...SIZES.map((size) => valid(`epoch ${size + 1} for a client that has seen none`, proofOf(size + 1))),
    ...SIZES.map((size) => valid(`epoch ${size} again`, proofOf(size), { memory: memoryOf(size) })),
    ...SIZES.map((size) =>
      valid(`epoch ${size + 1} after epoch ${size}: its path proves the log before`, proofOf(size + 1), { memory: memoryOf(size) }),
    ),
    ...(
      [
        [1, 3],
        [1, 8],
        [2, 5],
        [3, 8],
        [4, 8],
        [6, 8],
      ] as const
    ).map(([from, to]) =>
      valid(`epoch ${to} after epoch ${from}, with the consistency proof`, proofOf(to), {
        memory: memoryOf(from),
        consistency: between(from, to),
      }),
    ),
    valid('a consistency proof that nobody needs', proofOf(2), { memory: memoryOf(1), consistency: between(1, 8) }),
    ...witnessed(),
    ...unwitnessed(),
  ];
}

function witnessed(): readonly ValidCase[] {
  return [
    ...(
      [
        [1, 2],
        [1, 3],
        [2, 3],
      ] as const
    ).map(([a, b]) => valid(`cosigned by ${a} and ${b} of three`, proofOf(1, cosigned([a, 0], [b, 0])))),
    valid('the quorum in another order', proofOf(1, cosigned([3, 0], [1, 0]))),
    valid('seven days old, to register', proofOf(1, cosigned([1, 7 * DAY], [2, 0]))),
    valid('thirty days old, to recover', proofOf(1, cosigned([1, 30 * DAY], [2, 0])), { purpose: 'recover' }),
    valid('one old cosignature beside a young quorum', proofOf(1, cosigned([1, 90 * DAY], [2, 0], [3, 0]))),
    valid('an old and a young cosignature by one witness', proofOf(1, cosigned([1, 90 * DAY], [1, 0], [2, 0]))),
    valid('a cosignature of a clock five minutes ahead', proofOf(1, cosigned([1, -300], [2, 0]))),
    valid('a cosignature of next year beside a quorum of today', proofOf(1, cosigned([1, -365 * DAY], [2, 0], [3, 0]))),
    valid("a stranger's cosignature", withCosigner('stranger.example', 99)),
    valid("a stranger's cosignature under the name of a witness", withCosigner(witnessName(3), 99)),
    valid('a witness under the name of a stranger', withCosigner('stranger.example', 223)),
    valid(
      "the log's signature twice",
      proofOf(1, { logLines: (made) => [signCheckpoint(made, logSigner), signCheckpoint(made, logSigner)] }),
    ),
    valid('set trailing bits in a signature line', withTrailingBits(proofOf(1))),
  ];
}

function unwitnessed(): readonly ValidCase[] {
  const pinned = { memory: memoryOf(1), purpose: 'recover' } as const;
  const text = textAfter(undefined, {}, unwitnessedTrustRoot);
  const later = { nowMs: NOW_MS - 5_000, purpose: 'history' } as const;
  return [
    valid('no witness, to recover in a pinned epoch', proofOf(1, cosigned()), pinned, MISSING),
    valid('one witness, to recover in a pinned epoch', proofOf(1, cosigned([1, 0])), pinned, MISSING),
    valid('a quorum of last year, to recover in a pinned epoch', proofOf(1, cosigned([1, 365 * DAY], [2, 365 * DAY])), pinned, {
      freshness: 'unwitnessed',
    }),
    valid('no witness, to carry it', proofOf(1, cosigned()), { purpose: 'carry' }, MISSING),
    valid('a bundle from the past, cosigned again since', proofOf(1, cosigned([1, -365 * DAY], [2, -365 * DAY])), later, {
      freshness: 'skipped',
    }),
    valid('a log that was another one under the trust root before', proofOf(1), { memory: ofAnotherLog() }, { consistency: 'skipped' }),
    valid('no checkpoint remembered', proofOf(2), { memory: withoutCheckpoint() }),
    valid(
      'a trust root that asks for no witnesses',
      exampleProof([exampleNote(text)], { cosigned: [] }),
      { trustRoot: 'unwitnessed' },
      {
        'witness-quorum': 'skipped',
        freshness: 'skipped',
      },
    ),
  ];
}

/** Witnesses 1 and 2, and a third line by whoever holds this seed, under any name. */
function withCosigner(name: string, seed: number): string {
  const text = formatCheckpoint(exampleCheckpoint(notesOf(1)));
  const line = signCosignature(text, name, exampleSigner(seed), NOW_SECONDS);
  return proofOf(1, { ...cosigned([1, 0], [2, 0]), logLines: (made) => [signCheckpoint(made, logSigner), line] });
}

/** 76 bytes leave four unused bits in the last digit before `==`; signature lines leave them to their writer. */
function withTrailingBits(source: string): string {
  return source.replace(/([A-Za-z0-9+/])==\n$/, (_, last: string) => `${nextDigit(last)}==\n`);
}

/** The digit that differs in the last bit alone. */
function nextDigit(digit: string): string {
  const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  return digits.charAt(digits.indexOf(digit) ^ 1);
}

function ofAnotherLog(): ReturnType<typeof memoryOf> {
  const checkpoint = { ...exampleCheckpoint(notesOf(8)), origin: 'log.example/before' };
  return { ...memoryOf(1), checkpoint };
}

function withoutCheckpoint(): ReturnType<typeof memoryOf> {
  const { epoch, digest, minEpoch } = memoryOf(1);
  return { epoch, digest, minEpoch };
}
