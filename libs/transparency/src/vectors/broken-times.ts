import type { BundleMemory } from '../check/bundle-memory.js';
import { exampleNote, NOW_MS } from '../example/example-bundle.js';
import { exampleCheckpoint, exampleProof, witnessSigners } from '../example/example-log.js';
import { signNoteText } from '../note/sign-note.js';
import { signCheckpoint } from '../checkpoint/sign-checkpoint.js';
import { formatCheckpoint } from '../checkpoint/checkpoint.js';
import { logSigner, witnessName } from '../example/example-log.js';
import { toBase64 } from '../encoding/base64.js';
import { invalid, stale, type InvalidCase } from './proof-case.js';
import { between, cosigned, forkedNotesOf, forkedTextsOf, memoryOf, notesOf, proofOf, textsOf } from './vector-log.js';

const DAY = 86_400;
const FORKED = memoryOf(1, forkedNotesOf, forkedTextsOf);

/** Steps 11 and 14 to 19: what witnesses, memory, clock or keys forbid. */
export function brokenTimes(): readonly InvalidCase[] {
  return [...quorums(), ...ages(), ...epochs(), ...views(), ...others()];
}

function quorums(): readonly InvalidCase[] {
  const pinned = { memory: memoryOf(1) };
  return [
    stale('witness-quorum', 'no witness', proofOf(1, cosigned())),
    stale('witness-quorum', 'one of two', proofOf(1, cosigned([2, 0]))),
    stale('witness-quorum', 'one of two, twice', proofOf(1, cosigned([2, 0], [2, 1]))),
    stale('witness-quorum', 'witnesses who signed as logs do', proofOf(1, { ...cosigned([1, 0]), logLines: plainWitness })),
    stale('witness-quorum', 'no witness, to recover in an epoch that is not pinned', proofOf(2, cosigned()), {
      ...pinned,
      purpose: 'recover',
    }),
    stale('witness-quorum', 'no witness, to recover with nothing pinned', proofOf(1, cosigned()), { purpose: 'recover' }),
    stale('witness-quorum', 'no witness, to recover another bundle of the pinned epoch', exampleProof(forkedNotesOf(1), cosigned()), {
      ...pinned,
      purpose: 'recover',
    }),
    stale('witness-quorum', 'no witness, to register in a pinned epoch', proofOf(1, cosigned()), pinned),
    stale('witness-quorum', 'one witness, in the past', proofOf(1, cosigned([1, 0])), { purpose: 'history' }),
  ];
}

function ages(): readonly InvalidCase[] {
  const old = cosigned([1, 0], [2, 7 * DAY + 1]);
  const older = cosigned([1, 0], [2, 30 * DAY + 1]);
  return [
    stale('freshness', 'seven days and a second, to register', proofOf(1, old)),
    stale('freshness', 'seven days and a second, to register in a pinned epoch', proofOf(1, old), { memory: memoryOf(1) }),
    stale('freshness', 'thirty days and a second, to recover', proofOf(1, older), { purpose: 'recover' }),
    stale('freshness', 'a year, to recover in an epoch that is not pinned', proofOf(2, cosigned([1, 365 * DAY], [2, 365 * DAY])), {
      memory: memoryOf(1),
      purpose: 'recover',
    }),
    stale('freshness', 'a clock five minutes and a second ahead', proofOf(1, cosigned([1, 0], [2, -301]))),
    stale('freshness', 'one witness of today and two of tomorrow', proofOf(1, cosigned([1, 0], [2, -DAY], [3, -DAY]))),
  ];
}

function epochs(): readonly InvalidCase[] {
  return [
    stale('epoch', 'an epoch that is over', proofOf(1), { memory: memoryOf(2) }),
    stale('epoch', 'below the remembered min-epoch', proofOf(1), { memory: { ...memoryOf(1), minEpoch: 2 } }),
    invalid('epoch', 'a second bundle for a remembered epoch', proofOf(1), { memory: FORKED }),
    invalid('epoch', 'an epoch that does not follow the remembered bundle', proofOf(2), { memory: FORKED }),
    invalid('epoch', 'a min-epoch that goes back', proofOf(2), { memory: { ...memoryOf(1), minEpoch: 2 } }),
  ];
}

function views(): readonly InvalidCase[] {
  const seeing = (size: number, changes: Partial<BundleMemory> = {}): { memory: BundleMemory } => ({
    memory: { ...memoryOf(size), ...changes },
  });
  const forkOf = (size: number): Partial<BundleMemory> => ({ checkpoint: exampleCheckpoint(forkedNotesOf(size)) });
  return [
    stale('consistency', 'a log that shrank', proofOf(1), seeing(1, { checkpoint: exampleCheckpoint(notesOf(2)) })),
    invalid('consistency', 'another log of the same size', proofOf(2), seeing(2, forkOf(2))),
    invalid('consistency', 'one entry more, on another log', proofOf(3), seeing(2, forkOf(2))),
    invalid('consistency', 'two entries more without a proof', proofOf(3), seeing(1)),
    invalid('consistency', 'six entries more without a proof', proofOf(8), { ...seeing(2), consistency: [] }),
    invalid('consistency', 'two entries more, on another log', proofOf(5), { ...seeing(3, forkOf(3)), consistency: between(3, 5) }),
    invalid('consistency', 'the proof of other sizes', proofOf(5), { ...seeing(2), consistency: between(2, 6) }),
    invalid('consistency', 'a proof with a hash too few', proofOf(8), { ...seeing(3), consistency: between(3, 8).slice(0, -1) }),
    invalid('consistency', 'a proof with a hash too many', proofOf(8), {
      ...seeing(3),
      consistency: [...between(3, 8), new Uint8Array(32)],
    }),
    invalid('consistency', 'a flipped bit in the proof', proofOf(8), {
      ...seeing(3),
      consistency: between(3, 8).map((hash, i) => (i === 1 ? hash.with(31, (hash[31] ?? 0) ^ 0x80) : hash)),
    }),
  ];
}

function others(): readonly InvalidCase[] {
  const [text = ''] = textsOf(1);
  const rewritten = (from: string | RegExp, to: string): string => exampleProof([exampleNote(text.replace(from, to))]);
  const small = toBase64(Uint8Array.of(1, ...new Uint8Array(31)));
  return [
    stale('validity-window', 'expired', proofOf(1), { nowMs: NOW_MS + 86_390_000 }),
    invalid('validity-window', 'issued in the future', proofOf(1), { nowMs: NOW_MS - 310_001, purpose: 'history' }),
    invalid('trust-root', 'made for another trust root', rewritten('trust-root 1 ', 'trust-root 2 ')),
    invalid(
      'trust-root',
      'made for another document of that version',
      rewritten(/trust-root 1 sha256:.{8}/, 'trust-root 1 sha256:00000000'),
    ),
    invalid('member-keys', 'an identity key of small order', rewritten(/member 1 \S+/, `member 1 ${small}`)),
    invalid('member-keys', 'an HPKE key of small order', rewritten(/(member 2 \S+) \S+/, `$1 ${small}`)),
  ];
}

/** The log, and witness 2 with a signature of type 0x01 under its own name. */
function plainWitness(made: Parameters<typeof signCheckpoint>[0]): readonly ReturnType<typeof signCheckpoint>[] {
  const [, second = logSigner] = witnessSigners;
  return [signCheckpoint(made, logSigner), signNoteText(formatCheckpoint(made), witnessName(2), second)];
}
