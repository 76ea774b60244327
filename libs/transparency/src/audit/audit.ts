import { gossipCode } from '../check/verify-bundle.js';
import { FormatError } from '../errors/format-error.js';
import { fsck, type FsckProgress, type FsckReport } from '../fsck/fsck.js';
import { SourceUnavailable } from '../source/log-source.js';
import type { TrustedLog, TrustRoot } from '../trust-root/trust-root.js';
import { AUDIT_CHECKS, auditLine, lineOf, verdictOf, type AuditCheck, type AuditLine, type Verdict } from './audit-line.js';
import type { AuditSources } from './audit-sources.js';
import { checkDeployments } from './deployment-line.js';
import { EpochWalk } from './epoch-walk.js';
import type { ForkEvidence } from './fork-evidence.js';
import { checkServed } from './head-line.js';
import type { KeyChange } from './key-changes.js';
import { demandReadable } from './mirror-leaves.js';
import { checkSameView, checkSavedState, readOtherViews, type Leaves, type OtherViews } from './same-view.js';
import { checkPossession } from './possession-line.js';
import { checkSignedEpochs } from './signed-epochs.js';
import { openView, type View } from './view.js';
import { checkWitnesses } from './witness-line.js';

export type AuditInput = {
  /** Oldest first; the last is the one that is in force. */
  readonly trustRoots: readonly [TrustRoot, ...TrustRoot[]];
  readonly sources: AuditSources;
  /** The auditor's clock, milliseconds since 1970. */
  readonly nowMs: number;
  readonly onProgress?: FsckProgress | undefined;
};

export type AuditReport = {
  readonly verdict: Verdict;
  /** One for each check, in the order of their numbers. */
  readonly lines: readonly AuditLine[];
  /** Members' keys that came and went, from epoch 1. */
  readonly keys: readonly KeyChange[];
  readonly forks: readonly ForkEvidence[];
  readonly gossipCode: string | undefined;
  /** The log's checkpoint verbatim, to be compared with the next time; only of a log that held. */
  readonly checkpoint: string | undefined;
};

/**
 * The audit of TRANSPARENCY 6: everything that the log ever announced, from what anybody can read.
 * @throws Error only for a fault of the program: whatever the sources do becomes a line
 */
export async function auditLog(input: AuditInput): Promise<AuditReport> {
  const { trustRoots, sources } = input;
  const trustRoot = trustRoots[trustRoots.length - 1] ?? trustRoots[0];
  const { log, version, namespace } = trustRoot;
  const told = auditLine('trust-root', 'ok', `version ${version} of ${namespace}`);
  if (!log) return ended([told], 'the trust root names no log');
  const others = await readOtherViews(sources, log.vkey);
  const own = await orLine('replay', () => readOwn(sources, log));
  if ('outcome' in own) return ended([told, own], 'there is no checkpoint of the log');
  const walk = new EpochWalk(namespace);
  const leaves: Uint8Array[] = [];
  const replayed = await orLine('replay', () => replay(input, own, log, walk, leaves));
  const held = replayed.outcome === 'ok' && !('check' in replayed);
  const views = await viewLines(input, trustRoot, log, own, others, held ? leaves : undefined);
  const lines = [told, 'check' in replayed ? replayed : replayLine(replayed), ...views.lines];
  if (!held) return { ...ended(lines, 'not without the entries that the log signed', views.forks.length), forks: views.forks };
  const all = [...lines, ...(await epochLines(input, trustRoot, walk))];
  const good = views.forks.length === 0 && all.every(({ outcome }) => outcome !== 'FAIL');
  return {
    ...ended(all, 'was not reached', views.forks.length),
    keys: walk.changes,
    forks: views.forks,
    gossipCode: walk.last && gossipCode({ ...walk.last, digest: walk.digest, checkpoint: own.checkpoint }),
    checkpoint: good ? own.source : undefined,
  };
}

