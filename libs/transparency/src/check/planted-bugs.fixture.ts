/** For specs only: a bug that the spec must find, as a change of one line of the compiled code. */
export interface PlantedBug {
  readonly name: string;
  /** Below dist/. */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
  /** The spec that finds it, below dist/. */
  readonly spec: string;
}

/** @param spec below dist/, without `.spec.js` */
const bugsOf =
  (spec: string) =>
  (name: string, file: string, find: string, replace: string): PlantedBug => ({ name, file, find, replace, spec: `${spec}.spec.js` });

const logged = bugsOf('check/logged-bundle');
const witnesses = bugsOf('check/witnesses');
const views = bugsOf('check/consistency-check');
const epochs = bugsOf('check/verify-bundle');
const cosignatures = bugsOf('cosignature/cosignature');
const policies = bugsOf('policy/policy');
const trees = bugsOf('tree/tree');
const growth = bugsOf('tree/consistency');
const machines = bugsOf('audit/machine-lines');
const audits = bugsOf('audit/audit');

/** At least one for each of the steps 8 to 16 of TRANSPARENCY 3, by its number, and for the audit of TRANSPARENCY 6. */
export const PLANTED_BUGS: readonly PlantedBug[] = [
  logged(
    '2: takes a bare note where a log is named',
    'check/note-checks.js',
    'if (!trustRoot.log)',
    'if (!trustRoot.log || !isProof(source))',
  ),
  bugsOf('proof/proof')('2: takes an index that is no safe number', 'proof/proof.js', 'if (!Number.isSafeInteger(index))', 'if (false)'),
  logged('8: takes the checkpoint of another log', 'check/log-checks.js', 'if (origin !== log.vkey.name)', 'if (false)'),
  bugsOf('checkpoint/checkpoint')(
    '8: takes extension lines',
    'checkpoint/checkpoint.js',
    "if (end !== '' || more.length > 0)",
    'if (false)',
  ),
  logged('9: goes without the log itself', 'check/log-checks.js', 'if (signers.length === 0)', 'if (false)'),
  cosignatures(
    '10: passes over a bad cosignature',
    'cosignature/cosignature.js',
    'if (time === undefined)',
    'if (time === undefined) continue; if (false)',
  ),
  cosignatures('10: leaves the time out of what is signed', 'cosignature/cosignature.js', 'time ${time}', 'time'),
  cosignatures('10: counts the oldest of one witness', 'cosignature/cosignature.js', 'Math.max(time, times.get(vkey) ?? 0)', 'time'),
  policies('11: takes one witness for a quorum', 'policy/policy.js', '.length >= threshold)', '.length >= 1)'),
  witnesses('11: goes on without witnesses where nothing is pinned', 'check/witness-checks.js', "(refuses === 'new' && !pinned)", 'false'),
  witnesses('11: registers without witnesses', 'check/witness-checks.js', "refuses === 'always' ||", ''),
  witnesses('11: takes the epoch for the bundle', 'check/bundle-memory.js', 'memory.digest.every((byte, i) => byte === digest[i])', 'true'),
  logged('12: takes another entry for the bundle', 'check/log-checks.js', '!computed || !sameOctets(computed, root)', '!computed'),
  trees('12: takes a path that is too short', 'tree/inclusion-path.js', 'return last === 0 ? hash : undefined', 'return hash'),
  trees('12: takes a path that is too long', 'tree/inclusion-path.js', 'if (last === 0)', 'if (false)'),
  logged('13: takes an entry that is not the last', 'check/log-checks.js', 'if (index !== size - 1)', 'if (false)'),
  witnesses('14: forgets how old the quorum is', 'check/witness-checks.js', 'since * 1000 < nowMs - days * DAY_MS', 'false'),
  witnesses('14: lets a time to come speak for today', 'check/witness-checks.js', 'time * 1000 <= nowMs + CLOCK_SKEW_MS', 'true'),
  witnesses('14: registers with what is enough to recover', 'check/purpose.js', '=> registerMaxAgeDays', '=> 30'),
  policies('14: asks the youngest of the quorum', 'policy/policy.js', 'time >= since', 'time >= -since'),
  epochs('15: goes back', 'check/state-checks.js', 'if (bundle.epoch < least)', 'if (false)'),
  epochs('15: takes two bundles for one epoch', 'check/state-checks.js', 'bundle.epoch === memory.epoch && ', 'false && '),
  epochs('15: leaves the chain', 'check/state-checks.js', 'bundle.epoch === memory.epoch + 1 && ', 'false && '),
  views('16: takes a log that shrank', 'check/consistency-check.js', 'if (size < seen.size)', 'if (false)'),
  views('16: takes two logs of one size', 'check/consistency-check.js', 'return sameOctets(root, seen.root)', 'return true'),
  views(
    '16: takes one entry more on any log',
    'check/consistency-check.js',
    'return sameOctets(rootBeforeLast(path), seen.root)',
    'return true',
  ),
  views('16: takes a gap without a proof', 'check/consistency-check.js', 'return verifyConsistency(', 'return true || verifyConsistency('),
  growth('16: compares the new root alone', 'tree/consistency.js', 'sameOctets(roots.old, oldRoot) && ', ''),
  growth('16: compares the old root alone', 'tree/consistency.js', '&& sameOctets(roots.new, newRoot)', ''),
  witnesses('16: remembers what no quorum has seen', 'check/verify-bundle.js', "({ outcome }) => outcome === 'unwitnessed'", '() => false'),
  machines(
    'audit: takes any statement for the one named',
    'audit/deployment-line.js',
    'if (deploymentName(parsed) !== `sha256:${digest}`)',
    'if (false)',
  ),
  machines('audit: passes over a failed check of a statement', 'audit/deployment-line.js', 'if (failed || !statement)', 'if (!statement)'),
  machines('audit: takes machines that nobody signed for', 'audit/deployment-line.js', '(refused === undefined ?', '(true ?'),
  machines('audit: takes a statement that follows another', 'audit/deployment-line.js', '(follows ?', '(true ?'),
  machines('audit: takes a bundle without its statement', 'audit/deployment-line.js', 'if (root.custodians)', 'if (false)'),
  machines(
    'audit: takes any signature for a proof of possession',
    'audit/possession-line.js',
    'else if (!verifyEd25519(',
    'else if (false && !verifyEd25519(',
  ),
  machines('audit: takes a node of another epoch', 'audit/possession-line.js', 'else if (answer.epoch !== epoch)', 'else if (false)'),
  machines('audit: takes any version', 'audit/possession-line.js', 'if (answer.software !== member.software)', 'if (false)'),
  machines(
    'audit: takes any program',
    'audit/possession-line.js',
    'else if (artifact.digest.sha256 !== answer.artifacts[name])',
    'else if (false)',
  ),
  machines(
    'audit: counts a silent node as one that answered',
    'audit/possession-line.js',
    'unchecked.push(`${who} does not answer`);',
    ';',
  ),
  audits(
    'audit: takes what was published for what was logged',
    'audit/signed-epochs.js',
    'if (!sameOctets(bundleDigest(note.text), leaf))',
    'if (false)',
  ),
  audits('audit: takes an older bundle for the newest', 'audit/head-line.js', 'if (!last || !sameOctets(last.leaf, digest))', 'if (false)'),
  audits(
    'audit: takes a log that was set back',
    'audit/same-view.js',
    "if (compared.outcome !== 'forked')",
    "if (compared.outcome === 'none')",
  ),
];
