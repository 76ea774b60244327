import { formatVkey } from '@strongroom/transparency';
import type { VNode } from 'preact';
import { GiveText } from './give-text.js';
import type { Audit } from './use-audit.js';

/** The one thing that has to be trusted, and so is never taken from whoever is audited. */
export function TrustCard({ audit: { given, take, forget } }: { audit: Audit }): VNode {
  const { trustRoot } = given;
  return (
    <section class="card" aria-labelledby="trust">
      <h2 id="trust">1. What you trust</h2>
      <p>
        Everything is checked against one file, <code>trust-root.json</code>: who must sign, which log, which witnesses. Take it from your
        application or from people you trust, never from the server that you are checking.
      </p>
      <GiveText id="trust-file" label="Choose trust-root.json" hint="or drop it anywhere on this page" take={take} />
      {trustRoot && (
        <>
          <dl class="facts" data-trust-root={trustRoot.digest}>
            <Fact name="Namespace" value={`${trustRoot.root.namespace}, version ${trustRoot.root.version}`} />
            <Fact name="Digest" value={`sha256:${trustRoot.digest}`} />
            <Fact name="Operator" value={formatVkey(trustRoot.root.operator)} />
            <Fact name="Auditor" value={formatVkey(trustRoot.root.auditor)} />
            <Fact name="Log" value={trustRoot.root.log ? formatVkey(trustRoot.root.log.vkey) : 'none: checks 8 to 14 and 16 are skipped'} />
            <Fact name="Witnesses" value={witnessesOf(trustRoot.root)} />
          </dl>
          <button type="button" class="quiet" onClick={forget}>
            Forget what this browser saw of it
          </button>
        </>
      )}
    </section>
  );
}

function witnessesOf({ log }: NonNullable<Audit['given']['trustRoot']>['root']): string {
  if (!log) return 'none';
  const { witnesses, quorum } = log.witnesses;
  return witnesses.length === 0 ? 'none' : `${witnesses.map(({ vkey }) => vkey.name).join(', ')}; quorum ${quorum}`;
}

function Fact({ name, value }: { name: string; value: string }): VNode {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
