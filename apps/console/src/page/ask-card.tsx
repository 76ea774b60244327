import type { Purpose } from '@strongroom/transparency';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { PlacesTyped } from '../live/places.js';
import { GiveText } from './give-text.js';
import type { Audit } from './use-audit.js';

const PURPOSES: readonly (readonly [Purpose, string])[] = [
  ['register', 'to register: give its keys new trust'],
  ['recover', 'to recover: use keys that hold a backup already'],
  ['history', 'to look back: who the members were then'],
];

type Props = { readonly audit: Audit; readonly places: PlacesTyped; readonly onPlaces: (places: PlacesTyped) => void };

/** The live log, or a file. */
export function AskCard({ audit, places, onPlaces }: Props): VNode {
  return (
    <section class="card" aria-labelledby="ask">
      <h2 id="ask">2. What to check</h2>
      <div class="two">
        <LiveForm audit={audit} places={places} onPlaces={onPlaces} />
        <FileForm audit={audit} />
      </div>
      {audit.complaint !== undefined && (
        <p class="complaint" role="alert">
          {audit.complaint}
        </p>
      )}
    </section>
  );
}

function LiveForm({ audit, places, onPlaces }: Props): VNode {
  const field = (name: keyof PlacesTyped, label: string, hint: string): VNode => (
    <label class="field">
      <span>{label}</span>
      <input
        name={name}
        type="text"
        inputMode="url"
        autocomplete="off"
        spellcheck={false}
        placeholder={hint}
        value={places[name]}
        onInput={(event) => onPlaces({ ...places, [name]: event.currentTarget.value })}
      />
    </label>
  );
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void audit.askLive(places);
      }}
    >
      <h3>The live log</h3>
      {field('log', 'Log', 'https://auditor.example/log/')}
      {field('gateway', 'Gateway', 'https://vault.example')}
      <More places={places}>
        {field('mirror', 'Mirrors', 'https://vault.example/log/')}
        {field('witness', 'Witnesses', 'those of the trust root')}
      </More>
      <div class="buttons">
        <button type="submit" class="primary" disabled={audit.busy !== undefined}>
          Check the live log
        </button>
        {audit.busy !== undefined && (
          <button type="button" onClick={audit.stop}>
            Stop
          </button>
        )}
        <span role="status" class="said">
          {audit.busy ?? ''}
        </span>
      </div>
    </form>
  );
}

function More({ places, children }: { places: PlacesTyped; children: VNode[] }): VNode {
  const [open] = useState(places.mirror !== '' || places.witness !== '');
  return (
    <details open={open}>
      <summary>Mirrors and witnesses</summary>
      {children}
    </details>
  );
}

function FileForm({ audit }: { audit: Audit }): VNode {
  return (
    <div>
      <h3>A file</h3>
      <p>A bundle with its proof, as a client gets it, or a deployment statement. Nothing leaves this page.</p>
      <GiveText id="proof-file" label="Choose a file" hint="or drop it anywhere on this page" take={audit.take} />
      <label class="field">
        <span>Judge it as a client that wants</span>
        <select
          value={audit.given.purpose}
          onChange={(event) => {
            const chosen = PURPOSES.find(([purpose]) => purpose === event.currentTarget.value);
            if (chosen) audit.choose(chosen[0]);
          }}
        >
          {PURPOSES.map(([purpose, words]) => (
            <option key={purpose} value={purpose}>
              {words}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}
