import { formatForkEvidence } from '@strongroom/transparency';
import type { VNode } from 'preact';
import { useMemo } from 'preact/hooks';
import { lookedAt } from '../judge/looked-at.js';
import { auditCommand, readPlaces, type PlacesTyped } from '../live/places.js';
import { keySpans } from '../picture/key-spans.js';
import { treePicture } from '../picture/tree-picture.js';
import { CheckList, Chip } from './check-list.js';
import { Copyable } from './copyable.js';
import { EvidenceView } from './evidence-view.js';
import { KeyTimeline } from './key-timeline.js';
import { headlineOf, type Shown } from './shown.js';
import { TreeView } from './tree-view.js';
import type { Audit } from './use-audit.js';

type Props = {
  readonly shown: Shown;
  readonly trustRoot: NonNullable<Audit['given']['trustRoot']>;
  readonly places: PlacesTyped;
  readonly copy: (text: string) => Promise<void>;
};

/** The verdict first, then everything that it rests on. */
export function Result({ shown, trustRoot, places, copy }: Props): VNode {
  const { bundle, report, deployment, silent } = shown;
  const { tone, title, detail } = headlineOf(shown);
  const looked = useMemo(() => bundle && lookedAt(bundle.source, trustRoot.root), [bundle, trustRoot]);
  const tree = useMemo(() => bundle && treePicture(bundle.source), [bundle]);
  const spans = useMemo(() => keySpans(report?.keys ?? []), [report]);
  const code = report?.gossipCode ?? bundle?.judged.gossipCode;
  const known = shown.places ?? readPlaces(places);
  const seen = bundle?.judged.verified?.bundle;
  return (
    <>
      <section class={`card verdict ${tone}`} aria-live="polite" data-verdict={tone}>
        <h2>{title}</h2>
        <p>{detail}</p>
        {seen && (
          <p class="environment">
            <Chip tone={seen.environment === 'hsm' ? 'good' : 'open'}>environment {seen.environment}</Chip> epoch {seen.epoch} of{' '}
            {seen.namespace},{' '}
            {seen.fleets.map(({ fleetId, n, t, q, state }) => `${fleetId} ${state}: ${n} nodes, ${t} shares, ${q} votes`).join('; ')}
          </p>
        )}
        {code !== undefined && <Copyable name="gossip code" text={code} copy={copy} />}
        {code !== undefined && (
          <p class="hint">Compare it with somebody else: the same size with another root means that you were shown different logs.</p>
        )}
        {typeof known !== 'string' && <Copyable name="command" text={auditCommand(known)} copy={copy} />}
        {silent.map((words) => (
          <p key={words} class="complaint">
            {words}
          </p>
        ))}
      </section>
      {report?.forks.map((fork, i) => (
        <section key={i} class="card verdict bad">
          <h2>Proof of misbehaviour</h2>
          <p>
            The log signed two trees that exclude each other. Keep this text: anybody can check it with{' '}
            <code>strongroom audit --evidence fork.txt --trust-root trust-root.json</code>.
          </p>
          <pre>{formatForkEvidence(fork)}</pre>
          <Copyable name="proof" text={`fork of ${fork.log.name}`} copied={formatForkEvidence(fork)} copy={copy} />
        </section>
      ))}
      {bundle && (
        <section class="card" aria-labelledby="checks">
          <h2 id="checks">The twenty checks of the bundle</h2>
          <p class="hint">Those that every client makes, in their order. Open one to see the bytes that it looked at.</p>
          <CheckList name="The twenty checks" rows={bundle.judged.checks.map((row) => ({ ...row, looked: looked?.(row.check) ?? [] }))} />
        </section>
      )}
      {tree && (
        <section class="card" aria-labelledby="tree">
          <h2 id="tree">Where it stands in the log</h2>
          <TreeView picture={tree} />
        </section>
      )}
      {report && (
        <section class="card" aria-labelledby="audit">
          <h2 id="audit">The audit of the whole log</h2>
          <p class="hint">What the command checks: every entry and every tile, from the first on.</p>
          <CheckList name="The audit of the log" rows={report.lines} />
        </section>
      )}
      {spans.length > 0 && (
        <section class="card" aria-labelledby="keys">
          <h2 id="keys">Keys that came and went</h2>
          <KeyTimeline spans={spans} epochs={Number(report?.gossipCode?.split('.')[0] ?? 1)} />
        </section>
      )}
      {deployment && (
        <section class="card" aria-labelledby="evidence">
          <h2 id="evidence">The deployment statement</h2>
          <EvidenceView judged={deployment} />
        </section>
      )}
    </>
  );
}