async function viewLines(
  { sources, nowMs }: AuditInput,
  trustRoot: TrustRoot,
  log: TrustedLog,
  own: View,
  others: OtherViews,
  leaves: Leaves,
): Promise<{ readonly lines: readonly AuditLine[]; readonly forks: readonly ForkEvidence[] }> {
  const seen = await checkSameView(others, own, leaves, log.vkey);
  const saved = checkSavedState(sources.saved, own, leaves, log.vkey);
  const views = others.views.map(({ view }) => view);
  return { lines: [seen.line, checkWitnesses(own, views, log, trustRoot, nowMs), saved.line], forks: [...seen.forks, ...saved.forks] };
}

async function epochLines(
  { sources, trustRoots, nowMs }: AuditInput,
  trustRoot: TrustRoot,
  walk: EpochWalk,
): Promise<readonly AuditLine[]> {
  const { epochs, changes } = walk;
  const count = (kind: KeyChange['change']): number => changes.filter(({ change }) => change === kind).length;
  return [
    lineOf('chain', walk.chain, `epochs 1 to ${epochs.length}, each names the one before`),
    await orLine('both-signatures', () => checkSignedEpochs(epochs, trustRoots, sources.publishedBundle)),
    lineOf('succession', walk.succession, `${epochs.length} epochs follow the rules`),
    lineOf('keys', walk.keyProblems, `${count('added')} members added, ${count('removed')} removed since epoch 1`),
    await orLine('head', async () => checkServed(await sources.servedBundle?.(), epochs, trustRoot, nowMs)),
    ...(await machineLines(sources, trustRoots, walk)),
  ];
}

/** Who stands behind the machines, and what they say for themselves. */
async function machineLines(
  { deployments, possession }: AuditSources,
  trustRoots: readonly TrustRoot[],
  { epochs, last }: EpochWalk,
): Promise<readonly AuditLine[]> {
  const evidence = await orLine('evidence', () => checkDeployments(epochs, trustRoots, deployments));
  const seen = 'line' in evidence ? evidence : { line: evidence, statement: undefined };
  const asked = await orLine('possession', () => checkPossession(last, seen.statement, possession));
  return 'check' in asked ? [seen.line, asked, auditLine('software', 'skipped', asked.saw)] : [seen.line, ...asked];
}

function replayLine({ size, files, problems }: FsckReport): AuditLine {
  return lineOf('replay', problems, `${size} entries and all tiles in ${files} files lead to the root that was signed`);
}

async function readOwn({ log: source }: AuditSources, { vkey }: TrustedLog): Promise<View> {
  const note = await source.checkpoint();
  if (!note) throw new FormatError('checkpoint', 'is missing: the log shows none');
  const own = openView('log', note, vkey);
  demandReadable('the log', own.checkpoint.size);
  return own;
}

function replay(
  { sources, onProgress }: AuditInput,
  own: View,
  log: TrustedLog,
  walk: EpochWalk,
  leaves: Uint8Array[],
): Promise<FsckReport> {
  // The checkpoint that is judged is the one that was read, whatever the log shows a moment later.
  const checkpoint = (): Promise<Uint8Array> => Promise.resolve(new TextEncoder().encode(own.source));
  const pinned = { checkpoint, readTile: sources.log.readTile.bind(sources.log) };
  return fsck(pinned, log.vkey, onProgress, (entry, index, leaf) => {
    walk.take(entry, index, leaf);
    leaves.push(leaf);
  });
}

/** What broke its grammar fails the check; what could not be asked leaves it open. */
async function orLine<T>(check: AuditCheck, run: () => Promise<T>): Promise<T | AuditLine> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof FormatError) return auditLine(check, 'FAIL', error.message);
    if (error instanceof SourceUnavailable) return auditLine(check, 'skipped', error.message);
    throw error;
  }
}

/** A report in which every check that has no line was not reached. */
function ended(lines: readonly AuditLine[], why: string, forks = 0): AuditReport {
  const all = AUDIT_CHECKS.map((check) => lines.find((line) => line.check === check) ?? auditLine(check, 'skipped', why));
  return { verdict: verdictOf(all, forks), lines: all, keys: [], forks: [], gossipCode: undefined, checkpoint: undefined };
}
