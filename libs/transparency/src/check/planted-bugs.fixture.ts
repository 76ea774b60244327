import type { CheckName } from './check.js';

/** For specs only: a bug that the vectors must find, as a change of one line of the compiled code. */
export interface PlantedBug {
  readonly name: string;
  /** The check that it breaks: its cases are judged first. */
  readonly check: CheckName;
  /** Below dist/. */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

const bug = (check: CheckName, name: string, file: string, find: string, replace: string): PlantedBug => ({
  check,
  name,
  file,
  find,
  replace,
});

export const PLANTED_BUGS: readonly PlantedBug[] = [
  bug(
    'proof-grammar',
    'takes a bare note where a log is named',
    'check/note-checks.js',
    'if (!trustRoot.log)',
    'if (!trustRoot.log || !isProof(source))',
  ),
  bug('proof-grammar', 'takes an index that is no safe number', 'proof/proof.js', 'if (!Number.isSafeInteger(index))', 'if (false)'),
  bug('checkpoint-grammar', 'takes the checkpoint of another log', 'check/log-checks.js', 'if (origin !== log.vkey.name)', 'if (false)'),
  bug('checkpoint-grammar', 'takes extension lines', 'checkpoint/checkpoint.js', "if (end !== '' || more.length > 0)", 'if (false)'),
  bug('log-signature', 'goes without the log itself', 'check/log-checks.js', 'if (signers.length === 0)', 'if (false)'),
  bug(
    'cosignatures',
    'passes over a bad cosignature',
    'cosignature/cosignature.js',
    'if (time === undefined)',
    'if (time === undefined) continue; if (false)',
  ),
  bug('cosignatures', 'takes the time that stands there for the one that was signed', 'cosignature/cosignature.js', 'time ${time}', 'time'),
  bug(
    'cosignatures',
    'takes time zero',
    'cosignature/cosignature.js',
    '|| time < 1)\n        return undefined',
    ')\n        return undefined',
  ),
  bug('witness-quorum', 'takes one witness for a quorum', 'policy/policy.js', '.length >= threshold)', '.length >= 1)'),
  bug(
    'witness-quorum',
    'goes on without witnesses where nothing is pinned',
    'check/witness-checks.js',
    "(refuses === 'new' && !pinned)",
    'false',
  ),
  bug('witness-quorum', 'registers without witnesses', 'check/witness-checks.js', "refuses === 'always' ||", ''),
  bug(
    'witness-quorum',
    'takes the epoch for the bundle',
    'check/bundle-memory.js',
    'memory.digest.every((byte, i) => byte === digest[i])',
    'true',
  ),
  bug('inclusion', 'takes another entry for the bundle', 'check/log-checks.js', '!computed || !sameOctets(computed, root)', '!computed'),
  bug('inclusion', 'takes a path that is too short', 'tree/inclusion-path.js', 'return last === 0 ? hash : undefined', 'return hash'),
  bug('head', 'takes an entry that is not the last', 'check/log-checks.js', 'if (index !== size - 1)', 'if (false)'),
  bug('freshness', 'forgets how old the quorum is', 'check/witness-checks.js', 'since * 1000 < nowMs - days * DAY_MS', 'false'),
  bug('freshness', 'lets a time to come speak for today', 'check/witness-checks.js', 'time * 1000 <= nowMs + CLOCK_SKEW_MS', 'true'),
  bug('freshness', 'registers with what is enough to recover', 'check/purpose.js', '=> registerMaxAgeDays', '=> 30'),
  bug('freshness', 'asks the youngest of the quorum', 'policy/policy.js', 'time >= since', 'time >= -since'),
  bug('epoch', 'goes back', 'check/state-checks.js', 'if (bundle.epoch < least)', 'if (false)'),
  bug('epoch', 'takes two bundles for one epoch', 'check/state-checks.js', 'bundle.epoch === memory.epoch && ', 'false && '),
  bug('epoch', 'leaves the chain', 'check/state-checks.js', 'bundle.epoch === memory.epoch + 1 && ', 'false && '),
  bug('consistency', 'takes a log that shrank', 'check/consistency-check.js', 'if (size < seen.size)', 'if (false)'),
  bug('consistency', 'takes two logs of one size', 'check/consistency-check.js', 'return sameOctets(root, seen.root)', 'return true'),
  bug(
    'consistency',
    'takes one entry more on any log',
    'check/consistency-check.js',
    'return sameOctets(rootBeforeLast(path), seen.root)',
    'return true',
  ),
  bug(
    'consistency',
    'takes a gap without a proof',
    'check/consistency-check.js',
    'return verifyConsistency(',
    'return true || verifyConsistency(',
  ),
  bug('consistency', 'compares the new root alone', 'tree/consistency.js', 'sameOctets(roots.old, oldRoot) && ', ''),
];
