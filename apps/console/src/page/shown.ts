import type { AuditPlaces, AuditReport } from '@strongroom/transparency';
import { VERDICT_WORDS } from '@strongroom/transparency';
import type { JudgedDeployment } from '../evidence/judge-deployment.js';
import type { JudgedBundle } from '../judge/judge-bundle.js';

/** What the page shows of the last question. */
export type Shown = {
  /** Who was asked; `undefined` for a file. */
  readonly places: AuditPlaces | undefined;
  /** The bundle that was judged, verbatim. */
  readonly bundle: { readonly source: string; readonly judged: JudgedBundle } | undefined;
  readonly report: AuditReport | undefined;
  readonly deployment: JudgedDeployment | undefined;
  readonly silent: readonly string[];
};

export type Tone = 'good' | 'open' | 'bad';
export type Headline = { readonly tone: Tone; readonly title: string; readonly detail: string };

/** One sentence for all that is shown; the worst that was found decides, and nothing that was skipped counts as good. */
export function headlineOf({ bundle, report, deployment }: Shown): Headline {
  const refusal = bundle?.judged.refusal;
  if (report?.verdict === 'misbehaviour') return { tone: 'bad', title: 'Misbehaviour proven', detail: VERDICT_WORDS.misbehaviour };
  if (refusal) {
    const title = refusal.kind === 'stale' ? 'Out of date' : 'Refused';
    const detail = `Check ${refusal.number} (${refusal.check}) refuses this bundle. ${refusal.kind === 'stale' ? 'It is authentic, but another one has to be fetched.' : 'It must never be used.'}`;
    return { tone: 'bad', title, detail };
  }
  if (report?.verdict === 'failed') return { tone: 'bad', title: 'Not verified', detail: VERDICT_WORDS.failed };
  if (deployment?.checks.some(({ outcome }) => outcome === 'failed')) {
    return { tone: 'bad', title: 'Evidence fails', detail: 'A check of the deployment statement failed.' };
  }
  const open = openChecks(bundle?.judged, report);
  if (open === 1 && !report && bundle?.judged.checks.every(({ check, outcome }) => outcome === 'ok' || check === 'memory-saved')) {
    return {
      tone: 'good',
      title: 'Nineteen checks hold',
      detail: 'The twentieth is a client\u2019s: to remember what it saw. A file is judged here by itself.',
    };
  }
  if (open > 0) {
    const what = open === 1 ? 'One check was' : `${open} checks were`;
    return { tone: 'open', title: 'Nothing failed', detail: `${what} skipped or had no witnesses, so this is not called verified.` };
  }
  return { tone: 'good', title: 'Verified', detail: 'Every check ran and holds.' };
}

function openChecks(judged: JudgedBundle | undefined, report: AuditReport | undefined): number {
  return [...(judged?.checks ?? []), ...(report?.lines ?? [])].filter(({ outcome }) => outcome !== 'ok').length;
}
