import { FormatError } from '../errors/format-error.js';
import { MissingTile, SourceUnavailable } from '../source/log-source.js';
import type { Vkey } from '../vkey/vkey.js';
import { auditLine, lineOf, type AuditLine } from './audit-line.js';
import type { AuditSources, MirrorSource } from './audit-sources.js';
import type { ForkEvidence } from './fork-evidence.js';
import { readMirror } from './mirror-leaves.js';
import { compareViews, openView, type View } from './view.js';

/** What others than the log were seen to show. */
export type OtherViews = {
  readonly views: readonly { readonly view: View; readonly mirror: MirrorSource | undefined }[];
  readonly problems: readonly string[];
  readonly missing: readonly string[];
};

/** Asked before the log itself, so that a log which grows meanwhile is never behind them. */
export async function readOtherViews({ mirrors, witnesses }: AuditSources, log: Vkey): Promise<OtherViews> {
  const views: { view: View; mirror: MirrorSource | undefined }[] = [];
  const problems: string[] = [];
  const missing: string[] = [];
  const asked = [
    ...mirrors.map((mirror) => ({ name: mirror.name, mirror, checkpoint: () => mirror.source.checkpoint() })),
    ...witnesses.map((witness) => ({ name: witness.name, mirror: undefined, checkpoint: () => witness.checkpoint() })),
  ];
  for (const { name, mirror, checkpoint } of asked) {
    try {
      const note = await checkpoint();
      if (note) views.push({ view: openView(name, note, log), mirror });
      else missing.push(`${name} has no checkpoint`);
    } catch (error) {
      if (error instanceof FormatError) problems.push(`${name}: ${error.message}`);
      else if (error instanceof SourceUnavailable) missing.push(error.message);
      else throw error;
    }
  }
  return { views, problems, missing };
}

/** Of the log's own tree; `undefined` when it could not be replayed. */
export type Leaves = readonly Uint8Array[] | undefined;

export type SameView = { readonly line: AuditLine; readonly forks: readonly ForkEvidence[] };

/** Everybody is shown one log: each view is the log's own tree or an earlier state of it. */
export async function checkSameView(others: OtherViews, own: View, leaves: Leaves, log: Vkey): Promise<SameView> {
  const problems = [...others.problems];
  const missing = [...others.missing];
  const forks: ForkEvidence[] = [];
  for (const { view, mirror } of others.views) {
    const compared = compareViews(own, leaves, view, log);
    const found = compared.outcome === 'ahead' && mirror ? await judgeLonger(view, mirror, own, log) : compared;
    if ('missing' in found) missing.push(found.missing);
    else if (found.outcome === 'unread') missing.push(`${view.name}: ${UNREAD}`);
    else if (found.outcome === 'ahead')
      problems.push(`${view.name} saw ${view.checkpoint.size} entries, the log shows ${own.checkpoint.size}`);
    else if (found.outcome === 'forked') {
      problems.push(
        `${view.name} was shown another log: ${view.checkpoint.size} entries that exclude the ${own.checkpoint.size} of the log`,
      );
      forks.push(found.evidence);
    }
  }
  const names = others.views.map(({ view }) => `${view.name} ${view.checkpoint.size}`).join(', ');
  return { line: told(problems, missing, `log ${own.checkpoint.size}, ${names}: one tree`, others), forks };
}

const UNREAD = 'another size, which cannot be compared without the entries of the log';

/** What was saved the last time is the tree of today or an earlier state of it. */
export function checkSavedState(saved: Uint8Array | undefined, own: View, leaves: Leaves, log: Vkey): SameView {
  if (!saved) return { line: auditLine('saved-state', 'ok', 'nothing was saved before: the first audit from here'), forks: [] };
  try {
    const before = openView('saved', saved, log);
    const compared = compareViews(own, leaves, before, log);
    const sizes = `${before.checkpoint.size} entries were saved, ${own.checkpoint.size} are shown`;
    if (compared.outcome === 'same') return { line: auditLine('saved-state', 'ok', `${sizes}: the log only grew`), forks: [] };
    if (compared.outcome === 'unread') return { line: auditLine('saved-state', 'skipped', UNREAD), forks: [] };
    if (compared.outcome !== 'forked') return { line: auditLine('saved-state', 'FAIL', `${sizes}: the log was set back`), forks: [] };
    return { line: auditLine('saved-state', 'FAIL', `${sizes}: two trees that exclude each other`), forks: [compared.evidence] };
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return { line: auditLine('saved-state', 'FAIL', `what was saved is no checkpoint of this log: ${error.message}`), forks: [] };
  }
}

/** The mirror holds what the log does not show: with its entries it can be said whether the log forked or hides them. */
async function judgeLonger(
  view: View,
  mirror: MirrorSource,
  own: View,
  log: Vkey,
): Promise<ReturnType<typeof compareViews> | { missing: string }> {
  try {
    const leaves = await readMirror(mirror, view);
    const turned = compareViews(view, leaves, own, log);
    return turned.outcome === 'same' ? { outcome: 'ahead' } : turned;
  } catch (error) {
    if (error instanceof SourceUnavailable) return { missing: error.message };
    if (error instanceof FormatError || error instanceof MissingTile) return { missing: `${view.name}: ${error.message}` };
    throw error;
  }
}

function told(problems: readonly string[], missing: readonly string[], saw: string, { views }: OtherViews): AuditLine {
  if (problems.length > 0) return lineOf('same-view', problems, saw);
  const [first] = missing;
  if (first !== undefined) return auditLine('same-view', 'skipped', first);
  if (views.length === 0) return auditLine('same-view', 'skipped', 'no mirror and no witness was named');
  return auditLine('same-view', 'ok', saw);
}
