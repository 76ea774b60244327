import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { AskCard } from './ask-card.js';
import { readAll } from './give-text.js';
import { Result } from './result.js';
import type { Surroundings } from './surroundings.js';
import { TrustCard } from './trust-card.js';
import { useAudit } from './use-audit.js';

/** One page for three questions: is this bundle good, is this log whole, is this statement signed. */
export function AuditPage({ surroundings }: { surroundings: Surroundings }): VNode {
  const audit = useAudit(surroundings);
  const [places, setPlaces] = useState(surroundings.places);
  const [over, setOver] = useState(false);
  const { given, shown } = audit;
  useEffect(() => acceptDrops(audit.take, setOver), [audit.take]);
  return (
    <div class={over ? 'page over' : 'page'}>
      <header>
        <p class="brand">Strongroom</p>
        <h1>Audit</h1>
        <p>
          Check for yourself which machines hold the shares of a vault, and that nothing else was ever announced. This page is one file: it
          works from your disk, asks only the addresses that you give it, and trusts none of them.
        </p>
        {surroundings.host !== undefined && (
          <p class="served">
            This copy came from {surroundings.host}. Who lies about a log can also serve a page that hides it:{' '}
            <a href="/console/audit" download="strongroom-audit.html">
              save the page
            </a>
            , compare it with one from elsewhere, and open it from your disk.
          </p>
        )}
      </header>
      <main>
        <TrustCard audit={audit} />
        <AskCard audit={audit} places={places} onPlaces={setPlaces} />
        {shown && given.trustRoot ? (
          <Result shown={shown} trustRoot={given.trustRoot} places={places} copy={surroundings.copy} />
        ) : (
          <Waiting hasRoot={given.trustRoot !== undefined} hasFile={(given.bundle ?? given.deployment) !== undefined} />
        )}
      </main>
    </div>
  );
}

function Waiting({ hasRoot, hasFile }: { hasRoot: boolean; hasFile: boolean }): VNode | null {
  if (hasRoot === hasFile) return null;
  return (
    <p class="hint waiting">{hasFile ? 'The file is here; the trust root to judge it by is missing.' : 'Now a log or a file to check.'}</p>
  );
}

/** Files may be dropped anywhere: a browser would otherwise leave the page for them. @returns how to stop */
function acceptDrops(take: (text: string) => void, over: (yes: boolean) => void): () => void {
  const onDragOver = (event: DragEvent): void => {
    event.preventDefault();
    over(true);
  };
  const onLeave = (event: DragEvent): void => over(event.relatedTarget !== null);
  const onDrop = (event: DragEvent): void => {
    event.preventDefault();
    over(false);
    void readAll(event.dataTransfer?.files, take);
  };
  window.addEventListener('dragover', onDragOver);
  window.addEventListener('dragleave', onLeave);
  window.addEventListener('drop', onDrop);
  return () => {
    window.removeEventListener('dragover', onDragOver);
    window.removeEventListener('dragleave', onLeave);
    window.removeEventListener('drop', onDrop);
  };
}
