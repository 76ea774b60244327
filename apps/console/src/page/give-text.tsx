import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { MAX_DROPPED_BYTES } from '../judge/dropped.js';

type Props = { readonly id: string; readonly label: string; readonly hint: string; readonly take: (text: string) => void };

/** A file or its text: chosen, or pasted. Files may be dropped anywhere on the page. */
export function GiveText({ id, label, hint, take }: Props): VNode {
  const [pasted, setPasted] = useState('');
  return (
    <div class="give">
      <label class="button" for={id}>
        {label}
        <input
          id={id}
          type="file"
          class="hidden-file"
          onChange={(event) => {
            const input = event.currentTarget;
            void readAll(input.files, take).then(() => (input.value = ''));
          }}
        />
      </label>
      <span class="hint">{hint}</span>
      <details>
        <summary>Paste the text instead</summary>
        <textarea
          aria-label={`${label}: text`}
          rows={6}
          spellcheck={false}
          value={pasted}
          onInput={(event) => setPasted(event.currentTarget.value)}
        />
        <button
          type="button"
          disabled={pasted === ''}
          onClick={() => {
            take(pasted);
            setPasted('');
          }}
        >
          Use this text
        </button>
      </details>
    </div>
  );
}

/** One after the other; of what is too long only enough is read to be refused. */
export async function readAll(files: FileList | null | undefined, take: (text: string) => void): Promise<void> {
  for (const file of Array.from(files ?? [])) take(await file.slice(0, MAX_DROPPED_BYTES + 1).text());
}
